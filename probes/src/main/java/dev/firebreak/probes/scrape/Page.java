package dev.firebreak.probes.scrape;

import dev.firebreak.probes.signal.Labels;
import java.util.List;

/**
 * What a metrics page said about the wanted metrics.
 *
 * @param samples in the order of the page
 * @param skippedLines lines that are not of the format
 * @param firstSkipped the first of them, in words; empty if there is none
 */
record Page(List<PageSample> samples, int skippedLines, String firstSkipped) {
  /**
   * One line.
   *
   * @param value may be NaN or infinite
   * @param timestampMillis what the page says, {@link #NO_TIMESTAMP} if it says nothing
   */
  record PageSample(String metric, Labels labels, double value, long timestampMillis) {
    static final long NO_TIMESTAMP = Long.MIN_VALUE;
  }
}

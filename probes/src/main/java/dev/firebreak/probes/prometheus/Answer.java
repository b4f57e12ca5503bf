package dev.firebreak.probes.prometheus;

import dev.firebreak.probes.signal.Labels;
import java.util.List;

/**
 * What a query gave.
 *
 * @param type {@code vector}, {@code scalar} …, empty if the server did not say
 * @param rows one per series, of a matrix one per point; a single one without labels for a scalar
 * @param warnings that the answer may be wrong or partial, so that it is no evidence
 * @param infos remarks that leave it evidence
 */
record Answer(String type, List<Row> rows, List<String> warnings, List<String> infos) {
  /**
   * One series of a vector, or one point of a series of a matrix.
   *
   * @param atSeconds the evaluation time that the server states; NaN if it does not
   * @param value NaN for native histograms and for what is no number
   */
  record Row(Labels labels, double atSeconds, double value) {}
}

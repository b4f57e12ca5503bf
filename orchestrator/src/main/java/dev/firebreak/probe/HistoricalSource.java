package dev.firebreak.probe;

import java.time.Duration;
import java.time.Instant;

/**
 * What a {@link MetricSource} can do that keeps its samples. Used by one thread at a time; takes as
 * long as the history is long, but waits for no single answer longer than half a minute.
 */
public interface HistoricalSource {
  /**
   * What {@link MetricSource#read} would have given at each step of the past, under the same rules
   * of evidence.
   *
   * @param from first look, by our clock
   * @param to last look at the latest
   * @param step between looks, at least a millisecond
   * @throws ProbeException if the source cannot be reached, does not answer a question, or knows no
   *     signal
   */
  History history(Instant from, Instant to, Duration step) throws ProbeException;
}

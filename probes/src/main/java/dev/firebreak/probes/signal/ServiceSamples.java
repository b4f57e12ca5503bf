package dev.firebreak.probes.signal;

import java.util.Map;
import java.util.OptionalDouble;

/** What was scraped of one service, as formulas ask for it. */
public interface ServiceSamples {
  /**
   * The summed increase per second of all matching counters over the window; empty if there is no
   * such counter or too short a history.
   */
  OptionalDouble rate(Selector counter);

  /**
   * The summed increase per second of all matching buckets, by the value of their label {@code le};
   * empty under the same conditions.
   */
  Map<String, Double> bucketRates(Selector buckets);

  /**
   * The newest value of each matching gauge, by its labels; may hold values that are not finite.
   */
  Map<Labels, Double> gauges(Selector gauge);
}

package dev.firebreak.experiment;

import java.time.Duration;

/**
 * The smallest degradation worth halting for.
 *
 * @param latencyFactor latency at least this many times its baseline; above 1
 * @param latencyFloor and higher than its baseline by at least this much
 * @param errorPoints ratio of failed requests higher by at least this, 0 to 1 (0.01 is one point)
 * @param trafficFactor traffic lost to below {@code 1/factor} of its baseline, or amplified above
 *     {@code factor} times; above 1
 */
public record SmallestEffect(
    double latencyFactor, Duration latencyFloor, double errorPoints, double trafficFactor) {
  public static final SmallestEffect DEFAULT =
      new SmallestEffect(1.5, Duration.ofMillis(20), 0.01, 2.0);

  public SmallestEffect {
    requireAboveOne("latency factor", latencyFactor);
    requireAboveOne("traffic factor", trafficFactor);
    if (latencyFloor.isNegative()) {
      throw new IllegalArgumentException("latency floor " + latencyFloor + " is negative");
    }
    if (!(errorPoints > 0 && errorPoints <= 1)) {
      throw new IllegalArgumentException("error points " + errorPoints + " are not in 0..1");
    }
  }

  private static void requireAboveOne(String what, double factor) {
    if (!(factor > 1) || Double.isInfinite(factor)) {
      throw new IllegalArgumentException(what + " " + factor + " is not a finite number above 1");
    }
  }
}

package dev.firebreak.experiment;

import java.util.OptionalDouble;

/**
 * The band that a steady-state probe must stay in, ends included, in the signal's base unit
 * (seconds, ratio 0 to 1, per second).
 */
public record Tolerance(OptionalDouble min, OptionalDouble max) {
  public Tolerance {
    if (min.isEmpty() && max.isEmpty()) {
      throw new IllegalArgumentException("a tolerance needs a min, a max, or both");
    }
    requireFinite(min);
    requireFinite(max);
    if (min.isPresent() && max.isPresent() && min.getAsDouble() > max.getAsDouble()) {
      throw new IllegalArgumentException(
          "min " + min.getAsDouble() + " is above max " + max.getAsDouble());
    }
  }

  public static Tolerance atMost(double max) {
    return new Tolerance(OptionalDouble.empty(), OptionalDouble.of(max));
  }

  /** Written so that NaN is never within. */
  public boolean accepts(double value) {
    return value >= min.orElse(Double.NEGATIVE_INFINITY)
        && value <= max.orElse(Double.POSITIVE_INFINITY);
  }

  private static void requireFinite(OptionalDouble bound) {
    if (bound.isPresent() && !Double.isFinite(bound.getAsDouble())) {
      throw new IllegalArgumentException("the bound " + bound.getAsDouble() + " is not finite");
    }
  }
}

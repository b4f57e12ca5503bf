package dev.firebreak.experiment;

import java.util.OptionalDouble;

/**
 * How far a service that is declared to feel the fault may degrade.
 *
 * @param latencyFactor latency at most this many times its baseline; above 1, finite
 * @param errorRatio ratio of failed requests at most this, 0 to 1
 */
public record ExpectedBound(OptionalDouble latencyFactor, OptionalDouble errorRatio) {
  /** May degrade without limit. */
  public static final ExpectedBound UNBOUNDED =
      new ExpectedBound(OptionalDouble.empty(), OptionalDouble.empty());

  public ExpectedBound {
    latencyFactor.ifPresent(
        factor -> {
          if (!(factor > 1) || Double.isInfinite(factor)) {
            throw new IllegalArgumentException("latency factor " + factor + " is not above 1");
          }
        });
    errorRatio.ifPresent(
        ratio -> {
          if (!(ratio >= 0 && ratio <= 1)) {
            throw new IllegalArgumentException("error ratio " + ratio + " is not in 0..1");
          }
        });
  }
}

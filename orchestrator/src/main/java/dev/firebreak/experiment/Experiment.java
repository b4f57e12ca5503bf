package dev.firebreak.experiment;

import dev.firebreak.fault.FaultRequest;
import java.time.Duration;
import java.util.List;

/**
 * The written plan: what is expected, what is broken, and what may feel it.
 *
 * @param method the faults, started in this order, each for its own duration
 * @param rollbacks undo actions of the user's own, run after all faults are rolled back, last first
 * @param timing how long to look before and after
 */
public record Experiment(
    String name,
    SteadyStateHypothesis hypothesis,
    BlastRadius radius,
    List<FaultRequest> method,
    List<FaultRequest> rollbacks,
    HaltPolicy halt,
    Timing timing) {
  /**
   * How long to look.
   *
   * @param baseline before the injection
   * @param recovery at most this long after the rollback; ends early once all is well again
   */
  public record Timing(Duration baseline, Duration recovery) {
    public static final Timing DEFAULT = new Timing(Duration.ofMinutes(1), Duration.ofMinutes(1));

    public Timing {
      if (baseline.isNegative() || recovery.isNegative()) {
        throw new IllegalArgumentException("a duration of the timing is negative");
      }
    }
  }

  public Experiment {
    if (method.isEmpty()) {
      throw new IllegalArgumentException("the method has no fault");
    }
    method = List.copyOf(method);
    rollbacks = List.copyOf(rollbacks);
  }

  /** How long the faults last when nothing halts them. */
  public Duration longestFault() {
    return method.stream()
        .map(FaultRequest::duration)
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }
}

package dev.firebreak.experiment;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * What ends a run early. A person can always halt.
 *
 * @param on the conditions that halt
 * @param blindAfter how long without evidence before the run counts as blind; above zero
 * @param smallestEffect the smallest degradation that counts
 */
public record HaltPolicy(Set<Condition> on, Duration blindAfter, SmallestEffect smallestEffect) {
  /** A condition that halts a run by itself. */
  public enum Condition {
    /** Something outside the blast radius degraded. */
    CASCADE,
    /** The steady-state hypothesis broke. */
    HYPOTHESIS,
    /** There was no evidence for too long. */
    BLIND
  }

  public static final Duration DEFAULT_BLIND_AFTER = Duration.ofSeconds(15);

  public static final HaltPolicy DEFAULT =
      new HaltPolicy(EnumSet.allOf(Condition.class), DEFAULT_BLIND_AFTER, SmallestEffect.DEFAULT);

  public HaltPolicy {
    on = Set.copyOf(on);
    if (blindAfter.isNegative() || blindAfter.isZero()) {
      throw new IllegalArgumentException("blindAfter " + blindAfter + " is not above zero");
    }
  }
}

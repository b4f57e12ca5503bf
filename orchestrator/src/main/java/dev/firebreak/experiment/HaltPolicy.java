package dev.firebreak.experiment;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * What ends a run early. A person can always halt.
 *
 * @param on the conditions that halt
 * @param blindAfter how long without evidence before the run counts as blind; above zero
 * @param smallestEffect the smallest degradation that counts
 * @param falseHaltBudget the share of runs in which nothing escapes that may halt nevertheless;
 *     {@value #LEAST_FALSE_HALT_BUDGET} to {@value #MOST_FALSE_HALT_BUDGET}, both included
 */
public record HaltPolicy(
    Set<Condition> on, Duration blindAfter, SmallestEffect smallestEffect, double falseHaltBudget) {
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

  public static final double DEFAULT_FALSE_HALT_BUDGET = 0.01;

  /** Less than one run in a million cannot be told from never. */
  public static final double LEAST_FALSE_HALT_BUDGET = 1e-6;

  /** More than one healthy run in ten halted, and people switch the detector off. */
  public static final double MOST_FALSE_HALT_BUDGET = 0.1;

  public static final HaltPolicy DEFAULT =
      new HaltPolicy(EnumSet.allOf(Condition.class), DEFAULT_BLIND_AFTER, SmallestEffect.DEFAULT);

  public HaltPolicy {
    on = Set.copyOf(on);
    if (blindAfter.isNegative() || blindAfter.isZero()) {
      throw new IllegalArgumentException("blindAfter " + blindAfter + " is not above zero");
    }
    if (!(falseHaltBudget >= LEAST_FALSE_HALT_BUDGET
        && falseHaltBudget <= MOST_FALSE_HALT_BUDGET)) {
      throw new IllegalArgumentException(
          "false-halt budget %s is not in %s..%s"
              .formatted(falseHaltBudget, LEAST_FALSE_HALT_BUDGET, MOST_FALSE_HALT_BUDGET));
    }
  }

  /** A budget exactly as a GameDay file has it: 0.01 is {@code 1%}. */
  public static String inPercent(double budget) {
    return BigDecimal.valueOf(budget).movePointRight(2).stripTrailingZeros().toPlainString() + "%";
  }

  /** With the default budget of false halts. */
  public HaltPolicy(Set<Condition> on, Duration blindAfter, SmallestEffect smallestEffect) {
    this(on, blindAfter, smallestEffect, DEFAULT_FALSE_HALT_BUDGET);
  }
}

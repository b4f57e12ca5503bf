package dev.firebreak.cascade;

import java.time.Instant;
import java.util.List;

/**
 * Decides, one sample vector after the other, whether failure escaped the blast radius. Pure: no
 * clock, no threads, no randomness; the same calls give the same answers, bit for bit. Owned by one
 * thread. Order of calls: {@link #learn} any number of times, {@link #injected} once, {@link
 * #judge} any number of times, {@link #rolledBack} once, {@link #judge} again.
 */
public interface CascadeDetector {
  /**
   * Takes one vector from before the injection.
   *
   * @param values in the order of the {@link Watch}'s series; NaN where there is no evidence
   */
  void learn(Instant at, double[] values);

  /** Freezes the baselines: the fault starts now. */
  void injected(Instant at);

  /**
   * Takes one vector from after the injection.
   *
   * @param values in the order of the {@link Watch}'s series; NaN where there is no evidence
   * @return the findings that are new or whose class, observed value class or recovery changed;
   *     mostly empty
   */
  List<Finding> judge(Instant at, double[] values);

  /** The faults are gone: what recovers from now on was tied to them. */
  void rolledBack(Instant at);

  /** Every finding so far, as it stands, by onset. */
  List<Finding> findings();

  /** Whether the evidence is enough to halt: at least one finding escaped. */
  boolean escaped();

  /** What can and what cannot be watched; meaningful after {@link #injected}. */
  Coverage coverage();
}

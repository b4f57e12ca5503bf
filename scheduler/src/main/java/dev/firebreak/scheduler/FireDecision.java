package dev.firebreak.scheduler;

import java.time.Duration;
import java.time.Instant;

/**
 * What to do with a fire, and why.
 *
 * @param reason one sentence; empty for {@code RUN}
 */
record FireDecision(FireState state, String reason) {
  static final FireDecision RUN = new FireDecision(FireState.RUN, "");

  /**
   * Decides from data alone. Being late outweighs everything: a late fire is never run.
   *
   * @param previousRuns whether a run of the same GameDay is still going, in any process
   */
  static FireDecision of(
      Instant scheduledAt, Instant now, Duration startingDeadline, boolean previousRuns) {
    if (now.isAfter(scheduledAt.plus(startingDeadline))) {
      return missed("nobody could start it within %s of its time".formatted(startingDeadline));
    }
    return previousRuns
        ? new FireDecision(FireState.SKIPPED, "the previous run of this GameDay is still going")
        : RUN;
  }

  static FireDecision missed(String reason) {
    return new FireDecision(FireState.MISSED, reason);
  }
}

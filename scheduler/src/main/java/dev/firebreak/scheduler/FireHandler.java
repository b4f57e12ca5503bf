package dev.firebreak.scheduler;

import java.time.Instant;

/** Runs a GameDay whose fire is this process' to run. */
@FunctionalInterface
public interface FireHandler {
  /**
   * Runs the GameDay and returns when the run has ended; until then the GameDay's other fires are
   * skipped. Called once for a fire, after the ledger says so on the disk, on a daemon thread that
   * belongs to this GameDay alone. Tell the ledger the run's id and outcome ({@link
   * FireLedger#started}, {@link FireLedger#ended}); what is thrown is recorded as {@code FAILED}.
   *
   * @param scheduledAt the instant that the expression names, not the one at which this is called
   */
  void fire(GameDayName gameDay, Instant scheduledAt);
}

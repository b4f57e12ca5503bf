package dev.firebreak.scheduler;

import dev.firebreak.run.Outcome;
import dev.firebreak.run.RunId;
import java.time.Instant;
import java.util.Optional;

/**
 * What the ledger knows of one fire.
 *
 * @param scheduledAt the instant that the expression names, in whole seconds
 * @param reason why it was not run, or what is wrong with its file; empty otherwise
 * @param runId empty until the run has started, and for good if its process died before that
 * @param outcome empty until the run has ended, and for good if its process died before that
 */
public record FireRow(
    GameDayName gameDay,
    Instant scheduledAt,
    FireState state,
    String reason,
    Optional<RunId> runId,
    Optional<Outcome> outcome) {}

package dev.firebreak.app.replay;

import dev.firebreak.fault.FaultKind;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.FaultArmed;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A time that is not without a fault, because somebody injected one.
 *
 * @param from included
 * @param to included
 */
public record Disturbance(Instant from, Instant to) {
  /** That of a run, from its first event to its last; empty if it injected nothing. */
  public static Optional<Disturbance> of(List<RunEvent> journal) {
    boolean injected =
        journal.stream()
            .filter(FaultArmed.class::isInstance)
            .map(FaultArmed.class::cast)
            .anyMatch(armed -> !armed.kind().equals(FaultKind.PLACEBO));
    return injected
        ? Optional.of(new Disturbance(journal.get(0).at(), journal.get(journal.size() - 1).at()))
        : Optional.empty();
  }

  boolean covers(Instant at) {
    return !at.isBefore(from) && !at.isAfter(to);
  }
}

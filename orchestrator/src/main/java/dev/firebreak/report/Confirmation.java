package dev.firebreak.report;

import dev.firebreak.probe.Quantity;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Whether the rollback confirms that a degradation came from the fault: the rollback is the control
 * experiment, and what recovers only once it began was tied to it.
 *
 * @param undoSentAt when the first undo was sent; empty if none was
 * @param recoveredAt when the service was back within its baseline
 * @param watchedToTheEnd whether anybody looked after the undo until the run ended
 */
public record Confirmation(
    Optional<Instant> undoSentAt, Optional<Instant> recoveredAt, boolean watchedToTheEnd) {
  /** Empty while it is not known. */
  public Optional<Boolean> byRollback() {
    if (undoSentAt.isEmpty()) {
      return Optional.empty();
    }
    if (recoveredAt.isPresent()) {
      return Optional.of(!recoveredAt.get().isBefore(undoSentAt.get()));
    }
    return watchedToTheEnd ? Optional.of(false) : Optional.empty();
  }

  /** From the first undo to the recovery, below zero if it recovered before; empty if unknown. */
  public OptionalDouble recoveredAfterUndoSeconds() {
    return undoSentAt.isPresent() && recoveredAt.isPresent()
        ? OptionalDouble.of(RunReports.seconds(undoSentAt.get(), recoveredAt.get()))
        : OptionalDouble.empty();
  }

  /** The answer in words, such as {@code confirmed by the rollback: recovered 3.1 s after}. */
  public String inWords() {
    Optional<Boolean> confirmed = byRollback();
    if (confirmed.isEmpty()) {
      return "not known: nobody looked after a rollback";
    }
    if (recoveredAt.isEmpty()) {
      return "not confirmed: still degraded when the run ended";
    }
    return confirmed.get()
        ? "confirmed by the rollback: recovered %s after"
            .formatted(Quantity.seconds(recoveredAfterUndoSeconds().orElse(0)))
        : "not confirmed: already recovering before the undo";
  }
}

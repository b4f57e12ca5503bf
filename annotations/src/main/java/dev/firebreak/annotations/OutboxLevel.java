package dev.firebreak.annotations;

import java.time.Instant;
import java.util.Optional;

/** What waits to be sent. Asked from any thread; answers at once. */
public interface OutboxLevel {
  /** How many marks the receiver does not have yet. */
  long unsent();

  /** Since when the oldest of them waits. */
  Optional<Instant> oldestUnsent();

  /** Nothing ever waits. */
  static OutboxLevel empty() {
    return new OutboxLevel() {
      @Override
      public long unsent() {
        return 0;
      }

      @Override
      public Optional<Instant> oldestUnsent() {
        return Optional.empty();
      }
    };
  }
}

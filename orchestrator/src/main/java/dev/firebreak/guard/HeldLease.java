package dev.firebreak.guard;

import dev.firebreak.fault.FaultId;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The run's side of the lease. It counts from when the renewal was <em>sent</em> that the guard
 * acknowledged: the guard's own count starts later, so that the run is the first to think it over.
 * Times are of the monotonic clock, in nanoseconds. Safe for use by several threads.
 */
public final class HeldLease {
  private final Duration length;
  private final Map<Long, Long> sentNanos = new HashMap<>();
  private final Set<FaultId> held = new HashSet<>();
  private long validFromNanos;
  private long number;

  /** A lease on nothing. */
  public HeldLease(Duration length) {
    this.length = length;
  }

  /** A renewal is sent; its number. */
  public synchronized long sent(long nowNanos) {
    sentNanos.values().removeIf(old -> nowNanos - old > length.toNanos());
    number++;
    sentNanos.put(number, nowNanos);
    return number;
  }

  /** The guard has heard the renewal of this number. */
  public synchronized void acknowledged(long acknowledged) {
    Long sent = sentNanos.remove(acknowledged);
    if (sent != null) {
      extend(sent);
    }
  }

  /** The guard holds the undo record that was sent at {@code sentNanos}. */
  public synchronized void armed(FaultId fault, long sentNanos) {
    if (held.isEmpty()) {
      validFromNanos = sentNanos;
    }
    held.add(fault);
    extend(sentNanos);
  }

  private void extend(long sent) {
    validFromNanos = sent - validFromNanos > 0 ? sent : validFromNanos;
  }

  public synchronized void released(FaultId fault) {
    held.remove(fault);
  }

  /** Why the lease does not last for {@code needed}; empty if it does, or nothing is held. */
  public synchronized Optional<String> problem(Duration needed, long nowNanos) {
    long age = nowNanos - validFromNanos;
    if (held.isEmpty() || age + needed.toNanos() < length.toNanos()) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "the guard's lease of %d s is %.1f s old: this process was paused or is blind, or the"
                + " guard does not answer",
            length.toSeconds(),
            age / 1e9));
  }
}

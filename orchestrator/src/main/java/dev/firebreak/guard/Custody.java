package dev.firebreak.guard;

import dev.firebreak.fault.FaultId;
import dev.firebreak.run.RunEvent.FaultArmed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a guard holds for a run, and when it must roll back. Immutable; times are of the monotonic
 * clock, in nanoseconds.
 *
 * @param held the undo records, in the order in which they were armed
 * @param renewedAtNanos when the run last said that it lives and sees, or armed a fault
 * @param hungUp the run's end of the line is closed: its process has ended, or has let go
 */
public record Custody(List<FaultArmed> held, long renewedAtNanos, boolean hungUp) {
  public Custody {
    held = List.copyOf(held);
  }

  /** Holds nothing yet. */
  public static Custody empty(long nowNanos) {
    return new Custody(List.of(), nowNanos, false);
  }

  /** Holds this record too; arming is a sign of life. */
  public Custody arm(FaultArmed record, long nowNanos) {
    List<FaultArmed> more = new ArrayList<>(without(record.fault()));
    more.add(record);
    return new Custody(more, nowNanos, hungUp);
  }

  public Custody renew(long nowNanos) {
    return new Custody(held, nowNanos, hungUp);
  }

  /** Forgets a fault that is verified to be gone. */
  public Custody release(FaultId fault) {
    return new Custody(without(fault), renewedAtNanos, hungUp);
  }

  public Custody hangUp() {
    return new Custody(held, renewedAtNanos, true);
  }

  private List<FaultArmed> without(FaultId fault) {
    return held.stream().filter(record -> !record.fault().equals(fault)).toList();
  }

  /** Why what is held must be rolled back now; empty if the run may go on, or nothing is held. */
  public Optional<String> reasonToRollBack(Duration lease, long nowNanos) {
    if (held.isEmpty()) {
      return Optional.empty();
    }
    if (hungUp) {
      return Optional.of("the run's process ended or let go");
    }
    long silent = nowNanos - renewedAtNanos;
    if (silent < lease.toNanos()) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT, "the run gave no sign of life and of sight for %.1f s", silent / 1e9));
  }

  /** When {@link #reasonToRollBack} can change without a message. */
  public long dueNanos(Duration lease) {
    return held.isEmpty() ? Long.MAX_VALUE : renewedAtNanos + lease.toNanos();
  }
}

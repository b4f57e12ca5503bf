package dev.firebreak.guard;

import dev.firebreak.fault.FaultId;
import dev.firebreak.run.Planner;
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
record Custody(List<Held> held, long renewedAtNanos, boolean hungUp) {
  /** How long a run may need, after a fault's time is over, to remove it itself. */
  static final Duration OVERRUN = Duration.ofSeconds(90);

  private static final long IDLE_NANOS = Duration.ofHours(1).toNanos();

  /** An undo record and when it was taken over. */
  record Held(FaultArmed record, long armedAtNanos) {
    /** When the fault should be gone for long, whatever the run says about itself. */
    long dueNanos() {
      return armedAtNanos + record.duration().plus(OVERRUN).toNanos();
    }

    /** A user's own undo action waits for the end of the run, and has no time of its own. */
    boolean hasItsTime() {
      return !Planner.isUndoAction(record.fault());
    }
  }

  Custody {
    held = List.copyOf(held);
  }

  /** Holds nothing yet. */
  static Custody empty(long nowNanos) {
    return new Custody(List.of(), nowNanos, false);
  }

  /** Holds this record too; arming is a sign of life. */
  Custody arm(FaultArmed record, long nowNanos) {
    List<Held> more = new ArrayList<>(without(record.fault()));
    more.add(new Held(record, nowNanos));
    return new Custody(more, nowNanos, hungUp);
  }

  Custody renew(long nowNanos) {
    return new Custody(held, nowNanos, hungUp);
  }

  /** Forgets a fault that is verified to be gone. */
  Custody release(FaultId fault) {
    return new Custody(without(fault), renewedAtNanos, hungUp);
  }

  Custody hangUp() {
    return new Custody(held, renewedAtNanos, true);
  }

  boolean holds(FaultId fault) {
    return held.stream().anyMatch(each -> each.record().fault().equals(fault));
  }

  /** The undo records, in the order in which they were armed. */
  List<FaultArmed> records() {
    return held.stream().map(Held::record).toList();
  }

  private List<Held> without(FaultId fault) {
    return held.stream().filter(each -> !each.record().fault().equals(fault)).toList();
  }

  /** Why what is held must be rolled back now; empty if the run may go on, or nothing is held. */
  Optional<String> reasonToRollBack(Duration lease, long nowNanos) {
    if (held.isEmpty()) {
      return Optional.empty();
    }
    if (hungUp) {
      return Optional.of("the run's process ended or let go");
    }
    long silent = nowNanos - renewedAtNanos;
    if (silent >= lease.toNanos()) {
      return Optional.of(
          String.format(
              Locale.ROOT, "the run gave no sign of life and of sight for %.1f s", silent / 1e9));
    }
    return overdueAtNanos()
        .filter(due -> nowNanos - due >= 0)
        .map(due -> "the time of every fault was over %d s ago".formatted(OVERRUN.toSeconds()));
  }

  /** The last of them counts: a fault may have to wait for a later one on the same target. */
  private Optional<Long> overdueAtNanos() {
    return held.stream()
        .filter(Held::hasItsTime)
        .map(Held::dueNanos)
        .reduce((one, other) -> one - other > 0 ? one : other);
  }

  /** When {@link #reasonToRollBack} can change without a message; some time ahead if never. */
  long dueNanos(Duration lease, long nowNanos) {
    long wait = held.isEmpty() ? IDLE_NANOS : renewedAtNanos + lease.toNanos() - nowNanos;
    wait = Math.min(wait, overdueAtNanos().map(due -> due - nowNanos).orElse(wait));
    return nowNanos + Math.max(0, wait);
  }
}

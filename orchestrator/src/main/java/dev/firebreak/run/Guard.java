package dev.firebreak.run;

import dev.firebreak.fault.FaultId;
import dev.firebreak.run.RunEvent.FaultArmed;
import java.time.Duration;
import java.util.Optional;

/**
 * What rolls the faults of a run back when the run itself no longer can: another process, which
 * holds the undo records and a lease. A lease that is not renewed in time is the guard's order to
 * roll back. Safe for use by several threads.
 */
public interface Guard extends AutoCloseable {
  /** How long the guard waits for a renewal before it rolls back. */
  Duration LEASE = Duration.ofSeconds(10);

  /** How often a run that lives and sees renews. */
  Duration RENEWAL = Duration.ofSeconds(2);

  /** Guards nothing: for runs that are simulated, and end with everything around them. */
  Guard NONE =
      new Guard() {
        @Override
        public void arm(FaultArmed record) {}

        @Override
        public void renew() {}

        @Override
        public void release(FaultId fault) {}

        @Override
        public Optional<String> lost(Duration needed) {
          return Optional.empty();
        }

        @Override
        public void close() {}
      };

  /**
   * Hands an undo record over and begins a new lease. Blocks for a few seconds at most.
   *
   * @throws GuardException unless the guard has said that the record is on its disk; the fault must
   *     not be injected then
   */
  void arm(FaultArmed record) throws GuardException;

  /** Says that the run lives and sees. Never blocks and never fails; see {@link #lost}. */
  void renew();

  /** The fault is verified to be gone: the guard may forget it. Never blocks and never fails. */
  void release(FaultId fault);

  /**
   * Why this run may not inject, now or any more: the guard is gone, or has rolled back, or the
   * lease on an undo record does not last for {@code needed} from now on. Empty while all is well.
   */
  Optional<String> lost(Duration needed);

  /** Lets go; what was not released is rolled back by the guard. */
  @Override
  void close();
}

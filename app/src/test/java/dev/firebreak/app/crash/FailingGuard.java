package dev.firebreak.app.crash;

import dev.firebreak.fault.FaultId;
import dev.firebreak.run.Guard;
import dev.firebreak.run.GuardException;
import dev.firebreak.run.RunEvent.FaultArmed;
import java.time.Duration;
import java.util.Optional;

/** The line to a real guard with fail points. */
record FailingGuard(Guard real, FailPoint point) implements Guard {
  @Override
  public void arm(FaultArmed record) throws GuardException {
    point.pass("before arming the guard");
    real.arm(record);
    point.pass("after arming the guard");
  }

  @Override
  public void renew() {
    point.pass("before renewing");
    real.renew();
    point.pass("after renewing");
  }

  @Override
  public void release(FaultId fault) {
    point.pass("before releasing");
    real.release(fault);
    point.pass("after releasing");
  }

  @Override
  public Optional<String> lost(Duration needed) {
    return real.lost(needed);
  }

  @Override
  public void close() {
    real.close();
  }
}

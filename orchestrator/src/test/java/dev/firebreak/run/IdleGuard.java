package dev.firebreak.run;

import dev.firebreak.fault.FaultId;
import dev.firebreak.run.RunEvent.FaultArmed;
import java.time.Duration;
import java.util.Optional;

/** Takes everything and guards nothing, but for what a test makes of it. */
public class IdleGuard implements Guard {
  @Override
  public void arm(FaultArmed record) throws GuardException {}

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
}

package dev.firebreak.journal;

import dev.firebreak.fault.FaultId;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.Undo;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.FaultArmed;
import dev.firebreak.run.RunEvent.InjectionSent;
import dev.firebreak.run.RunEvent.RollbackRequested;
import dev.firebreak.run.RunEvent.RollbackVerified;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** What one fault leaves in a journal. */
final class Journaled {
  static final Instant AT = Instant.parse("2026-11-23T10:00:00Z");
  static final FaultId FAULT = FaultId.of("f1");

  static final RunEvent ARMED =
      new FaultArmed(
          AT,
          FAULT,
          FaultKind.PLACEBO,
          ServiceName.of("stock"),
          "nothing",
          Duration.ofMinutes(1),
          new Undo(FAULT, FaultKind.PLACEBO, Map.of()));

  static final RunEvent SENT = new InjectionSent(AT, FAULT);
  static final RunEvent REQUESTED = new RollbackRequested(AT, FAULT, 1);
  static final RunEvent VERIFIED = new RollbackVerified(AT, FAULT, "nothing is there");

  private Journaled() {}
}

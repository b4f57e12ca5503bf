package dev.firebreak.guard;

import dev.firebreak.fault.FaultId;
import dev.firebreak.run.RunEvent.FaultArmed;

/** What a run tells its guard. That the line is closed says something too. */
public sealed interface GuardMessage {
  /** Hold this undo record; answered by {@link GuardReply.Armed} or {@link GuardReply.Refused}. */
  record Arm(FaultArmed record) implements GuardMessage {}

  /** The run lives and sees; answered by {@link GuardReply.Renewed} with the same number. */
  record Renew(long number) implements GuardMessage {}

  /** The fault is verified to be gone; not answered. */
  record Release(FaultId fault) implements GuardMessage {}
}

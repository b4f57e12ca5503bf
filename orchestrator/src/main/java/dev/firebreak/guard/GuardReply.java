package dev.firebreak.guard;

import dev.firebreak.fault.FaultId;

/** What a guard tells its run. */
public sealed interface GuardReply {
  /** The guard is up and listens. */
  record Ready() implements GuardReply {}

  /** The undo record is on the guard's disk. */
  record Armed(FaultId fault) implements GuardReply {}

  /** The undo record is not held: the fault must not be injected. */
  record Refused(FaultId fault, String reason) implements GuardReply {}

  record Renewed(long number) implements GuardReply {}

  /** The guard rolls back, and will never give this run a lease again. */
  record TookOver(String reason) implements GuardReply {}
}

package dev.firebreak.run;

import dev.firebreak.fault.FaultId;
import dev.firebreak.fault.FaultInjector;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.FaultPlan;
import dev.firebreak.fault.Undo;
import dev.firebreak.service.ServiceName;
import java.util.Optional;

/** One fault of a run and how far it got. Owned by the run's thread. */
final class ActiveFault {
  /** How far a fault got. Each state may be followed by {@link #ROLLING_BACK}. */
  enum State {
    PLANNED,
    /** The undo record is on disk; nothing was sent. */
    ARMED,
    /** The injection was sent: the fault may be there, whatever was or was not answered. */
    SENT,
    ROLLING_BACK,
    VERIFIED,
    /** The run no longer waits for its rollback. */
    ABANDONED
  }

  final FaultPlan plan;
  final FaultInjector injector;

  /** The user's own undo action: it injects nothing, and has no effect to be confirmed. */
  final boolean undoOnly;

  State state = State.PLANNED;
  Optional<Undo> undo = Optional.empty();
  boolean acknowledged;

  /** The injector is reading what it will restore: nothing may change there meanwhile. */
  boolean arming;

  boolean starting;
  boolean undoAfterStart;
  boolean confirmed;
  boolean looking;

  /** The guard holds its undo record. */
  boolean guarded;

  long nextLookNanos;

  /** Meaningful once acknowledged. */
  long endsAtNanos = Long.MAX_VALUE;

  ActiveFault(FaultPlan plan, FaultInjector injector, boolean undoOnly) {
    this.plan = plan;
    this.injector = injector;
    this.undoOnly = undoOnly;
  }

  FaultId id() {
    return plan.id();
  }

  ServiceName service() {
    return plan.request().service();
  }

  /** Whether its time is over, so that it has to be rolled back; undo actions wait for the end. */
  boolean over(long nowNanos) {
    return !undoOnly && acknowledged && nowNanos - endsAtNanos >= 0;
  }

  /** Whether it is in place and ends by itself, once its time is over. */
  boolean running(long nowNanos) {
    return !undoOnly && acknowledged && state == State.SENT && !over(nowNanos);
  }

  /** Whether it has an effect that must be seen before the run proves anything. */
  boolean mustBite() {
    return !undoOnly && !plan.request().kind().equals(FaultKind.PLACEBO);
  }

  /** Whether its undo holds, or will hold, what an earlier fault of the same target left there. */
  boolean covers() {
    return arming || state == State.ARMED || state == State.SENT;
  }

  boolean settled() {
    return state == State.PLANNED || state == State.VERIFIED || state == State.ABANDONED;
  }

  String describe() {
    return plan.request().kind() + " on " + service();
  }
}

package dev.firebreak.run;

import dev.firebreak.cascade.Finding;
import dev.firebreak.fault.FaultPlan;
import dev.firebreak.fault.InjectionException;
import dev.firebreak.fault.Observation;
import dev.firebreak.fault.Observation.Presence;
import dev.firebreak.fault.Undo;
import dev.firebreak.probe.Quantity;
import dev.firebreak.probe.Signal.Kind;
import dev.firebreak.run.ActiveFault.State;
import dev.firebreak.run.RunEvent.FaultArmed;
import dev.firebreak.run.RunEvent.FaultConfirmed;
import dev.firebreak.run.RunEvent.InjectionAcknowledged;
import dev.firebreak.run.RunEvent.InjectionFailed;
import dev.firebreak.run.RunEvent.InjectionSent;
import dev.firebreak.service.CallGraph;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Puts the faults of a run in place, one after the other, undo record first, and looks whether they
 * bite. Owned by the run's thread; only the injectors' calls run elsewhere.
 */
final class InjectionCrew {
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  /** Injectors bound their waits to a few seconds; beyond this one counts as broken. */
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(30);

  /** An injector answers within this; the lease must last for longer when it is asked. */
  private static final Duration LONGEST_START = Duration.ofSeconds(5);

  private final RunLoop loop;
  private final EventLog log;
  private final Guard guard;
  private final List<ActiveFault> faults;
  private final CallGraph calls;
  private int next;
  private boolean busy;
  private boolean waiting;
  private boolean stopped;
  private long deadlineNanos;

  /** Numbers the calls, so that an answer that nobody waits for any more can be told. */
  private int call;

  private Optional<HaltCause> problem = Optional.empty();

  InjectionCrew(
      RunLoop loop, EventLog log, Guard guard, List<ActiveFault> faults, CallGraph calls) {
    this.loop = loop;
    this.log = log;
    this.guard = guard;
    this.faults = faults;
    this.calls = calls;
  }

  /** Starts the next fault, if the one before is in place. Never called once a run is halted. */
  void advance() {
    if (stopped || problem.isPresent() || next == faults.size()) {
      return;
    }
    ActiveFault fault = faults.get(next);
    if (busy || waitsForRollback(fault)) {
      await(fault);
      return;
    }
    busy = true;
    fault.arming = true;
    waitFromNow();
    int asked = call;
    loop.work(
        () -> {
          Answer<Undo> answer = arm(fault);
          loop.post(() -> armed(fault, asked, answer));
        });
  }

  /** What an earlier fault left must be gone before a later one takes down what it finds. */
  private boolean waitsForRollback(ActiveFault fault) {
    return faults.stream()
        .anyMatch(
            other -> other.service().equals(fault.service()) && other.state == State.ROLLING_BACK);
  }

  private void waitFromNow() {
    waiting = true;
    call++;
    deadlineNanos = loop.nanoTime() + LONGEST_ANSWER.toNanos();
  }

  private void await(ActiveFault fault) {
    if (!waiting) {
      waitFromNow();
    } else if (loop.nanoTime() - deadlineNanos >= 0) {
      call++;
      boolean sent = fault.state == State.SENT;
      String what = busy ? "the injector did not answer" : "the fault before it was not gone";
      fail(fault, what + " within " + LONGEST_ANSWER.toSeconds() + " s", sent);
    }
  }

  boolean done() {
    return !busy && (problem.isPresent() || next == faults.size());
  }

  /** Why a fault could not be put in place. */
  Optional<HaltCause> problem() {
    return problem;
  }

  private static Answer<Undo> arm(ActiveFault fault) {
    try {
      return Answer.of(fault.injector.arm(fault.plan));
    } catch (InjectionException e) {
      return Answer.failed(String.valueOf(e.getMessage()), e.ambiguous());
    } catch (RuntimeException | Error e) {
      return Answer.failed("the injector broke: " + e, false);
    }
  }

  private void armed(ActiveFault fault, int asked, Answer<Undo> answer) {
    if (givenUp(fault, asked)) {
      return;
    }
    if (answer.value().isEmpty()) {
      fail(fault, answer.problem(), answer.ambiguous());
      return;
    }
    FaultArmed record = armedEvent(fault, answer.value().get());
    try {
      log.requireOnDisk(record);
    } catch (JournalException e) {
      fail(fault, "the undo record is not safely on disk: " + e.getMessage(), false);
      return;
    }
    loop.work(
        () -> {
          Answer<Undo> guarded = handOver(record);
          loop.post(() -> guarded(fault, asked, guarded));
        });
  }

  /** Whether nobody waits any more: nothing was sent, nothing will be, and nothing is to undo. */
  private boolean givenUp(ActiveFault fault, int asked) {
    if (stopped || asked != call) {
      fault.arming = false;
      busy = busy && asked != call;
      return true;
    }
    return false;
  }

  private Answer<Undo> handOver(FaultArmed record) {
    try {
      guard.arm(record);
      return Answer.of(record.undo());
    } catch (GuardException e) {
      return Answer.failed("the guard did not take the undo record: " + e.getMessage(), false);
    } catch (RuntimeException e) {
      return Answer.failed("the guard's line broke: " + e, false);
    }
  }

  private void guarded(ActiveFault fault, int asked, Answer<Undo> answer) {
    if (givenUp(fault, asked)) {
      guard.release(fault.id());
      return;
    }
    fault.arming = false;
    if (answer.value().isEmpty()) {
      guard.release(fault.id());
      fail(fault, answer.problem(), false);
      return;
    }
    Undo undo = answer.value().get();
    fault.undo = Optional.of(undo);
    fault.state = State.ARMED;
    fault.guarded = true;
    Optional<String> lost = guard.lost(LONGEST_START);
    if (lost.isPresent()) {
      fail(fault, "not injected: " + lost.get(), false);
      return;
    }
    try {
      log.requireOnDisk(new InjectionSent(loop.now(), fault.id()));
    } catch (JournalException e) {
      fail(fault, "the journal cannot be written: " + e.getMessage(), false);
      return;
    }
    send(fault, undo);
  }

  private FaultArmed armedEvent(ActiveFault fault, Undo undo) {
    FaultPlan plan = fault.plan;
    return new FaultArmed(
        loop.now(),
        fault.id(),
        plan.request().kind(),
        fault.service(),
        plan.target(),
        plan.request().duration(),
        undo);
  }

  private void send(ActiveFault fault, Undo undo) {
    fault.state = State.SENT;
    fault.starting = true;
    waitFromNow();
    int asked = call;
    loop.work(
        () -> {
          Answer<Undo> answer = start(fault, undo);
          loop.post(() -> started(fault, asked, answer));
        });
  }

  /** The lease is looked at once more: this process may have been paused since it was. */
  private Answer<Undo> start(ActiveFault fault, Undo undo) {
    Optional<String> lost = guard.lost(LONGEST_START);
    if (lost.isPresent()) {
      return Answer.failed("not injected: " + lost.get(), false);
    }
    try {
      fault.injector.start(fault.plan, undo);
      return Answer.of(undo);
    } catch (InjectionException e) {
      return Answer.failed(String.valueOf(e.getMessage()), e.ambiguous());
    } catch (RuntimeException | Error e) {
      return Answer.failed("the injector broke: " + e, true);
    }
  }

  private void started(ActiveFault fault, int asked, Answer<Undo> answer) {
    fault.starting = false;
    if (asked != call) {
      return;
    }
    if (answer.value().isEmpty()) {
      fail(fault, answer.problem(), answer.ambiguous());
      return;
    }
    busy = false;
    waiting = false;
    next++;
    fault.acknowledged = true;
    fault.endsAtNanos = loop.nanoTime() + fault.plan.request().duration().toNanos();
    fault.nextLookNanos = loop.nanoTime();
    log.record(new InjectionAcknowledged(loop.now(), fault.id()));
  }

  private void fail(ActiveFault fault, String message, boolean ambiguous) {
    busy = false;
    fault.arming = false;
    log.record(new InjectionFailed(loop.now(), fault.id(), message, ambiguous));
    problem =
        Optional.of(
            new HaltCause(HaltCause.Kind.FAULT, fault.describe() + ": " + message, loop.now()));
  }

  /** Looks at the effect of faults that are in place and not yet known to bite. */
  void confirm(Lookout lookout) {
    long now = loop.nanoTime();
    for (ActiveFault fault : faults) {
      if (isToBeConfirmed(fault)) {
        if (!mayFeelAnother(fault)) {
          lookout.moved(fault.service()).ifPresent(finding -> confirmed(fault, moved(finding)));
        }
        if (!fault.confirmed && !fault.looking && now - fault.nextLookNanos >= 0) {
          lookAt(fault);
        }
      }
    }
  }

  private static boolean isToBeConfirmed(ActiveFault fault) {
    return fault.mustBite() && fault.acknowledged && fault.state == State.SENT && !fault.confirmed;
  }

  /** Whether what moves its service could be a fault elsewhere, which then proves nothing. */
  private boolean mayFeelAnother(ActiveFault fault) {
    return faults.stream()
        .filter(other -> other.mustBite() && other.undo.isPresent())
        .map(ActiveFault::service)
        .filter(other -> !other.equals(fault.service()))
        .anyMatch(other -> calls.isEmpty() || callsInTheEnd(fault.service(), other));
  }

  private boolean callsInTheEnd(ServiceName caller, ServiceName callee) {
    return calls.callersByHops(Set.of(callee)).containsKey(caller);
  }

  /** When {@link #confirm} has something to do again, if no message comes before. */
  long dueNanos() {
    long due = waiting && !stopped && problem.isEmpty() ? deadlineNanos : Long.MAX_VALUE;
    for (ActiveFault fault : faults) {
      if (isToBeConfirmed(fault) && !fault.looking) {
        due = Math.min(due, fault.nextLookNanos);
      }
    }
    return due;
  }

  private static String moved(Finding finding) {
    Kind kind = finding.signal().kind();
    return "%s went from %s to %s"
        .formatted(
            finding.signal(),
            Quantity.of(kind, finding.baseline()),
            Quantity.of(kind, finding.observed()));
  }

  private void lookAt(ActiveFault fault) {
    Undo undo = fault.undo.orElseThrow();
    fault.looking = true;
    loop.work(
        () -> {
          Observation seen = RollbackCrew.look(fault, undo);
          loop.post(() -> looked(fault, seen));
        });
  }

  private void looked(ActiveFault fault, Observation seen) {
    fault.looking = false;
    fault.nextLookNanos = loop.nanoTime() + BETWEEN_LOOKS.toNanos();
    if (seen.presence() == Presence.PRESENT) {
      confirmed(fault, seen.evidence());
    }
  }

  private void confirmed(ActiveFault fault, String evidence) {
    if (!fault.confirmed) {
      fault.confirmed = true;
      log.record(new FaultConfirmed(loop.now(), fault.id(), evidence));
    }
  }

  /** No new injection starts; one that is on its way is undone by the rollback. */
  void stop() {
    stopped = true;
  }

  /** What an injector answered. */
  private record Answer<T>(Optional<T> value, String problem, boolean ambiguous) {
    static <T> Answer<T> of(T value) {
      return new Answer<>(Optional.of(value), "", false);
    }

    static <T> Answer<T> failed(String problem, boolean ambiguous) {
      return new Answer<>(Optional.empty(), problem, ambiguous);
    }
  }
}

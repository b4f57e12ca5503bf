package dev.firebreak.run;

import dev.firebreak.fault.FaultInjector;
import dev.firebreak.fault.FaultPlan;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.fault.Injectors;
import dev.firebreak.fault.Observation;
import dev.firebreak.fault.Observation.Presence;
import dev.firebreak.run.RunEvent.FaultArmed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rolls faults back from their undo records alone, as a run does: last in first out within a
 * target, targets in parallel, without end, verified by two looks. For the guard and for the
 * recovery, which know nothing else of the run. Owned by the thread of its loop.
 */
public final class Rollback {
  private static final Logger LOG = LoggerFactory.getLogger(Rollback.class);

  /** How often it is looked whether a fault that was gone comes back. */
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

  private final RunLoop loop;
  private final Injectors injectors;
  private final RollbackCrew crew;
  private final List<ActiveFault> faults = new ArrayList<>();
  private final List<String> impossible = new ArrayList<>();
  private long nextLookNanos;

  /** Records into {@code journal}; one that fails is logged and stops nothing. */
  public Rollback(RunLoop loop, Injectors injectors, Journal journal) {
    this.loop = loop;
    this.injectors = injectors;
    this.nextLookNanos = loop.nanoTime();
    this.crew = new RollbackCrew(loop, new EventLog(journal, event -> {}));
  }

  /** Takes these on, in the order in which they were armed. */
  public void take(List<FaultArmed> armed) {
    for (int i = armed.size() - 1; i >= 0; i--) {
      FaultArmed record = armed.get(i);
      Optional<FaultInjector> injector = injectors.find(record.kind());
      if (injector.isPresent()) {
        ActiveFault fault = active(record, injector.get());
        faults.add(fault);
        crew.take(fault);
      } else {
        impossible.add(
            "no injector here offers %s, so that %s cannot be rolled back"
                .formatted(record.kind(), record.fault()));
      }
    }
    impossible.forEach(LOG::error);
  }

  private static ActiveFault active(FaultArmed record, FaultInjector injector) {
    FaultRequest request =
        new FaultRequest(record.kind(), record.service(), Map.of(), Map.of(), record.duration());
    FaultPlan plan = new FaultPlan(record.fault(), request, record.target(), Map.of());
    ActiveFault fault = new ActiveFault(plan, injector, Planner.isUndoAction(record.fault()));
    fault.undo = Optional.of(record.undo());
    fault.state = ActiveFault.State.SENT;
    return fault;
  }

  /** Sends what is due. */
  public void advance() {
    crew.advance();
    if (loop.nanoTime() - nextLookNanos >= 0) {
      nextLookNanos = loop.nanoTime() + BETWEEN_LOOKS.toNanos();
      faults.stream().filter(fault -> fault.settled() && !fault.looking).forEach(this::lookAgain);
    }
  }

  /**
   * An injection that was on its way when its run ended may take effect after the undo; so may one
   * of a run that was paused. What comes back is rolled back again.
   */
  private void lookAgain(ActiveFault fault) {
    fault.looking = true;
    loop.work(
        () -> {
          Observation seen = RollbackCrew.look(fault, fault.undo.orElseThrow());
          loop.post(() -> lookedAgain(fault, seen));
        });
  }

  private void lookedAgain(ActiveFault fault, Observation seen) {
    fault.looking = false;
    boolean back = seen.presence() == Presence.PRESENT || seen.presence() == Presence.IN_PLACE;
    if (fault.settled() && back) {
      LOG.warn("fault came back fault={} evidence={}", fault.id(), seen.evidence());
      crew.reopen(fault);
    }
  }

  /** When {@link #advance} has something to do again, if no message comes before. */
  public long dueNanos() {
    return faults.isEmpty() ? Long.MAX_VALUE : Math.min(nextLookNanos, crew.dueNanos());
  }

  /** Whether each fault is verified to be gone, or nothing here can roll it back. */
  public boolean settled() {
    return crew.settled();
  }

  /** What is not verified, one sentence each; empty once all is gone. */
  public List<String> unverified() {
    List<String> sentences = new ArrayList<>(impossible);
    sentences.addAll(crew.unverified());
    return sentences;
  }
}

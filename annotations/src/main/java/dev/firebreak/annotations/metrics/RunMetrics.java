package dev.firebreak.annotations.metrics;

import dev.firebreak.annotations.EventHandlers;
import dev.firebreak.annotations.FaultsInPlace;
import dev.firebreak.annotations.metrics.FirebreakMeters.InjectedService;
import dev.firebreak.annotations.tracing.SpanIds;
import dev.firebreak.cascade.DegradationClass;
import dev.firebreak.fault.FaultId;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.FaultArmed;
import dev.firebreak.run.RunEvent.Halted;
import dev.firebreak.run.RunEvent.RollbackRequested;
import dev.firebreak.run.RunEvent.RollbackVerified;
import dev.firebreak.run.RunEvent.RunClosed;
import dev.firebreak.run.RunEvent.RunOpened;
import dev.firebreak.run.RunEvent.ServiceDegraded;
import dev.firebreak.run.RunListener;
import dev.firebreak.service.ServiceName;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Counts one run. What it counts carries the run's trace as exemplar, never as a label. A listener
 * for that run alone; the meters are shared.
 */
public final class RunMetrics implements RunListener {
  private record Degraded(ServiceName service, DegradationClass degradation) {}

  private final FirebreakMeters meters;
  private final FaultsInPlace faults = new FaultsInPlace();
  private final Map<FaultId, InjectedService> shown = new HashMap<>();
  private final Set<Degraded> counted = new HashSet<>();
  private Optional<RunOpened> run = Optional.empty();
  private Optional<Halted> halt = Optional.empty();
  private final Map<FaultId, Instant> firstUndo = new HashMap<>();
  private Optional<Instant> lastUndo = Optional.empty();
  private Labels trace = Labels.EMPTY;

  private final EventHandlers handlers =
      new EventHandlers()
          .handle(RunOpened.class, this::opened)
          .handle(Halted.class, this::halted)
          .handle(ServiceDegraded.class, this::degraded)
          .handle(RollbackRequested.class, this::undoSent)
          .handle(RollbackVerified.class, this::rolledBack)
          .handle(RunClosed.class, this::closed);

  public RunMetrics(FirebreakMeters meters) {
    this.meters = meters;
  }

  @Override
  public void on(RunEvent event) {
    handlers.on(event);
    faults.on(event);
    run.ifPresent(this::showFaults);
  }

  private void opened(RunOpened opened) {
    run = Optional.of(opened);
    trace =
        Labels.of(
            "trace_id",
            opened.traceId(),
            "span_id",
            SpanIds.of(opened.traceId(), SpanIds.EXPERIMENT));
    opened.radius().inject().forEach(service -> meters.announce(injected(opened, service)));
  }

  /**
   * A placebo is not shown: an alert that is muted because of a fault must not be muted because of
   * none.
   */
  private void showFaults(RunOpened opened) {
    Set<FaultId> present = new HashSet<>();
    for (FaultArmed fault : faults.inPlace()) {
      present.add(fault.fault());
      if (!FaultsInPlace.isPlacebo(fault) && !shown.containsKey(fault.fault())) {
        InjectedService service = injected(opened, fault.service());
        shown.put(fault.fault(), service);
        meters.injected(service, fault.fault());
      }
    }
    shown.forEach(
        (fault, service) -> {
          if (!present.contains(fault)) {
            meters.removed(service, fault);
          }
        });
    shown.keySet().retainAll(present);
  }

  private void halted(Halted event) {
    halt = Optional.of(event);
    meters.halted(event.cause().kind(), trace);
  }

  /** A fault whose time was over before the halt says nothing of the halt's delay. */
  private void undoSent(RollbackRequested event) {
    firstUndo.putIfAbsent(event.fault(), event.at());
    if (event.attempt() == 1 && halt.isPresent()) {
      lastUndo = Optional.of(event.at());
    }
  }

  private void rolledBack(RollbackVerified event) {
    Instant sent = firstUndo.remove(event.fault());
    if (sent != null && faults.find(event.fault()).isPresent()) {
      meters.rolledBack(atLeastZero(Duration.between(sent, event.at())), trace);
    }
  }

  private void degraded(ServiceDegraded event) {
    DegradationClass degradation = event.finding().degradation();
    if (counted.add(new Degraded(event.finding().service(), degradation))) {
      meters.degraded(degradation, trace);
    }
  }

  private void closed(RunClosed event) {
    run.ifPresent(
        opened ->
            meters.closed(
                event.outcome(), atLeastZero(Duration.between(opened.at(), event.at())), trace));
    if (halt.isPresent() && lastUndo.isPresent()) {
      Instant breach = halt.get().cause().breachAt();
      meters.haltDelayed(atLeastZero(Duration.between(breach, lastUndo.get())), trace);
    }
  }

  /** The wall clock may have been set back between the two. */
  private static Duration atLeastZero(Duration duration) {
    return duration.isNegative() ? Duration.ZERO : duration;
  }

  private static InjectedService injected(RunOpened opened, ServiceName service) {
    return new InjectedService(opened.gameDay(), service.value(), opened.environment());
  }
}

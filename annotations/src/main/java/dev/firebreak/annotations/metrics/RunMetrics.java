package dev.firebreak.annotations.metrics;

import dev.firebreak.annotations.EventHandlers;
import dev.firebreak.annotations.FaultsInPlace;
import dev.firebreak.annotations.metrics.FirebreakMeters.InjectedService;
import dev.firebreak.cascade.DegradationClass;
import dev.firebreak.fault.FaultId;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.FaultArmed;
import dev.firebreak.run.RunEvent.Halted;
import dev.firebreak.run.RunEvent.RollbackRequested;
import dev.firebreak.run.RunEvent.RunClosed;
import dev.firebreak.run.RunEvent.RunOpened;
import dev.firebreak.run.RunEvent.ServiceDegraded;
import dev.firebreak.run.RunListener;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Counts one run. A listener for that run alone; the meters are shared. */
public final class RunMetrics implements RunListener {
  private record Degraded(ServiceName service, DegradationClass degradation) {}

  private final FirebreakMeters meters;
  private final FaultsInPlace faults = new FaultsInPlace();
  private final Map<FaultId, InjectedService> shown = new HashMap<>();
  private final Set<Degraded> counted = new HashSet<>();
  private Optional<RunOpened> run = Optional.empty();
  private Optional<Halted> halt = Optional.empty();
  private Optional<Instant> lastUndo = Optional.empty();

  private final EventHandlers handlers =
      new EventHandlers()
          .handle(RunOpened.class, this::opened)
          .handle(Halted.class, this::halted)
          .handle(ServiceDegraded.class, this::degraded)
          .handle(RollbackRequested.class, this::undoSent)
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
    meters.halted(event.cause().kind());
  }

  /** A fault whose time was over before the halt says nothing of the halt's delay. */
  private void undoSent(RollbackRequested event) {
    if (event.attempt() == 1 && halt.isPresent()) {
      lastUndo = Optional.of(event.at());
    }
  }

  private void degraded(ServiceDegraded event) {
    DegradationClass degradation = event.finding().degradation();
    if (counted.add(new Degraded(event.finding().service(), degradation))) {
      meters.degraded(degradation);
    }
  }

  private void closed(RunClosed event) {
    run.ifPresent(
        opened ->
            meters.closed(event.outcome(), atLeastZero(Duration.between(opened.at(), event.at()))));
    if (halt.isPresent() && lastUndo.isPresent()) {
      Instant breach = halt.get().cause().breachAt();
      meters.haltDelayed(atLeastZero(Duration.between(breach, lastUndo.get())));
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

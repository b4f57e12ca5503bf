package dev.firebreak.run;

import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.experiment.Experiment;
import dev.firebreak.experiment.SteadyStateHypothesis.SteadyStateProbe;
import dev.firebreak.fault.FaultId;
import dev.firebreak.fault.FaultInjector;
import dev.firebreak.fault.FaultPlan;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.fault.InjectionException;
import dev.firebreak.fault.Injectors;
import dev.firebreak.probe.Discovery;
import dev.firebreak.probe.MetricSource;
import dev.firebreak.probe.ProbeException;
import dev.firebreak.probe.SeriesId;
import dev.firebreak.service.CallGraph;
import dev.firebreak.service.ServiceName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Resolves an experiment and touches nothing: the dry run and the start of a run are this. */
public final class Planner {
  private static final Pattern UNDO_ACTION = Pattern.compile(".*\\.r[0-9]+");

  private final Injectors injectors;

  public Planner(Injectors injectors) {
    this.injectors = injectors;
  }

  /** Asks the source and the targets, blocking for a few seconds at most for each. */
  public RunPlan plan(RunSpec spec, MetricSource source) {
    List<String> obstacles = new ArrayList<>();
    Experiment experiment = spec.experiment();
    Optional<Discovery> discovery = discover(source, obstacles);
    List<ServiceName> outside =
        discovery.map(found -> outside(experiment.radius(), found)).orElse(List.of());
    discovery.ifPresent(found -> requireSight(experiment, found, outside, obstacles));
    List<FaultPlan> faults = resolve(spec.id() + ".f", experiment.method(), obstacles);
    List<FaultPlan> rollbacks = resolve(spec.id() + ".r", experiment.rollbacks(), obstacles);
    return new RunPlan(
        faults,
        rollbacks,
        discovery,
        callGraph(spec, discovery),
        outside,
        obstacles,
        PlanHash.of(spec, faults, rollbacks, outside));
  }

  private static Optional<Discovery> discover(MetricSource source, List<String> obstacles) {
    try {
      return Optional.of(source.discover());
    } catch (ProbeException e) {
      obstacles.add("no sight of the system: " + e.getMessage());
      return Optional.empty();
    } catch (RuntimeException | Error e) {
      obstacles.add("no sight of the system, the source broke: " + e);
      return Optional.empty();
    }
  }

  private static List<ServiceName> outside(BlastRadius radius, Discovery found) {
    Set<ServiceName> outside = new TreeSet<>(found.services());
    radius.outside().ifPresent(outside::addAll);
    return outside.stream().filter(radius::watchesOutside).toList();
  }

  private static void requireSight(
      Experiment experiment, Discovery found, List<ServiceName> outside, List<String> obstacles) {
    if (outside.isEmpty()) {
      obstacles.add(
          "nothing outside the blast radius can be watched: the source knows only "
              + found.services());
    }
    for (ServiceName service : outside) {
      if (!found.services().contains(service)) {
        obstacles.add(
            "blast-radius.outside names %s, but the source knows only %s"
                .formatted(service, found.services()));
      }
    }
    for (SteadyStateProbe probe : experiment.hypothesis().probes()) {
      if (!hasSeries(found, probe)) {
        obstacles.add(
            "the probe \"%s\" wants %s of %s, but the source has %s"
                .formatted(
                    probe.name(),
                    probe.signal(),
                    probe.service(),
                    signalsOf(found, probe.service())));
      }
    }
  }

  private static boolean hasSeries(Discovery found, SteadyStateProbe probe) {
    return found.series().stream()
        .anyMatch(
            series ->
                series.service().equals(probe.service())
                    && series.signal().name().equals(probe.signal()));
  }

  private static String signalsOf(Discovery found, ServiceName service) {
    List<String> signals =
        found.series().stream()
            .filter(series -> series.service().equals(service))
            .map(SeriesId::signal)
            .map(Object::toString)
            .toList();
    return signals.isEmpty()
        ? "no series of it; it knows " + found.services()
        : "only " + signals + " of it";
  }

  /** Whether the fault is an undo action of the user's own, to be told by its id alone. */
  public static boolean isUndoAction(FaultId fault) {
    return UNDO_ACTION.matcher(fault.value()).matches();
  }

  private List<FaultPlan> resolve(
      String idPrefix, List<FaultRequest> requests, List<String> obstacles) {
    List<FaultPlan> plans = new ArrayList<>();
    for (FaultRequest request : requests) {
      FaultId id = FaultId.of(idPrefix + (plans.size() + 1));
      Optional<FaultInjector> injector = injectors.find(request.kind());
      if (injector.isEmpty()) {
        obstacles.add("no injector offers " + request.kind());
        continue;
      }
      try {
        plans.add(injector.get().plan(id, request));
      } catch (InjectionException e) {
        obstacles.add(request.kind() + " on " + request.service() + ": " + e.getMessage());
      } catch (RuntimeException | Error e) {
        obstacles.add(request.kind() + " on " + request.service() + ", the injector broke: " + e);
      }
    }
    return plans;
  }

  private static CallGraph callGraph(RunSpec spec, Optional<Discovery> discovery) {
    Set<CallGraph.Edge> edges = new HashSet<>(spec.telemetry().callGraph().edges());
    discovery.ifPresent(found -> edges.addAll(found.callGraph().edges()));
    return new CallGraph(edges);
  }
}

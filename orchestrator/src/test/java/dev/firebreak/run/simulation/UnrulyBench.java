package dev.firebreak.run.simulation;

import dev.firebreak.cascade.CascadeDetectors;
import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.experiment.Experiment;
import dev.firebreak.experiment.GameDay;
import dev.firebreak.experiment.HaltPolicy;
import dev.firebreak.experiment.SteadyStateHypothesis;
import dev.firebreak.experiment.Telemetry;
import dev.firebreak.fault.FaultDescription;
import dev.firebreak.fault.FaultId;
import dev.firebreak.fault.FaultInjector;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.FaultPlan;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.fault.Injectors;
import dev.firebreak.fault.Observation;
import dev.firebreak.fault.RollbackException;
import dev.firebreak.fault.Undo;
import dev.firebreak.run.Admission;
import dev.firebreak.run.Guard;
import dev.firebreak.run.HaltCause;
import dev.firebreak.run.Run;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunId;
import dev.firebreak.run.RunListener;
import dev.firebreak.run.RunSpec;
import dev.firebreak.run.Safeguards;
import dev.firebreak.run.Trigger;
import dev.firebreak.service.CallGraph;
import dev.firebreak.service.ServiceName;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A run whose injector a test makes answer late, wrongly or never; all else is honest. Web calls
 * stock.
 */
final class UnrulyBench {
  static final FaultKind SLOW = FaultKind.of("unruly/slow");
  static final ServiceName WEB = ServiceName.of("web");
  static final ServiceName STOCK = ServiceName.of("stock");
  static final Duration MINUTE = Duration.ofMinutes(1);

  final WorldLoop loop =
      new WorldLoop(Instant.parse("2026-11-23T10:00:00Z"), new SplittableRandom(1));
  final World world =
      new World(loop, List.of(WEB, STOCK), new CallGraph(Set.of(new CallGraph.Edge(WEB, STOCK))));
  final WorldJournal journal = new WorldJournal();
  Guard guard = Guard.NONE;

  /** The faults that an {@link Injector} of this bench has in place. */
  final Set<FaultId> inPlace = new HashSet<>();

  /** What the injector was asked, such as {@code undo f1}. */
  final List<String> calls = new ArrayList<>();

  /** Honest, unless a test makes it otherwise. */
  class Injector implements FaultInjector {
    @Override
    public List<FaultDescription> faults() {
      return List.of(new FaultDescription(SLOW, "slows", List.of(), List.of(), true));
    }

    @Override
    public FaultPlan plan(FaultId id, FaultRequest request) {
      return new FaultPlan(id, request, "a target", Map.of());
    }

    @Override
    public Undo arm(FaultPlan plan) {
      called("arm", plan.id());
      return new Undo(plan.id(), SLOW, Map.of());
    }

    @Override
    public void start(FaultPlan plan, Undo undo) {
      called("start", plan.id());
      inPlace.add(plan.id());
    }

    @Override
    public void rollBack(Undo undo) throws RollbackException {
      called("undo", undo.id());
      inPlace.remove(undo.id());
    }

    @Override
    public Observation look(Undo undo) {
      return inPlace.contains(undo.id())
          ? Observation.present("slow")
          : Observation.gone("not there");
    }

    private void called(String what, FaultId fault) {
      calls.add(what + " " + shortName(fault));
    }
  }

  /** The last part of a fault's name, such as {@code f1}. */
  static String shortName(FaultId fault) {
    return fault.value().substring(fault.value().lastIndexOf('.') + 1);
  }

  <E extends RunEvent> List<E> events(Class<E> type) {
    return journal.events().stream().filter(type::isInstance).map(type::cast).toList();
  }

  HaltCause enough() {
    return new HaltCause(HaltCause.Kind.PERSON, "enough", loop.now());
  }

  static FaultRequest fault(FaultKind kind, ServiceName service, Duration duration) {
    return new FaultRequest(kind, service, Map.of(), Map.of(), duration);
  }

  /** One fault in stock, for a minute. */
  Run run(FaultInjector injector, RunListener listener) {
    return run(injector, listener, SLOW, List.of(STOCK));
  }

  Run run(FaultInjector injector, RunListener listener, FaultKind kind, List<ServiceName> into) {
    return run(
        injector, listener, into.stream().map(service -> fault(kind, service, MINUTE)).toList());
  }

  Run run(FaultInjector injector, RunListener listener, List<FaultRequest> faults) {
    Telemetry.Scrape scrape =
        new Telemetry.Scrape(
            List.of(
                new Telemetry.ScrapeTarget(
                    URI.create("http://127.0.0.1:1/metrics"), Optional.of(STOCK))));
    Experiment experiment =
        new Experiment(
            "slow stock",
            SteadyStateHypothesis.none(),
            BlastRadius.of(
                faults.stream().map(FaultRequest::service).distinct().toArray(ServiceName[]::new)),
            faults,
            List.of(),
            HaltPolicy.DEFAULT,
            Experiment.Timing.DEFAULT);
    return new Run(
        new RunSpec(
            new RunId("20261123-100000-abcdef"),
            new GameDay.Metadata("weekly", "team-shop", "test"),
            new Telemetry(scrape, Telemetry.DEFAULT_EVERY, world.calls),
            experiment,
            Trigger.MANUAL,
            "0123456789abcdef0123456789abcdef"),
        new Injectors(List.of(injector)),
        new WorldSource(world, new SplittableRandom(2)),
        CascadeDetectors.online(),
        loop,
        journal,
        listener,
        new Safeguards(guard, Admission.OPEN));
  }
}

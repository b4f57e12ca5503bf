package dev.firebreak.run;

import dev.firebreak.cascade.Calibrated;
import dev.firebreak.cascade.CascadeDetectorFactory;
import dev.firebreak.cascade.CascadeDetectors;
import dev.firebreak.experiment.Experiment;
import dev.firebreak.experiment.GameDay;
import dev.firebreak.experiment.Telemetry;
import dev.firebreak.fault.Injectors;
import dev.firebreak.fault.PlaceboInjector;
import dev.firebreak.run.RunEvent.PhaseEntered;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that a run needs, on a {@link FakeCluster} of four services that call each other in a row:
 * web, cart, stock, search. Tests change what they are about, and nothing else.
 */
final class RunBench {
  static final Instant START = Instant.parse("2026-11-23T10:00:00Z");

  final SimulatedLoop loop = new SimulatedLoop(START);
  final FakeCluster cluster = FakeCluster.chain(loop, "web", "cart", "stock", "search");
  final RecordingJournal journal = new RecordingJournal();
  CascadeDetectorFactory detectors = CascadeDetectors.online();
  Guard guard = Guard.NONE;
  Admission admission = Admission.OPEN;
  Optional<Calibrated> calibrated = Optional.empty();

  /** What listeners heard, in order. */
  final List<RunEvent> told = new ArrayList<>();

  Outcome outcomeOf(Experiments experiment) {
    return run(experiment).execute();
  }

  Run run(Experiments experiment) {
    return run(experiment.build(FakeCluster.SLOW));
  }

  Run run(Experiment experiment) {
    return run(experiment, loop);
  }

  Run run(Experiment experiment, RunLoop loop) {
    return new Run(
        spec(experiment),
        new Injectors(List.of(cluster, new PlaceboInjector())),
        cluster,
        detectors,
        loop,
        journal,
        told::add,
        new Safeguards(guard, admission));
  }

  private RunSpec spec(Experiment experiment) {
    return new RunSpec(
        new RunId("20261123-100000-abcdef"),
        new GameDay.Metadata("weekly", "team-shop", "test"),
        new Telemetry(
            new Telemetry.Prometheus(URI.create("http://localhost:9090"), Map.of()),
            Telemetry.DEFAULT_EVERY,
            cluster.callGraph()),
        experiment,
        Trigger.MANUAL,
        "0123456789abcdef0123456789abcdef",
        calibrated);
  }

  /** That a person had enough, as soon as {@code delay} has passed. */
  void haltAfter(Duration delay, Run run) {
    loop.after(delay, () -> run.halt(enough()));
  }

  HaltCause enough() {
    return new HaltCause(HaltCause.Kind.PERSON, "enough", loop.now());
  }

  List<Phase> phases() {
    return journal.events(PhaseEntered.class).stream().map(PhaseEntered::phase).toList();
  }

  /** When the run went into this phase. */
  Instant entered(Phase phase) {
    return journal.events(PhaseEntered.class).stream()
        .filter(event -> event.phase() == phase)
        .findFirst()
        .orElseThrow(() -> new AssertionError("never in " + phase + ", but in " + phases()))
        .at();
  }

  /** The only event of this type. */
  <E extends RunEvent> E only(Class<E> type) {
    List<E> all = journal.events(type);
    if (all.size() != 1) {
      throw new AssertionError(all.size() + " events of " + type + ": " + all);
    }
    return all.get(0);
  }
}

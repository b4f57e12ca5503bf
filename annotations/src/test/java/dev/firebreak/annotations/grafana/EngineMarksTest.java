package dev.firebreak.annotations.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.annotations.Story;
import dev.firebreak.annotations.grafana.FakeAnnotations.Stored;
import dev.firebreak.cascade.CascadeDetector;
import dev.firebreak.cascade.Coverage;
import dev.firebreak.cascade.DegradationClass;
import dev.firebreak.cascade.Finding;
import dev.firebreak.cascade.Watch;
import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.experiment.Experiment;
import dev.firebreak.experiment.GameDay;
import dev.firebreak.experiment.HaltPolicy;
import dev.firebreak.experiment.SteadyStateHypothesis;
import dev.firebreak.experiment.Telemetry;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.fault.Injectors;
import dev.firebreak.probe.SeriesId;
import dev.firebreak.probe.Signal;
import dev.firebreak.run.FakeCluster;
import dev.firebreak.run.Outcome;
import dev.firebreak.run.RecordingJournal;
import dev.firebreak.run.Run;
import dev.firebreak.run.RunEvent.InjectionSent;
import dev.firebreak.run.RunEvent.RollbackVerified;
import dev.firebreak.run.RunSpec;
import dev.firebreak.run.SimulatedLoop;
import dev.firebreak.run.Trigger;
import dev.firebreak.service.CallGraph;
import dev.firebreak.service.ServiceName;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the real engine tells, in the order in which it tells it. */
class EngineMarksTest {
  private static final ServiceName STOCK = ServiceName.of("stock");

  private final SimulatedLoop loop = new SimulatedLoop(Story.START);
  private final FakeCluster cluster =
      FakeCluster.chain(loop, "web", "cart", "stock").spreadingAfter(Duration.ofSeconds(6));

  @Test
  void aRunOfTheEngineLeavesOneRegionAndItsPoints(@TempDir Path directory) throws Exception {
    RecordingJournal journal = new RecordingJournal();
    try (FakeGrafana grafana = FakeGrafana.start();
        GrafanaOutbox outbox =
            GrafanaOutbox.open(
                GrafanaSettings.of(grafana.url(), FakeGrafana.TOKEN),
                directory,
                InstantSource.system(),
                OperationListener.none())) {
      GrafanaAnnotator annotator = new GrafanaAnnotator(outbox, MarkLinks.none());
      Run run =
          new Run(
              spec(),
              new Injectors(List.of(cluster)),
              cluster,
              SlownessDetector::new,
              loop,
              journal,
              annotator);
      assertThat(run.execute()).isEqualTo(Outcome.CASCADED);
      assertThat(outbox.flush(Duration.ofSeconds(30))).isZero();

      assertThat(grafana.annotations("role:injected")).hasSize(1);
      Stored region = grafana.annotations("role:injected").get(0);
      assertThat(region.tags()).contains("service:stock");
      assertThat(region.time()).isEqualTo(millis(journal.events(InjectionSent.class).get(0).at()));
      assertThat(region.timeEnd())
          .isEqualTo(millis(journal.events(RollbackVerified.class).get(0).at()));
      assertThat(grafana.annotations("role:escaped"))
          .hasSizeBetween(1, 2)
          .allMatch(point -> point.has("service:cart") || point.has("service:web"));
      assertThat(grafana.annotations("role:halt")).hasSize(1);
      assertThat(grafana.annotations("role:rollback")).hasSize(1);
      assertThat(grafana.violations()).isEmpty();
    }
  }

  private static long millis(Instant instant) {
    return instant.toEpochMilli();
  }

  private static RunSpec spec() {
    Experiment experiment =
        new Experiment(
            "stock answers slowly",
            SteadyStateHypothesis.none(),
            BlastRadius.of(STOCK),
            List.of(
                new FaultRequest(
                    FakeCluster.SLOW, STOCK, Map.of(), Map.of(), Duration.ofMinutes(2))),
            List.of(),
            HaltPolicy.DEFAULT,
            new Experiment.Timing(Duration.ofSeconds(30), Duration.ofSeconds(60)));
    return new RunSpec(
        Story.RUN,
        new GameDay.Metadata("weekly", "team-stock", "staging"),
        new Telemetry(
            new Telemetry.Prometheus(URI.create("http://localhost:9090"), Map.of()),
            Duration.ofSeconds(2),
            CallGraph.empty()),
        experiment,
        Trigger.MANUAL,
        Story.TRACE);
  }

  /** Calls every service outside that needs more than a second escaped. */
  private static final class SlownessDetector implements CascadeDetector {
    private final Watch watch;
    private final List<Finding> findings = new ArrayList<>();

    SlownessDetector(Watch watch) {
      this.watch = watch;
    }

    @Override
    public void learn(Instant at, double[] values) {}

    @Override
    public void injected(Instant at) {}

    @Override
    public List<Finding> judge(Instant at, double[] values) {
      List<Finding> changed = new ArrayList<>();
      for (int i = 0; i < values.length; i++) {
        SeriesId series = watch.series().get(i);
        if (outsideLatency(series)) {
          judge(at, series, values[i]).ifPresent(changed::add);
        }
      }
      return changed;
    }

    private Optional<Finding> judge(Instant at, SeriesId series, double value) {
      Optional<Finding> before =
          findings.stream().filter(known -> known.service().equals(series.service())).findFirst();
      boolean recovers = before.isPresent() && before.get().recoveredAt().isEmpty() && value < 1;
      boolean begins = before.isEmpty() && value >= 1;
      if (!begins && !recovers) {
        return Optional.empty();
      }
      Finding finding =
          new Finding(
              series.service(),
              DegradationClass.ESCAPED,
              series.signal(),
              0.03,
              value,
              before.map(Finding::onset).orElse(at),
              at,
              List.of(),
              "it is slow",
              recovers ? Optional.of(at) : Optional.empty());
      before.ifPresent(findings::remove);
      findings.add(finding);
      return Optional.of(finding);
    }

    private boolean outsideLatency(SeriesId series) {
      return watch.isOutside(series.service()) && series.signal().kind() == Signal.Kind.LATENCY;
    }

    @Override
    public void rolledBack(Instant at) {}

    @Override
    public List<Finding> findings() {
      return List.copyOf(findings);
    }

    @Override
    public boolean escaped() {
      return !findings.isEmpty();
    }

    @Override
    public Coverage coverage() {
      return new Coverage(
          watch.series().stream().filter(this::outsideLatency).toList(), Map.of(), List.of());
    }
  }
}

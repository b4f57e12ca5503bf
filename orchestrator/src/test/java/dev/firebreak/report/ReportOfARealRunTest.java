package dev.firebreak.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.cascade.CascadeDetector;
import dev.firebreak.cascade.Coverage;
import dev.firebreak.cascade.DegradationClass;
import dev.firebreak.cascade.Finding;
import dev.firebreak.cascade.Watch;
import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.experiment.Experiment;
import dev.firebreak.experiment.Experiment.Timing;
import dev.firebreak.experiment.GameDay;
import dev.firebreak.experiment.HaltPolicy;
import dev.firebreak.experiment.SteadyStateHypothesis;
import dev.firebreak.experiment.Telemetry;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.fault.Injectors;
import dev.firebreak.probe.SeriesId;
import dev.firebreak.probe.Signal.Kind;
import dev.firebreak.report.RunReport.Rollback.Proof;
import dev.firebreak.run.FakeCluster;
import dev.firebreak.run.Outcome;
import dev.firebreak.run.RecordingJournal;
import dev.firebreak.run.Run;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunId;
import dev.firebreak.run.RunSpec;
import dev.firebreak.run.SimulatedLoop;
import dev.firebreak.run.Trigger;
import dev.firebreak.service.CallGraph;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReportOfARealRunTest {
  private static final Instant START = Instant.parse("2026-11-23T10:00:00Z");

  private final SimulatedLoop loop = new SimulatedLoop(START);
  private final RecordingJournal journal = new RecordingJournal();

  @Test
  void tellsOfAnEscape() {
    RunReport report = reportOn(shop().spreadingAfter(Duration.ofSeconds(4)));
    assertThat(report.conclusion().outcome()).isEqualTo(Outcome.CASCADED);
    assertThat(report.conclusion().verdict())
        .startsWith("CASCADED: slow in stock escaped the blast radius: cart degraded ")
        .endsWith("rollback verified.");
    assertThat(report.rollback().breachToRollbackSeconds().orElseThrow()).isBetween(0.0, 2.0);
  }

  @Test
  void tellsThatNothingEscaped() {
    RunReport report = reportOn(shop());
    assertThat(report.conclusion().outcome()).isEqualTo(Outcome.HELD);
    assertThat(report.rollback().proof()).isEqualTo(Proof.VERIFIED);
    assertThat(report.conclusion().way()).isEmpty();
    assertThat(report.coverage().looksWithoutEvidence()).isZero();
  }

  @Test
  void tellsThatAFaultMayBeThereAfterEveryCutBeforeTheProof() {
    reportOn(shop().failingUndos(2));
    List<RunEvent> events = journal.events();
    for (int length = 1; length < events.size(); length++) {
      List<RunEvent> cut = events.subList(0, length);
      boolean sent = cut.stream().anyMatch(RunEvent.InjectionSent.class::isInstance);
      boolean gone = cut.stream().anyMatch(RunEvent.RollbackVerified.class::isInstance);
      assertThat(RunReports.from(cut).conclusion().verdict().contains("may still be in place"))
          .isEqualTo(sent && !gone);
    }
  }

  private FakeCluster shop() {
    return FakeCluster.chain(loop, "web", "cart", "stock");
  }

  private RunReport reportOn(FakeCluster cluster) {
    FaultRequest slow =
        new FaultRequest(
            FakeCluster.SLOW, ServiceName.of("stock"), Map.of(), Map.of(), Duration.ofSeconds(30));
    Experiment experiment =
        new Experiment(
            "stock is slow",
            SteadyStateHypothesis.none(),
            BlastRadius.of(ServiceName.of("stock")),
            List.of(slow),
            List.of(),
            HaltPolicy.DEFAULT,
            new Timing(Duration.ofSeconds(30), Duration.ofSeconds(30)));
    RunSpec spec =
        new RunSpec(
            new RunId("20261123-100000-abc123"),
            new GameDay.Metadata("weekly", "team", "staging"),
            new Telemetry(
                new Telemetry.Scrape(List.of()), Duration.ofSeconds(1), CallGraph.empty()),
            experiment,
            Trigger.MANUAL,
            "4bf92f3577b34da6a3ce929d0e0e4736");
    new Run(
            spec,
            new Injectors(List.of(cluster)),
            cluster,
            SlownessDetector::new,
            loop,
            journal,
            event -> {})
        .execute();
    return RunReports.from(journal.events());
  }

  /** Calls a latency above half a second degraded, and below it recovered. */
  private static final class SlownessDetector implements CascadeDetector {
    private static final double SLOW = 0.5;

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
      List<Finding> news = new ArrayList<>();
      for (int i = 0; i < values.length; i++) {
        SeriesId id = watch.series().get(i);
        if (id.signal().kind() == Kind.LATENCY) {
          judge(at, id, values[i]).ifPresent(news::add);
        }
      }
      return news;
    }

    private Optional<Finding> judge(Instant at, SeriesId id, double value) {
      Optional<Finding> known =
          findings.stream().filter(one -> one.service().equals(id.service())).findFirst();
      boolean slow = value > SLOW;
      if (slow == known.filter(one -> one.recoveredAt().isEmpty()).isPresent()
          || (!slow && known.isEmpty())) {
        return Optional.empty();
      }
      known.ifPresent(findings::remove);
      Finding next = finding(at, id, value, slow ? Optional.empty() : Optional.of(at));
      findings.add(next);
      return Optional.of(next);
    }

    private Finding finding(Instant at, SeriesId id, double value, Optional<Instant> recovered) {
      boolean injected = watch.isInjected(id.service());
      return new Finding(
          id.service(),
          injected ? DegradationClass.INJECTED : DegradationClass.ESCAPED,
          id.signal(),
          0.03,
          value,
          at,
          at,
          List.of(),
          "slow",
          recovered);
    }

    @Override
    public void rolledBack(Instant at) {}

    @Override
    public List<Finding> findings() {
      return List.copyOf(findings);
    }

    @Override
    public boolean escaped() {
      return findings.stream().anyMatch(one -> one.degradation() == DegradationClass.ESCAPED);
    }

    @Override
    public Coverage coverage() {
      return new Coverage(watch.series(), Map.of(), List.of());
    }
  }
}

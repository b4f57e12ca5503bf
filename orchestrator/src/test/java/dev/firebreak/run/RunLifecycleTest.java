package dev.firebreak.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.cascade.Calibrated;
import dev.firebreak.cascade.CascadeDetectorFactory;
import dev.firebreak.cascade.FalseHaltRate;
import dev.firebreak.experiment.Experiment;
import dev.firebreak.probe.Reading;
import dev.firebreak.probe.Reading.Sample;
import dev.firebreak.probe.Signal;
import dev.firebreak.run.RunEvent.BaselineTaken;
import dev.firebreak.run.RunEvent.FalseHaltsMeasured;
import dev.firebreak.run.RunEvent.Halted;
import dev.firebreak.run.RunEvent.InjectionAcknowledged;
import dev.firebreak.run.RunEvent.RollbackAcknowledged;
import dev.firebreak.run.RunEvent.RollbackRequested;
import dev.firebreak.run.RunEvent.RollbackVerified;
import dev.firebreak.run.RunEvent.RunClosed;
import dev.firebreak.run.RunEvent.RunOpened;
import dev.firebreak.run.RunEvent.SignalsFound;
import dev.firebreak.run.RunEvent.WatchBegan;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which phases a run goes through, how long it stays in each, and what it writes down there. */
class RunLifecycleTest {
  private final RunBench bench = new RunBench();
  private final FakeCluster cluster = bench.cluster;
  private final RecordingJournal journal = bench.journal;

  @Test
  void writesDownWhatItFoundHowItWatchesAndWhatItCanWatch() {
    Experiment experiment = Experiments.slow("stock").build(FakeCluster.SLOW);
    bench.run(experiment).execute();

    SignalsFound found = bench.only(SignalsFound.class);
    assertThat(found.packs()).containsExactly("fake");
    assertThat(found.series()).hasSize(16);
    assertThat(found.callGraph()).isEqualTo(cluster.callGraph());
    WatchBegan watch = bench.only(WatchBegan.class);
    assertThat(watch.smallestEffect()).isEqualTo(experiment.halt().smallestEffect());
    assertThat(watch.falseHaltBudget()).isEqualTo(experiment.halt().falseHaltBudget());
    assertThat(watch.declared()).isEqualTo(cluster.callGraph());
    BaselineTaken baseline = bench.only(BaselineTaken.class);
    assertThat(baseline.servicesWatched())
        .extracting(ServiceName::value)
        .containsExactlyInAnyOrder("web", "cart", "search");
    assertThat(baseline.servicesWithoutData()).isEmpty();
    assertThat(baseline.at()).isEqualTo(bench.entered(Phase.INJECT));
    assertThat(journal.events(FalseHaltsMeasured.class)).isEmpty();
  }

  @Test
  void writesDownWhatIsKnownOfItsFalseHalts() {
    Calibrated known =
        new Calibrated(RunBench.START, 40, new FalseHaltRate(0.01, 9_000, 3_000, 5, 0, 3.7));
    bench.calibrated = Optional.of(known);
    bench.outcomeOf(Experiments.slow("stock"));

    assertThat(bench.only(FalseHaltsMeasured.class).calibrated()).isEqualTo(known);
  }

  @Test
  void haltedBeforeItBeganItSaysSoAndDoesNothing() {
    Run run = bench.run(Experiments.slow("stock"));
    HaltCause wish = bench.enough();
    run.halt(wish);

    assertThat(run.execute()).isEqualTo(Outcome.ABORTED);
    assertThat(journal.events(RunOpened.class)).hasSize(1);
    assertThat(bench.only(Halted.class).cause()).isEqualTo(wish);
    assertThat(bench.phases()).containsExactly(Phase.PREFLIGHT, Phase.CLOSED);
  }

  @Test
  void haltedInTheBaselineItEndsThere() {
    Run run = bench.run(Experiments.slow("stock"));
    bench.haltAfter(Duration.ofSeconds(30), run);

    assertThat(run.execute()).isEqualTo(Outcome.ABORTED);
    assertThat(bench.phases()).containsExactly(Phase.PREFLIGHT, Phase.BASELINE, Phase.CLOSED);
    assertThat(bench.loop.elapsed()).isLessThan(Duration.ofSeconds(31));
  }

  @Test
  void withoutASteadyStateItEndsAfterTheBaseline() {
    bench.outcomeOf(Experiments.slow("stock").toleratingLatency(0.001));

    assertThat(bench.phases()).containsExactly(Phase.PREFLIGHT, Phase.BASELINE, Phase.CLOSED);
    assertThat(bench.only(RunClosed.class).reason()).contains("the steady state does not hold");
  }

  @Test
  void aFaultWhoseTimeIsOverIsRolledBackWhileOthersGoOn() {
    bench.run(aShortAndALongOne("stock", "search")).execute();

    Instant shortOne = began("f1").plusSeconds(20);
    assertThat(undoOf("f1")).isBetween(shortOne, shortOne.plusMillis(100));
    Instant longOne = began("f2").plusSeconds(60);
    assertThat(undoOf("f2")).isBetween(longOne, longOne.plusMillis(100));
    assertThat(bench.entered(Phase.ROLLBACK)).isAfter(shortOne.plusSeconds(30));
  }

  @Test
  void anEarlierFaultOfTheTargetOfALaterOneStaysUntilThatIsOver() {
    bench.run(aShortAndALongOne("stock", "stock")).execute();

    assertThat(undoOf("f1")).isAfterOrEqualTo(undoOf("f2"));
    assertThat(cluster.activeFaults()).isEmpty();
  }

  @Test
  void tellsTheDetectorThatTheFaultIsGoneOnceTheUndoIsAcknowledged() {
    List<Instant> told = new ArrayList<>();
    CascadeDetectorFactory honest = bench.detectors;
    bench.detectors =
        watch ->
            new DetectorInBetween(honest.create(watch)) {
              @Override
              public void rolledBack(Instant at) {
                told.add(at);
                super.rolledBack(at);
              }
            };
    cluster.failingUndos(4);
    bench.outcomeOf(Experiments.slow("stock"));

    assertThat(told).containsExactly(bench.only(RollbackAcknowledged.class).at());
  }

  @Test
  void goesOnAtOnceWhenTheRollbackIsVerified() {
    bench.outcomeOf(Experiments.slow("stock"));

    assertThat(bench.entered(Phase.RECOVERY)).isEqualTo(bench.only(RollbackVerified.class).at());
  }

  @Test
  void recoveryEndsWithTheThirdLookInARowThatIsWell() {
    bench.outcomeOf(Experiments.slow("stock"));

    Duration lasted = Duration.between(bench.entered(Phase.ROLLBACK), closed());
    assertThat(lasted).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(25));
  }

  @Test
  void recoveryWaitsForWhatIsStillBadUntilItsTimeIsOver() {
    cluster.spreadingAfter(Duration.ofSeconds(1));
    cluster.distorting(reading -> journal.events(Halted.class).isEmpty() ? reading : bad(reading));
    bench.outcomeOf(Experiments.slow("stock"));

    Duration lasted = Duration.between(bench.entered(Phase.RECOVERY), closed());
    assertThat(lasted).isEqualTo(Experiment.Timing.DEFAULT.recovery());
  }

  @Test
  void saysWhetherAFaultMayBeLeft() {
    Run clean = bench.run(Experiments.slow("stock"));
    clean.execute();
    assertThat(clean.leftNothing()).isTrue();

    RunBench broken = new RunBench();
    broken.cluster.failingUndos(Integer.MAX_VALUE);
    Run left = broken.run(Experiments.slow("stock"));
    left.execute();
    assertThat(left.leftNothing()).isFalse();
  }

  private static Reading bad(Reading reading) {
    List<Sample> samples =
        reading.samples().stream()
            .map(
                sample ->
                    sample.series().signal().kind() == Signal.Kind.LATENCY
                        ? new Sample(sample.series(), 1.5)
                        : sample)
            .toList();
    return new Reading(reading.at(), samples, Map.of(), List.of());
  }

  private Instant began(String fault) {
    return journal.events(InjectionAcknowledged.class).stream()
        .filter(event -> event.fault().value().endsWith("." + fault))
        .findFirst()
        .orElseThrow()
        .at();
  }

  private Instant undoOf(String fault) {
    return journal.events(RollbackRequested.class).stream()
        .filter(event -> event.fault().value().endsWith("." + fault))
        .findFirst()
        .orElseThrow()
        .at();
  }

  private Instant closed() {
    return bench.only(RunClosed.class).at();
  }

  private static Experiment aShortAndALongOne(String first, String second) {
    return Experiments.injecting(
        Experiments.fault(first, Duration.ofSeconds(20)),
        Experiments.fault(second, Duration.ofSeconds(60)));
  }
}

package dev.firebreak.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.experiment.Telemetry;
import dev.firebreak.probe.Change;
import dev.firebreak.probe.Reading;
import dev.firebreak.probe.SeriesId;
import dev.firebreak.probe.Signal;
import dev.firebreak.report.RunReport;
import dev.firebreak.report.RunReports;
import dev.firebreak.run.RunEvent.RunClosed;
import dev.firebreak.run.RunEvent.SystemChanged;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChangesDuringARunTest {
  private static final Duration STEP = Telemetry.DEFAULT_EVERY;

  /** By then the fault is in place and has reached nobody else. */
  private static final Duration AFTER_INJECTION = Duration.ofSeconds(62);

  private final RunBench bench = new RunBench();
  private final RecordingJournal journal = bench.journal;
  private final FakeCluster cluster = bench.cluster.spreadingAfter(Duration.ofSeconds(5));

  private static Change restart(String service) {
    return new Change(ServiceName.of(service), Change.Kind.RESTART, "process start 10:01:00Z");
  }

  /** The source tells of these once, in its first answer after {@code time}. */
  private void changing(Duration time, List<Change> changes) {
    cluster.distorting(
        reading -> {
          Duration late = bench.loop.elapsed().minus(time);
          boolean now = !late.isNegative() && late.compareTo(STEP) < 0;
          return now ? with(reading, changes) : reading;
        });
  }

  private static Reading with(Reading reading, List<Change> changes) {
    return new Reading(
        reading.at(), reading.samples(), reading.unseen(), reading.warnings(), changes);
  }

  @Test
  void aRestartIsAnEventOfTheRunAtTheTimeItWasSeen() {
    changing(AFTER_INJECTION, List.of(restart("cart")));
    run(Experiments.slow("stock"));

    SystemChanged seen = journal.events(SystemChanged.class).get(0);
    assertThat(journal.events(SystemChanged.class)).hasSize(1);
    assertThat(seen.change()).isEqualTo(restart("cart"));
    assertThat(Duration.between(RunBench.START.plus(AFTER_INJECTION), seen.at())).isLessThan(STEP);
  }

  @Test
  void changesNeitherHaltNorMakeADifferenceToWhatIsFound() {
    Outcome without = run(Experiments.slow("stock"));
    List<RunEvent> before = journal.events();

    ChangesDuringARunTest again = new ChangesDuringARunTest();
    again.changing(AFTER_INJECTION, List.of(restart("cart"), restart("web"), restart("stock")));
    assertThat(again.run(Experiments.slow("stock"))).isEqualTo(without);
    assertThat(again.journal.events())
        .filteredOn(event -> !(event instanceof SystemChanged))
        .isEqualTo(before);
  }

  @Test
  void changesAloneDoNotEndAHealthyRunEarly() {
    changing(AFTER_INJECTION, List.of(restart("cart"), restart("search")));

    Experiments experiment = Experiments.slow("stock").expecting("cart", "web");
    assertThat(run(experiment)).isEqualTo(Outcome.HELD);
    assertThat(journal.events(SystemChanged.class)).hasSize(2);
  }

  @Test
  void aChangeIsToldBesideTheDegradationThatItMayExplain() {
    changing(AFTER_INJECTION, List.of(restart("cart")));
    run(Experiments.slow("stock"));

    RunReport report = RunReports.from(journal.events());
    assertThat(report.findingOf("cart").orElseThrow().change().orElseThrow())
        .startsWith("cart restarted ")
        .contains(" before it degraded, ", " after the injection: ");
    assertThat(report.findings())
        .filteredOn(finding -> !finding.service().equals("cart"))
        .isNotEmpty()
        .allMatch(finding -> finding.change().isEmpty());
  }

  @Test
  void aServiceThatTheRunDoesNotSeeIsNotToldOf() {
    changing(AFTER_INJECTION, List.of(restart("somebody-else")));
    run(Experiments.slow("stock"));

    assertThat(journal.events(SystemChanged.class)).isEmpty();
  }

  @Test
  void aCrashLoopDoesNotFloodTheJournal() {
    cluster.distorting(reading -> with(reading, List.of(restart("search"))));
    run(Experiments.slow("stock"));

    List<SystemChanged> told = journal.events(SystemChanged.class);
    assertThat(told).hasSize(NotableChanges.MOST_OF_A_SERVICE);
    assertThat(told.get(told.size() - 1).change().detail()).endsWith("is not told");
    assertThat(journal.events(RunClosed.class)).hasSize(1);
  }

  @Test
  void manyServicesThatChangeAtOnceAreBounded() {
    List<Change> all =
        IntStream.range(0, NotableChanges.MOST)
            .boxed()
            .flatMap(i -> List.of(restart("cart"), restart("s" + i)).stream())
            .toList();
    NotableChanges notable =
        new NotableChanges(
            all.stream()
                .map(
                    change ->
                        new SeriesId(change.service(), new Signal("up", Signal.Kind.AVAILABILITY)))
                .toList());

    assertThat(notable.among(all)).hasSize(NotableChanges.MOST);
    assertThat(notable.among(all)).isEmpty();
  }

  private Outcome run(Experiments experiment) {
    return bench.outcomeOf(experiment);
  }
}

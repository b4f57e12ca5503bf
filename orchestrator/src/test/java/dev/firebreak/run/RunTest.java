package dev.firebreak.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.fault.FaultKind;
import dev.firebreak.probe.Reading;
import dev.firebreak.run.RunEvent.FaultArmed;
import dev.firebreak.run.RunEvent.FaultConfirmed;
import dev.firebreak.run.RunEvent.Halted;
import dev.firebreak.run.RunEvent.InjectionSent;
import dev.firebreak.run.RunEvent.PhaseEntered;
import dev.firebreak.run.RunEvent.RollbackRequested;
import dev.firebreak.run.RunEvent.RollbackVerified;
import dev.firebreak.run.RunEvent.RunClosed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunTest {
  private final RunBench bench = new RunBench();
  private final SimulatedLoop loop = bench.loop;
  private final FakeCluster cluster = bench.cluster;
  private final RecordingJournal journal = bench.journal;

  @Test
  void holdsWhenTheFaultBitesAndNothingElseDegrades() {
    assertThat(outcomeOf(Experiments.slow("stock"))).isEqualTo(Outcome.HELD);
    assertThat(journal.events(FaultConfirmed.class)).hasSize(1);
    assertThat(cluster.activeFaults()).isEmpty();
  }

  @Test
  void haltsAndRollsBackWhenAServiceOutsideTheRadiusDegrades() {
    cluster.spreadingAfter(Duration.ofSeconds(5));

    assertThat(outcomeOf(Experiments.slow("stock"))).isEqualTo(Outcome.CASCADED);
    assertThat(journal.events(Halted.class).get(0).cause().kind())
        .isEqualTo(HaltCause.Kind.CASCADE);
    assertThat(cluster.activeFaults()).isEmpty();
  }

  @Test
  void sendsTheUndoWithinTwoSecondsOfTheBreach() {
    cluster.spreadingAfter(Duration.ofSeconds(5));
    outcomeOf(Experiments.slow("stock"));

    Instant breach = journal.events(Halted.class).get(0).cause().breachAt();
    Instant undo = journal.events(RollbackRequested.class).get(0).at();
    assertThat(Duration.between(breach, undo)).isLessThanOrEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void declaredDownstreamMayFeelIt() {
    cluster.spreadingAfter(Duration.ofSeconds(5));

    assertThat(outcomeOf(Experiments.slow("stock").expecting("cart", "web")))
        .isEqualTo(Outcome.HELD);
  }

  @Test
  void deviatesWhenOnlyTheHypothesisBreaks() {
    cluster.spreadingAfter(Duration.ofSeconds(5));

    Experiments experiment =
        Experiments.slow("stock").expecting("cart", "web").toleratingLatency(0.2);
    assertThat(outcomeOf(experiment)).isEqualTo(Outcome.DEVIATED);
    assertThat(journal.events(Halted.class).get(0).cause().kind())
        .isEqualTo(HaltCause.Kind.HYPOTHESIS);
  }

  @Test
  void neverInjectsWhenTheSteadyStateDoesNotHold() {
    assertThat(outcomeOf(Experiments.slow("stock").toleratingLatency(0.001)))
        .isEqualTo(Outcome.REFUSED);
    assertThat(cluster.everInjected()).isEmpty();
  }

  @Test
  void neverInjectsWithoutSight() {
    cluster.blindFrom(Duration.ZERO);

    assertThat(outcomeOf(Experiments.slow("stock"))).isEqualTo(Outcome.REFUSED);
    assertThat(cluster.everInjected()).isEmpty();
  }

  @Test
  void neverInjectsWhatItCannotWriteDown() {
    journal.fullFrom(FaultArmed.class::isInstance);

    assertThat(outcomeOf(Experiments.slow("stock"))).isIn(Outcome.REFUSED, Outcome.FAILED);
    assertThat(cluster.everInjected()).isEmpty();
  }

  @Test
  void rollsBackAlthoughTheDiskIsFull() {
    journal.fullFrom(FaultConfirmed.class::isInstance);

    assertThat(outcomeOf(Experiments.slow("stock"))).isEqualTo(Outcome.FAILED);
    assertThat(cluster.everInjected()).hasSize(1);
    assertThat(cluster.activeFaults()).isEmpty();
  }

  @Test
  void haltsAndRollsBackWhenItLosesSight() {
    cluster.blindFrom(Duration.ofSeconds(90));

    assertThat(outcomeOf(Experiments.slow("stock"))).isEqualTo(Outcome.INCONCLUSIVE);
    assertThat(journal.events(Halted.class).get(0).cause().kind()).isEqualTo(HaltCause.Kind.BLIND);
    assertThat(cluster.activeFaults()).isEmpty();
  }

  @Test
  void neverHoldsWhenOneServiceOutsideWasSeldomSeen() {
    cluster.distorting(
        reading ->
            loop.elapsed().toSeconds() % 3 > 0
                ? reading
                : new Reading(
                    reading.at(),
                    reading.samples().stream()
                        .filter(sample -> !sample.series().service().value().equals("web"))
                        .toList(),
                    Map.of(),
                    List.of()));

    assertThat(outcomeOf(Experiments.slow("stock"))).isEqualTo(Outcome.INCONCLUSIVE);
    assertThat(journal.events(RunClosed.class).get(0).reason())
        .contains("too few gave evidence about services outside: web in ")
        .doesNotContain("cart");
    assertThat(journal.events(Halted.class)).isEmpty();
  }

  @Test
  void countsEmptyAnswersAsNoSight() {
    cluster.distorting(
        reading ->
            loop.elapsed().compareTo(Duration.ofSeconds(90)) < 0
                ? reading
                : new Reading(reading.at(), List.of(), Map.of(), List.of()));

    assertThat(outcomeOf(Experiments.slow("stock"))).isEqualTo(Outcome.INCONCLUSIVE);
  }

  @Test
  void countsAProbeThatIsNotSeenAsNoSight() {
    cluster.distorting(
        reading ->
            loop.elapsed().compareTo(Duration.ofSeconds(70)) < 0
                ? reading
                : new Reading(
                    reading.at(),
                    reading.samples().stream()
                        .filter(sample -> !sample.series().service().value().equals("web"))
                        .filter(sample -> !sample.series().signal().name().equals("up"))
                        .toList(),
                    Map.of(),
                    List.of()));

    assertThat(outcomeOf(Experiments.slow("stock").toleratingLatency(0.2)))
        .isEqualTo(Outcome.INCONCLUSIVE);
    assertThat(journal.events(Halted.class).get(0).cause().kind()).isEqualTo(HaltCause.Kind.BLIND);
  }

  @Test
  void isInvalidWhenTheFaultDoesNotBite() {
    cluster.withToothlessFaults();

    assertThat(outcomeOf(Experiments.slow("stock"))).isEqualTo(Outcome.INVALID);
  }

  @Test
  void rollsBackAnInjectionWhoseAnswerWasLost() {
    cluster.losingAnswers(1);

    outcomeOf(Experiments.slow("stock"));
    assertThat(cluster.everInjected()).hasSize(1);
    assertThat(cluster.activeFaults()).isEmpty();
  }

  @Test
  void triesTheRollbackAgainUntilItIsVerified() {
    cluster.failingUndos(3);

    assertThat(outcomeOf(Experiments.slow("stock"))).isEqualTo(Outcome.HELD);
    assertThat(journal.events(RollbackRequested.class)).hasSize(4);
    assertThat(journal.events(RollbackVerified.class)).hasSize(1);
  }

  @Test
  void saysSoWhenTheRollbackCannotBeVerified() {
    cluster.failingUndos(Integer.MAX_VALUE);

    assertThat(outcomeOf(Experiments.slow("stock"))).isEqualTo(Outcome.FAILED);
    assertThat(journal.events(RunClosed.class).get(0).reason()).contains("not verified");
  }

  @Test
  void undoesTheLastFaultOfATargetFirst() {
    outcomeOf(Experiments.slow("stock").times(2));

    List<String> undos = cluster.calls().stream().filter(call -> call.startsWith("undo")).toList();
    assertThat(undos.get(0)).endsWith(".f2");
  }

  @Test
  void theUsersOwnUndoActionsWaitForTheEndAndComeLast() {
    outcomeOf(Experiments.slow("stock").undoing());

    List<String> undos = cluster.calls().stream().filter(call -> call.startsWith("undo")).toList();
    assertThat(undos).hasSize(2);
    assertThat(undos.get(0)).endsWith(".f1");
    assertThat(undos.get(1)).endsWith(".r1");
    assertThat(cluster.activeFaults()).isEmpty();
  }

  @Test
  void aPersonCanHaltItAtAnyTime() {
    Run run = bench.run(Experiments.slow("stock"));
    bench.haltAfter(Duration.ofSeconds(75), run);

    assertThat(run.execute()).isEqualTo(Outcome.ABORTED);
    assertThat(cluster.everInjected()).hasSize(1);
    assertThat(cluster.activeFaults()).isEmpty();
  }

  @Test
  void haltedBeforeTheInjectionNothingIsInjected() {
    Run run = bench.run(Experiments.slow("stock"));
    bench.haltAfter(Duration.ofSeconds(30), run);

    assertThat(run.execute()).isEqualTo(Outcome.ABORTED);
    assertThat(cluster.everInjected()).isEmpty();
  }

  @Test
  void aPlaceboHoldsWithoutInjectingAnything() {
    Run run = bench.run(Experiments.slow("stock").build(FaultKind.PLACEBO));

    assertThat(run.execute()).isEqualTo(Outcome.HELD);
    assertThat(cluster.everInjected()).isEmpty();
  }

  @Test
  void writesTheUndoDownBeforeItInjects() {
    outcomeOf(Experiments.slow("stock"));

    List<RunEvent> events = journal.events();
    int armed = events.indexOf(journal.events(FaultArmed.class).get(0));
    int sent = events.indexOf(journal.events(InjectionSent.class).get(0));
    assertThat(armed).isLessThan(sent);
  }

  @Test
  void passesThroughThePhasesInTheirOrder() {
    outcomeOf(Experiments.slow("stock"));

    assertThat(journal.events(PhaseEntered.class).stream().map(PhaseEntered::phase))
        .containsExactly(Phase.values());
  }

  @Test
  void theSameConditionsGiveTheSameEvents() {
    cluster.spreadingAfter(Duration.ofSeconds(5));
    outcomeOf(Experiments.slow("stock"));

    RunBench again = new RunBench();
    again.cluster.spreadingAfter(Duration.ofSeconds(5));
    again.outcomeOf(Experiments.slow("stock"));
    assertThat(again.journal.events()).isEqualTo(journal.events());
  }

  private Outcome outcomeOf(Experiments experiment) {
    return bench.outcomeOf(experiment);
  }
}

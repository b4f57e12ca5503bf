package dev.firebreak.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.fault.InjectionException;
import dev.firebreak.run.RunEvent.FaultArmed;
import dev.firebreak.run.RunEvent.Halted;
import dev.firebreak.run.RunEvent.InjectionAcknowledged;
import dev.firebreak.run.RunEvent.InjectionFailed;
import dev.firebreak.run.RunEvent.InjectionSent;
import dev.firebreak.run.RunEvent.RollbackVerified;
import dev.firebreak.run.RunEvent.RunClosed;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Why a fault is not put in place, and that the run says so at once. */
class InjectionTest {
  /** Asking an injector takes milliseconds here: more is a run that waits for nothing. */
  private static final Duration AT_ONCE = Duration.ofMillis(200);

  private final RunBench bench = new RunBench();
  private final FakeCluster cluster = bench.cluster;
  private final RecordingJournal journal = bench.journal;

  @Test
  void whatIsInjectedIsArmedSentAndAcknowledged() {
    bench.outcomeOf(Experiments.slow("stock"));

    assertThat(journal.events())
        .filteredOn(
            event ->
                event instanceof FaultArmed
                    || event instanceof InjectionSent
                    || event instanceof InjectionAcknowledged)
        .extracting(event -> event.getClass().getSimpleName())
        .containsExactly("FaultArmed", "InjectionSent", "InjectionAcknowledged");
    assertThat(journal.events(InjectionFailed.class)).isEmpty();
  }

  @Test
  void eachEventIsToldAndWrittenDownInTheSameOrder() {
    bench.outcomeOf(Experiments.slow("stock"));

    assertThat(bench.told).isEqualTo(journal.events());
  }

  @Test
  void aFaultThatCannotBeArmedIsARefusalWithItsReason() {
    cluster.refusingToArm("stock", InjectionException.refused("somebody else's toxic"));

    assertThat(bench.outcomeOf(Experiments.slow("stock"))).isEqualTo(Outcome.REFUSED);
    assertThat(reason()).isEqualTo("fake/slow on stock: somebody else's toxic");
    assertThat(bench.only(InjectionFailed.class).message()).isEqualTo("somebody else's toxic");
    assertThat(bench.only(InjectionFailed.class).ambiguous()).isFalse();
    assertNothingInjectedAndEndedAtOnce();
  }

  @Test
  void anUndoActionOfTheUsersOwnMakesNoRefusalAFault() {
    cluster.refusingToArm("stock", InjectionException.refused("somebody else's toxic"));
    Experiments experiment = Experiments.slow("stock").undoing();

    assertThat(bench.outcomeOf(experiment)).isEqualTo(Outcome.REFUSED);
  }

  @Test
  void aLaterFaultThatCannotBeArmedEndsTheRunOfTheEarlierOne() {
    cluster.refusingToArm("search", InjectionException.refused("somebody else's toxic"));
    Duration minute = Duration.ofMinutes(1);
    Run run =
        bench.run(
            Experiments.injecting(
                Experiments.fault("stock", minute), Experiments.fault("search", minute)));

    assertThat(run.execute()).isEqualTo(Outcome.INVALID);
    assertThat(reason()).contains("fake/slow on search: somebody else's toxic");
    assertThat(bench.only(Halted.class).cause().kind()).isEqualTo(HaltCause.Kind.FAULT);
    assertThat(journal.events(RollbackVerified.class)).hasSize(1);
    assertThat(cluster.activeFaults()).isEmpty();
  }

  @Test
  void anUndoRecordThatIsNotOnDiskKeepsTheFaultOut() {
    journal.fullFrom(FaultArmed.class::isInstance);
    bench.outcomeOf(Experiments.slow("stock"));

    assertThat(toldFailure().message())
        .isEqualTo("the undo record is not safely on disk: no space left on device");
    assertNothingInjectedAndEndedAtOnce();
  }

  @Test
  void anInjectionThatIsNotOnDiskIsNotSent() {
    journal.fullFrom(InjectionSent.class::isInstance);
    bench.outcomeOf(Experiments.slow("stock"));

    assertThat(toldFailure().message())
        .isEqualTo("the journal cannot be written: no space left on device");
    assertThat(cluster.everInjected()).isEmpty();
  }

  @Test
  void anInjectionWhoseAnswerWasLostIsAmbiguousAndUndone() {
    cluster.losingAnswers(1);

    assertThat(bench.outcomeOf(Experiments.slow("stock"))).isEqualTo(Outcome.INVALID);
    InjectionFailed failed = bench.only(InjectionFailed.class);
    assertThat(failed.ambiguous()).isTrue();
    assertThat(Duration.between(bench.entered(Phase.INJECT), failed.at())).isLessThan(AT_ONCE);
    assertThat(journal.events(RollbackVerified.class)).hasSize(1);
  }

  private InjectionFailed toldFailure() {
    List<InjectionFailed> failures =
        bench.told.stream()
            .filter(InjectionFailed.class::isInstance)
            .map(InjectionFailed.class::cast)
            .toList();
    assertThat(failures).hasSize(1);
    return failures.get(0);
  }

  private void assertNothingInjectedAndEndedAtOnce() {
    assertThat(cluster.everInjected()).isEmpty();
    Duration baseline = Duration.ofMinutes(1);
    assertThat(bench.loop.elapsed()).isLessThan(baseline.plus(AT_ONCE));
  }

  private String reason() {
    return bench.only(RunClosed.class).reason();
  }
}

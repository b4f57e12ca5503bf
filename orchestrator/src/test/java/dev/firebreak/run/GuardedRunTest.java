package dev.firebreak.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.experiment.Experiment;
import dev.firebreak.experiment.HaltPolicy;
import dev.firebreak.fault.FaultId;
import dev.firebreak.run.RunEvent.FaultArmed;
import dev.firebreak.run.RunEvent.Halted;
import dev.firebreak.run.RunEvent.InjectionSent;
import dev.firebreak.run.RunEvent.RunClosed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GuardedRunTest {
  private static final Instant START = RunBench.START;

  private final RunBench bench = new RunBench();
  private final SimulatedLoop loop = bench.loop;
  private final FakeCluster cluster = bench.cluster;
  private final RecordingJournal journal = bench.journal;
  private final StrictGuard guard = new StrictGuard();

  @Test
  void armsTheGuardAfterTheJournalAndBeforeTheInjection() {
    assertThat(run(Experiments.slow("stock"))).isEqualTo(Outcome.HELD);

    assertThat(guard.journalWhenArmed).hasSize(1);
    assertThat(guard.journalWhenArmed.get(0))
        .hasAtLeastOneElementOfType(FaultArmed.class)
        .doesNotHaveAnyElementsOfTypes(InjectionSent.class);
  }

  @Test
  void neverInjectsWithoutTheGuardsAcknowledgement() {
    guard.refuses = true;

    assertThat(run(Experiments.slow("stock"))).isEqualTo(Outcome.REFUSED);
    assertThat(cluster.everInjected()).isEmpty();
    assertThat(journal.events(RunClosed.class).get(0).reason()).contains("its disk is full");
  }

  @Test
  void neverInjectsOnALeaseThatDoesNotLastForTheInjection() {
    guard.leaseLeft = Duration.ofSeconds(1);

    assertThat(run(Experiments.slow("stock"))).isNotEqualTo(Outcome.HELD);
    assertThat(cluster.everInjected()).isEmpty();
  }

  @Test
  void neverBeginsWithoutAGuard() {
    guard.gone = Optional.of("the guard could not be started");

    assertThat(run(Experiments.slow("stock"))).isEqualTo(Outcome.REFUSED);
    assertThat(journal.events(FaultArmed.class)).isEmpty();
  }

  @Test
  void haltsAndRollsBackWhenTheGuardIsGone() {
    loop.after(Duration.ofSeconds(90), () -> guard.gone = Optional.of("the guard has ended"));

    assertThat(run(Experiments.slow("stock"))).isEqualTo(Outcome.FAILED);
    assertThat(cluster.activeFaults()).isEmpty();
    Halted halted = journal.events(Halted.class).get(0);
    assertThat(halted.cause().detail()).contains("the guard has ended");
    assertThat(Duration.between(START, halted.at())).isLessThan(Duration.ofSeconds(94));
  }

  @Test
  void renewsTheLeaseAsLongAsItSeesAndHoldsAFault() {
    run(Experiments.slow("stock"));

    assertThat(guard.longestSilence()).isLessThanOrEqualTo(Duration.ofMillis(2_500));
    assertThat(guard.renewals).hasSizeBetween(30, 35);
    assertThat(guard.renewals).allMatch(at -> at.compareTo(guard.releasedAt) < 0);
  }

  @Test
  void renewsTheLeaseWhileItRollsBack() {
    cluster.failingUndos(20);
    run(Experiments.slow("stock"));

    assertThat(guard.releasedAt).isGreaterThan(rollbackBegan().plusSeconds(20));
    assertThat(guard.longestSilence()).isLessThanOrEqualTo(Duration.ofMillis(2_500));
  }

  @Test
  void renewsTheLeaseForARollbackAlthoughItIsBlind() {
    cluster.blindFrom(Duration.ofSeconds(80));
    cluster.failingUndos(20);
    run(Experiments.slow("stock"));

    Duration began = rollbackBegan();
    assertThat(guard.renewals)
        .filteredOn(at -> at.compareTo(began) > 0 && at.compareTo(guard.releasedAt) < 0)
        .hasSizeGreaterThanOrEqualTo(9);
  }

  @Test
  void letsTheLeaseRunOutOnceItHasGivenUp() {
    cluster.failingUndos(1_000);
    run(Experiments.slow("stock"));

    Duration gaveUp = rollbackBegan().plus(Run.LONGEST_ROLLBACK);
    assertThat(guard.renewals).allMatch(at -> at.compareTo(gaveUp) <= 0);
    assertThat(loop.elapsed()).isGreaterThan(gaveUp.plusSeconds(2));
  }

  @Test
  void aFaultThatIsGoneIsReleasedWhileOthersGoOn() {
    run(
        Experiments.injecting(
            Experiments.fault("stock", Duration.ofSeconds(20)),
            Experiments.fault("search", Duration.ofSeconds(60))));

    assertThat(guard.releases).hasSize(2);
    assertThat(guard.releases.get(0)).isLessThan(Duration.ofSeconds(90));
    assertThat(guard.releases.get(1)).isGreaterThan(Duration.ofMinutes(2));
  }

  @Test
  void neverRenewsWhileItIsBlindWhateverItHaltsOn() {
    cluster.blindFrom(Duration.ofSeconds(80));
    Experiment careless =
        Experiments.haltingOn(
            EnumSet.of(HaltPolicy.Condition.CASCADE),
            Experiments.slow("stock").build(FakeCluster.SLOW));
    run(careless);

    Duration lastSight = Duration.ofSeconds(80).plus(HaltPolicy.DEFAULT_BLIND_AFTER);
    assertThat(guard.renewals)
        .filteredOn(at -> at.compareTo(lastSight) > 0 && at.compareTo(guard.releasedAt) < 0)
        .filteredOn(at -> at.compareTo(rollbackBegan()) < 0)
        .isEmpty();
  }

  @Test
  void releasesWhatIsVerifiedAndNothingElse() {
    run(Experiments.slow("stock").times(2));

    assertThat(guard.held).isEmpty();
    assertThat(guard.releasedWhileActive).isEmpty();
  }

  @Test
  void leavesToTheGuardWhatItCouldNotRollBack() {
    cluster.failingUndos(1_000);

    assertThat(run(Experiments.slow("stock"))).isEqualTo(Outcome.FAILED);
    assertThat(guard.held).hasSize(1);
  }

  @Test
  void anObjectionIsARefusalBeforeAnythingIsAsked() {
    bench.admission =
        new Admission() {
          @Override
          public List<String> objections(RunSpec spec) {
            return List.of("the kill switch is engaged");
          }

          @Override
          public List<String> objections(RunSpec spec, RunPlan plan) {
            throw new AssertionError("the plan was made");
          }
        };

    assertThat(run(Experiments.slow("stock"))).isEqualTo(Outcome.REFUSED);
    assertThat(journal.events(RunClosed.class).get(0).reason())
        .isEqualTo("the kill switch is engaged");
  }

  private Duration rollbackBegan() {
    return journal.events(RunEvent.RollbackRequested.class).stream()
        .findFirst()
        .map(event -> Duration.between(START, event.at()))
        .orElse(Duration.ZERO);
  }

  private Outcome run(Experiments experiment) {
    return run(experiment.build(FakeCluster.SLOW));
  }

  private Outcome run(Experiment experiment) {
    bench.guard = guard;
    return bench.run(experiment).execute();
  }

  /** Takes down what it is told and when. */
  private final class StrictGuard implements Guard {
    final List<List<RunEvent>> journalWhenArmed = new ArrayList<>();
    final List<FaultId> held = new ArrayList<>();
    final List<FaultId> releasedWhileActive = new ArrayList<>();
    final List<Duration> renewals = new ArrayList<>();
    final List<Duration> releases = new ArrayList<>();
    Duration releasedAt = Duration.ofDays(1);
    Duration leaseLeft = LEASE;
    boolean refuses;
    Optional<String> gone = Optional.empty();

    @Override
    public void arm(FaultArmed record) throws GuardException {
      if (refuses) {
        throw new GuardException("its disk is full");
      }
      journalWhenArmed.add(journal.events());
      held.add(record.fault());
      renewals.add(loop.elapsed());
    }

    @Override
    public void renew() {
      renewals.add(loop.elapsed());
    }

    @Override
    public void release(FaultId fault) {
      if (cluster.activeFaults().contains(fault)) {
        releasedWhileActive.add(fault);
      }
      held.remove(fault);
      releasedAt = loop.elapsed();
      releases.add(releasedAt);
    }

    @Override
    public Optional<String> lost(Duration needed) {
      return needed.compareTo(leaseLeft) >= 0 ? Optional.of("the lease is too short") : gone;
    }

    @Override
    public void close() {}

    Duration longestSilence() {
      Duration longest = Duration.ZERO;
      for (int i = 1; i < renewals.size(); i++) {
        Duration silence = renewals.get(i).minus(renewals.get(i - 1));
        longest = silence.compareTo(longest) > 0 ? silence : longest;
      }
      return longest;
    }
  }
}

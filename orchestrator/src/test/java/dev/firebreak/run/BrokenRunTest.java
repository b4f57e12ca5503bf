package dev.firebreak.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.cascade.CascadeDetectorFactory;
import dev.firebreak.cascade.Finding;
import dev.firebreak.run.RunEvent.BaselineTaken;
import dev.firebreak.run.RunEvent.FaultArmed;
import dev.firebreak.run.RunEvent.Halted;
import dev.firebreak.run.RunEvent.RollbackRequested;
import dev.firebreak.run.RunEvent.RollbackVerified;
import dev.firebreak.run.RunEvent.RunClosed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whatever in Firebreak breaks: what is in place is rolled back, and the run says what broke. */
class BrokenRunTest {
  private static final Duration IN_THE_FAULT = Duration.ofSeconds(90);

  private final RunBench bench = new RunBench();

  @AfterEach
  void nothingIsLeft() {
    assertThat(bench.cluster.activeFaults()).isEmpty();
  }

  @Test
  void aDetectorThatCannotBeMadeIsAFailureBeforeTheBaseline() {
    bench.detectors =
        watch -> {
          throw new IllegalStateException("no detector");
        };

    assertThat(bench.outcomeOf(Experiments.slow("stock"))).isEqualTo(Outcome.FAILED);
    assertThat(reason()).isEqualTo("Firebreak broke: java.lang.IllegalStateException: no detector");
    assertThat(bench.cluster.everInjected()).isEmpty();
    assertThat(bench.phases()).containsExactly(Phase.PREFLIGHT, Phase.CLOSED);
  }

  @Test
  void aDetectorThatBreaksWhileItLearnsIsAFailureBeforeTheInjection() {
    breaking(() -> bench.loop.elapsed().compareTo(Duration.ofSeconds(20)) > 0);

    assertThat(bench.outcomeOf(Experiments.slow("stock"))).isEqualTo(Outcome.FAILED);
    assertThat(bench.cluster.everInjected()).isEmpty();
    assertThat(bench.journal.events(BaselineTaken.class)).isEmpty();
  }

  @Test
  void aDetectorThatBreaksDuringTheFaultHaltsAndIsNotAskedAgain() {
    breaking(() -> bench.loop.elapsed().compareTo(IN_THE_FAULT) > 0);

    assertThat(bench.outcomeOf(Experiments.slow("stock"))).isEqualTo(Outcome.FAILED);
    assertThat(reason()).contains("the detector is for the test");
    assertThat(bench.only(Halted.class).cause().kind()).isEqualTo(HaltCause.Kind.INTERNAL);
    assertThat(bench.loop.elapsed()).isLessThan(IN_THE_FAULT.plusSeconds(10));
    assertThat(bench.only(RollbackVerified.class).at()).isEqualTo(bench.only(RunClosed.class).at());
  }

  @Test
  void aGuardWhoseLineBreaksHaltsAndIsStillRolledBackFrom() {
    bench.guard =
        new IdleGuard() {
          @Override
          public Optional<String> lost(Duration needed) {
            if (bench.loop.elapsed().compareTo(IN_THE_FAULT) > 0) {
              throw new IllegalStateException("the line is for the test");
            }
            return Optional.empty();
          }
        };

    assertThat(bench.outcomeOf(Experiments.slow("stock"))).isEqualTo(Outcome.FAILED);
    assertThat(reason()).contains("the line is for the test");
    assertThat(undone()).isBetween(IN_THE_FAULT, IN_THE_FAULT.plusSeconds(3));
  }

  @Test
  void eachTurnMayBreakAndTheFaultIsStillRolledBack() {
    bench.guard =
        new IdleGuard() {
          @Override
          public void renew() {
            if (bench.loop.elapsed().compareTo(IN_THE_FAULT) > 0) {
              throw new IllegalStateException("no renewal in the test");
            }
          }
        };

    assertThat(bench.outcomeOf(Experiments.slow("stock"))).isEqualTo(Outcome.FAILED);
    assertThat(reason()).contains("no renewal in the test");
    assertThat(undone()).isBetween(IN_THE_FAULT, IN_THE_FAULT.plusSeconds(3));
  }

  @Test
  void aGuardThatBreaksWhileItIsArmedIsNoGuard() {
    bench.guard =
        new IdleGuard() {
          @Override
          public void arm(FaultArmed record) {
            throw new IllegalStateException("not armed in the test");
          }
        };

    assertThat(bench.outcomeOf(Experiments.slow("stock"))).isEqualTo(Outcome.REFUSED);
    assertThat(reason()).contains("the guard's line broke").contains("not armed in the test");
    assertThat(bench.cluster.everInjected()).isEmpty();
  }

  @Test
  void interruptedItRollsBackAndHandsTheInterruptOn() {
    InterruptedLoop loop = new InterruptedLoop();

    assertThat(bench.run(Experiments.slow("stock").build(FakeCluster.SLOW), loop).execute())
        .isEqualTo(Outcome.ABORTED);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(reason()).isEqualTo("the run was interrupted");
    assertThat(undone()).isBetween(IN_THE_FAULT, IN_THE_FAULT.plusMillis(100));
  }

  @Test
  void interruptsNobodyWhenNobodyInterruptedIt() {
    bench.outcomeOf(Experiments.slow("stock"));

    assertThat(Thread.interrupted()).isFalse();
  }

  private void breaking(BooleanSupplier now) {
    CascadeDetectorFactory honest = bench.detectors;
    bench.detectors =
        watch ->
            new DetectorInBetween(honest.create(watch)) {
              @Override
              public void learn(Instant at, double[] values) {
                breakIfDue();
                super.learn(at, values);
              }

              @Override
              public List<Finding> judge(Instant at, double[] values) {
                breakIfDue();
                return super.judge(at, values);
              }

              private void breakIfDue() {
                if (now.getAsBoolean()) {
                  throw new IllegalStateException("the detector is for the test");
                }
              }
            };
  }

  private String reason() {
    return bench.only(RunClosed.class).reason();
  }

  private Duration undone() {
    return Duration.between(RunBench.START, bench.only(RollbackRequested.class).at());
  }

  /** The bench's loop, whose thread is interrupted once, during the fault. */
  private final class InterruptedLoop implements RunLoop {
    private boolean interrupted;

    @Override
    public Instant now() {
      return bench.loop.now();
    }

    @Override
    public long nanoTime() {
      return bench.loop.nanoTime();
    }

    @Override
    public void work(Runnable task) {
      bench.loop.work(task);
    }

    @Override
    public void post(Runnable message) {
      bench.loop.post(message);
    }

    @Override
    public void next(long untilNanos) throws InterruptedException {
      if (!interrupted && bench.loop.elapsed().compareTo(IN_THE_FAULT) >= 0) {
        interrupted = true;
        throw new InterruptedException();
      }
      bench.loop.next(Math.min(untilNanos, interrupted ? untilNanos : IN_THE_FAULT.toNanos()));
    }
  }
}

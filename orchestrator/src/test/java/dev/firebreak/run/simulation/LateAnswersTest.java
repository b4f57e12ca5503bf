package dev.firebreak.run.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.fault.FaultId;
import dev.firebreak.fault.FaultPlan;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.fault.Observation;
import dev.firebreak.fault.RollbackException;
import dev.firebreak.fault.Undo;
import dev.firebreak.run.IdleGuard;
import dev.firebreak.run.Outcome;
import dev.firebreak.run.Run;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.FaultArmed;
import dev.firebreak.run.RunEvent.InjectionFailed;
import dev.firebreak.run.RunEvent.InjectionSent;
import dev.firebreak.run.RunEvent.RollbackAbandoned;
import dev.firebreak.run.RunEvent.RollbackFailed;
import dev.firebreak.run.RunEvent.RollbackRequested;
import dev.firebreak.run.RunEvent.RollbackVerified;
import dev.firebreak.run.RunEvent.RunClosed;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How long an injector is waited for, and what its answer is worth when it comes too late. */
class LateAnswersTest {
  private static final Duration TRIP = Duration.ofMillis(50);
  private static final ServiceName MAIL = ServiceName.of("mail");

  private final UnrulyBench bench = new UnrulyBench();
  private final WorldLoop loop = bench.loop;

  @Test
  void armingAndStartingMayEachTakeTheirTime() {
    Duration slow = Duration.ofSeconds(25);
    Run run =
        bench.run(
            bench.new Injector() {
              @Override
              public Undo arm(FaultPlan plan) {
                loop.holdReplyUp(slow);
                return super.arm(plan);
              }

              @Override
              public void start(FaultPlan plan, Undo undo) {
                loop.holdReplyUp(slow);
                super.start(plan, undo);
              }
            },
            event -> {});

    assertThat(run.execute()).isEqualTo(Outcome.HELD);
    assertThat(bench.events(InjectionFailed.class)).isEmpty();
  }

  @Test
  void anArmThatDoesNotAnswerIsARefusalAfterThirtySeconds() {
    Run run =
        bench.run(
            bench.new Injector() {
              @Override
              public Undo arm(FaultPlan plan) {
                loop.neverReply();
                return super.arm(plan);
              }
            },
            event -> {});

    assertThat(run.execute()).isEqualTo(Outcome.REFUSED);
    InjectionFailed failed = only(InjectionFailed.class);
    assertThat(failed.message()).isEqualTo("the injector did not answer within 30 s");
    assertThat(failed.ambiguous()).isFalse();
    assertThat(bench.calls).containsExactly("arm f1");
  }

  @Test
  void aStartThatDoesNotAnswerMayHaveTakenEffectAndIsNotCalledVerified() {
    Run run =
        bench.run(
            bench.new Injector() {
              @Override
              public void start(FaultPlan plan, Undo undo) {
                loop.neverReply();
                super.start(plan, undo);
              }
            },
            event -> {});

    assertThat(run.execute()).isEqualTo(Outcome.FAILED);
    InjectionFailed failed = only(InjectionFailed.class);
    assertThat(failed.message()).isEqualTo("the injector did not answer within 30 s");
    assertThat(failed.ambiguous()).isTrue();
    Duration waited = Duration.between(only(InjectionSent.class).at(), failed.at());
    assertThat(waited).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(30).plus(TRIP));
    assertThat(bench.events(RollbackAbandoned.class)).hasSize(1);
    assertThat(bench.inPlace).isEmpty();
  }

  @Test
  void anArmThatAnswersAfterItWasGivenUpInjectsNothing() {
    Run run =
        bench.run(
            new StubbornUndo("f1", 40) {
              @Override
              public Undo arm(FaultPlan plan) {
                if (plan.request().service().equals(MAIL)) {
                  loop.holdReplyUp(Duration.ofSeconds(40));
                }
                return super.arm(plan);
              }
            },
            event -> {},
            UnrulyBench.SLOW,
            List.of(UnrulyBench.STOCK, MAIL));

    assertThat(run.execute()).isEqualTo(Outcome.INVALID);
    assertThat(bench.calls).contains("arm f2").doesNotContain("start f2");
    assertThat(bench.events(FaultArmed.class)).hasSize(1);
  }

  @Test
  void aGuardThatAnswersAfterItWasGivenUpIsToldToForget() {
    List<String> forgotten = new ArrayList<>();
    bench.guard =
        new IdleGuard() {
          @Override
          public void arm(FaultArmed record) {
            if (record.service().equals(MAIL)) {
              loop.holdReplyUp(Duration.ofSeconds(40));
            }
          }

          @Override
          public void release(FaultId fault) {
            forgotten.add(UnrulyBench.shortName(fault));
          }
        };
    Run run =
        bench.run(
            new StubbornUndo("f1", 40),
            event -> {},
            UnrulyBench.SLOW,
            List.of(UnrulyBench.STOCK, MAIL));
    run.execute();

    assertThat(forgotten).containsExactly("f2", "f1");
    assertThat(bench.calls).doesNotContain("start f2");
  }

  @Test
  void aLaterFaultOfTheTargetWaitsUntilTheEarlierOneIsGone() {
    Run run = bench.run(new SlowSecondStart(10), event -> {}, shortStockThenMailThenStock());

    assertThat(run.execute()).isEqualTo(Outcome.HELD);
    assertThat(at(FaultArmed.class, "f3")).isAfter(at(RollbackVerified.class, "f1"));
    assertThat(at(FaultArmed.class, "f3"))
        .isAfter(at(RollbackRequested.class, "f1").plusSeconds(9));
  }

  @Test
  void anEarlierFaultThatDoesNotGoKeepsALaterOneOut() {
    Run run = bench.run(new SlowSecondStart(45), event -> {}, shortStockThenMailThenStock());

    assertThat(run.execute()).isEqualTo(Outcome.INVALID);
    assertThat(only(RunClosed.class).reason())
        .contains("unruly/slow on stock: the fault before it was not gone within 30 s");
    assertThat(bench.calls).doesNotContain("arm f3");
    assertThat(bench.inPlace).isEmpty();
  }

  @Test
  void anUndoThatDoesNotAnswerIsSentAgainAfterTenSeconds() {
    Run run =
        bench.run(
            new StubbornUndo("f1", 0) {
              @Override
              public void rollBack(Undo undo) throws RollbackException {
                if (!bench.calls.contains("undo f1")) {
                  loop.neverReply();
                }
                super.rollBack(undo);
              }
            },
            event -> {});

    assertThat(run.execute()).isEqualTo(Outcome.HELD);
    RollbackFailed failed = only(RollbackFailed.class);
    assertThat(failed.message()).isEqualTo("no answer within 10 s");
    Duration waited = Duration.between(at(RollbackRequested.class, "f1"), failed.at());
    assertThat(waited).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(10).plus(TRIP));
    assertThat(bench.calls).filteredOn("undo f1"::equals).hasSize(2);
    assertThat(bench.inPlace).isEmpty();
  }

  @Test
  void aLookThatDoesNotAnswerIsRepeatedWithoutAnotherUndo() {
    Run run =
        bench.run(
            bench.new Injector() {
              private boolean asked;

              @Override
              public Observation look(Undo undo) {
                if (!asked && bench.calls.contains("undo f1")) {
                  asked = true;
                  loop.neverReply();
                }
                return super.look(undo);
              }
            },
            event -> {});

    assertThat(run.execute()).isEqualTo(Outcome.HELD);
    assertThat(bench.calls).filteredOn("undo f1"::equals).hasSize(1);
    Duration lasted =
        Duration.between(at(RollbackRequested.class, "f1"), at(RollbackVerified.class, "f1"));
    assertThat(lasted).isBetween(Duration.ofSeconds(13), Duration.ofSeconds(14));
  }

  @Test
  void aStartThatTakesEffectAfterItsUndoIsUndoneAgain() {
    Run run =
        bench.run(
            bench.new Injector() {
              @Override
              public void start(FaultPlan plan, Undo undo) {
                loop.holdReplyUp(Duration.ofSeconds(25));
                loop.after(Duration.ofSeconds(25), () -> bench.inPlace.add(plan.id()));
              }
            },
            event -> {});
    loop.after(UnrulyBench.MINUTE.plusSeconds(3), () -> run.halt(bench.enough()));

    assertThat(run.execute()).isEqualTo(Outcome.ABORTED);
    loop.settle(UnrulyBench.MINUTE);
    assertThat(bench.inPlace).isEmpty();
  }

  @Test
  void onlyTheFaultWhoseStartCameLateIsUndoneAgain() {
    Run run =
        bench.run(
            bench.new Injector() {
              @Override
              public void start(FaultPlan plan, Undo undo) {
                if (plan.request().service().equals(MAIL)) {
                  loop.holdReplyUp(Duration.ofSeconds(15));
                  loop.after(Duration.ofSeconds(15), () -> bench.inPlace.add(plan.id()));
                } else {
                  super.start(plan, undo);
                }
              }
            },
            event -> {},
            UnrulyBench.SLOW,
            List.of(UnrulyBench.STOCK, MAIL));
    loop.after(UnrulyBench.MINUTE.plusSeconds(3), () -> run.halt(bench.enough()));

    assertThat(run.execute()).isEqualTo(Outcome.ABORTED);
    assertThat(bench.inPlace).isEmpty();
    assertThat(bench.calls).filteredOn("undo f1"::equals).hasSize(1);
    assertThat(bench.calls).filteredOn("undo f2"::equals).hasSize(2);
  }

  private <E extends RunEvent> E only(Class<E> type) {
    assertThat(bench.events(type)).hasSize(1);
    return bench.events(type).get(0);
  }

  /** When the first event of this type was, of those that name the fault. */
  private Instant at(Class<? extends RunEvent> type, String fault) {
    return bench.events(type).stream()
        .filter(event -> event.toString().contains("." + fault))
        .findFirst()
        .orElseThrow()
        .at();
  }

  private static List<FaultRequest> shortStockThenMailThenStock() {
    return List.of(
        UnrulyBench.fault(UnrulyBench.SLOW, UnrulyBench.STOCK, Duration.ofSeconds(2)),
        UnrulyBench.fault(UnrulyBench.SLOW, MAIL, UnrulyBench.MINUTE),
        UnrulyBench.fault(UnrulyBench.SLOW, UnrulyBench.STOCK, UnrulyBench.MINUTE));
  }

  /** Fails to undo one fault until so many seconds after the first try. */
  private class StubbornUndo extends UnrulyBench.Injector {
    private final String fault;
    private final Duration stubborn;
    private final Map<FaultId, Duration> firstTry = new HashMap<>();

    StubbornUndo(String fault, int seconds) {
      bench.super();
      this.fault = fault;
      this.stubborn = Duration.ofSeconds(seconds);
    }

    @Override
    public void rollBack(Undo undo) throws RollbackException {
      Duration began = firstTry.computeIfAbsent(undo.id(), id -> loop.elapsed());
      boolean stillStubborn = loop.elapsed().minus(began).compareTo(stubborn) < 0;
      if (UnrulyBench.shortName(undo.id()).equals(fault) && stillStubborn) {
        throw new RollbackException("HTTP 503");
      }
      super.rollBack(undo);
    }
  }

  /** Takes five seconds to start the second fault, while the first is over and does not go. */
  private final class SlowSecondStart extends StubbornUndo {
    SlowSecondStart(int seconds) {
      super("f1", seconds);
    }

    @Override
    public void start(FaultPlan plan, Undo undo) {
      if (plan.request().service().equals(MAIL)) {
        loop.holdReplyUp(Duration.ofSeconds(5));
      }
      super.start(plan, undo);
    }
  }
}

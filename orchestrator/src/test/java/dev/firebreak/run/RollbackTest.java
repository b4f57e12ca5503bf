package dev.firebreak.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.fault.FaultId;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.Injectors;
import dev.firebreak.fault.Observation;
import dev.firebreak.fault.RollbackException;
import dev.firebreak.fault.Undo;
import dev.firebreak.run.RunEvent.FaultArmed;
import dev.firebreak.run.RunEvent.RollbackAcknowledged;
import dev.firebreak.run.RunEvent.RollbackFailed;
import dev.firebreak.run.RunEvent.RollbackRequested;
import dev.firebreak.run.RunEvent.RollbackVerified;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is promised of every rollback, whoever does it: the run, its guard, or a recovery. */
class RollbackTest {
  private static final Instant START = Instant.parse("2026-11-23T10:00:00Z");

  private final UndoOnly injector = new UndoOnly();
  private final RecordingJournal journal = new RecordingJournal();
  private SimulatedLoop loop = new SimulatedLoop(START);
  private Rollback rollback = newRollback();

  private Rollback newRollback() {
    return new Rollback(loop, new Injectors(List.of(injector)), journal);
  }

  @BeforeEach
  void begin() {
    loop = new SimulatedLoop(START, Duration.ofSeconds(3));
    rollback = newRollback();
  }

  @Test
  void targetsAreRolledBackInParallel() {
    rollback.take(List.of(armed("f1", "web"), armed("f2", "cart"), armed("f3", "stock")));
    liveFor(Duration.ofSeconds(1));

    assertThat(journal.events(RollbackRequested.class)).hasSize(3);
    assertThat(journal.events(RollbackRequested.class)).allMatch(event -> event.at().equals(START));
  }

  @Test
  void withinATargetTheLastIsUndoneFirstAndTheOthersWaitForIt() {
    rollback.take(List.of(armed("f1", "stock"), armed("f2", "stock"), armed("f3", "stock")));
    liveUntilSettled();

    assertThat(injector.undone).containsExactly("f3", "f2", "f1");
    List<RunEvent> order =
        journal.events().stream()
            .filter(e -> e instanceof RollbackRequested || e instanceof RollbackAcknowledged)
            .toList();
    assertThat(order.get(0)).isEqualTo(new RollbackRequested(START, FaultId.of("f3"), 1));
    assertThat(order.get(1)).isInstanceOf(RollbackAcknowledged.class);
    assertThat(order.get(2)).isInstanceOf(RollbackRequested.class);
    assertThat(order.get(2).at()).isAfterOrEqualTo(order.get(1).at());
  }

  @Test
  void eachUndoIsExecutedAlthoughOthersFailInWhateverWay() {
    injector.failing("f5", new RollbackException("HTTP 503"));
    injector.failing("f4", new IllegalStateException("a bug"));
    injector.failing("f3", new LinkageError("a missing class"));
    rollback.take(
        List.of(
            armed("f1", "stock"),
            armed("f2", "cart"),
            armed("f3", "stock"),
            armed("f4", "cart"),
            armed("f5", "stock")));
    liveFor(Duration.ofSeconds(30));

    assertThat(injector.undone).contains("f1", "f2").doesNotContain("f3", "f4", "f5");
    assertThat(rollback.settled()).isFalse();
    assertThat(String.join("\n", rollback.unverified()))
        .contains("HTTP 503")
        .contains("a bug")
        .contains("a missing class");
    injector.failing.clear();
    liveUntilSettled();
    assertThat(rollback.unverified()).isEmpty();
  }

  @Test
  void oneThatFailedIsTriedAgainAfterASecondForAMinuteThenLessOftenAndWithoutEnd() {
    loop = new SimulatedLoop(START);
    rollback = newRollback();
    injector.failing("f1", new RollbackException("HTTP 503"));
    rollback.take(List.of(armed("f1", "stock")));
    liveFor(Duration.ofHours(2));

    List<RollbackFailed> failed = journal.events(RollbackFailed.class);
    List<Duration> pauses = new ArrayList<>();
    for (int i = 1; i < failed.size(); i++) {
      pauses.add(Duration.between(failed.get(i - 1).at(), failed.get(i).at()));
    }
    assertThat(pauses.subList(0, 59)).allMatch(pause -> pause.toMillis() < 1_100);
    assertThat(pauses.subList(100, pauses.size())).allMatch(pause -> pause.toSeconds() == 30);
    assertThat(failed.get(failed.size() - 1).at()).isAfter(START.plus(Duration.ofMinutes(119)));
    assertThat(failed).extracting(RollbackFailed::attempt).doesNotHaveDuplicates().isSorted();

    injector.failing.clear();
    liveFor(Duration.ofMinutes(1));
    assertThat(rollback.settled()).isTrue();
  }

  @Test
  void isVerifiedByTwoLooksAtLeastTwoSecondsApart() {
    loop = new SimulatedLoop(START);
    rollback = newRollback();
    rollback.take(List.of(armed("f1", "stock")));
    liveUntilSettled();

    Instant acknowledged = journal.events(RollbackAcknowledged.class).get(0).at();
    Instant verified = journal.events(RollbackVerified.class).get(0).at();
    assertThat(Duration.between(acknowledged, verified)).isGreaterThan(Duration.ofSeconds(2));
    assertThat(injector.looks).hasSize(2);
    assertThat(injector.looks.get(1) - injector.looks.get(0))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(2).toNanos());
  }

  @Test
  void whatReappearsBetweenTheTwoLooksIsUndoneAgain() {
    injector.sees("f1", Observation.gone("down"), Observation.present("up again"));
    rollback.take(List.of(armed("f1", "stock")));
    liveUntilSettled();

    assertThat(injector.undone).containsExactly("f1", "f1");
    assertThat(injector.looks).hasSize(4);
  }

  @Test
  void aLookThatSeesNothingIsNoneAndTheTwoBeginAnew() {
    injector.sees("f1", Observation.gone("down"), Observation.unknown("no answer"));
    rollback.take(List.of(armed("f1", "stock")));
    liveUntilSettled();

    assertThat(injector.undone).containsExactly("f1");
    assertThat(injector.looks).hasSize(4);
  }

  @Test
  void aLookThatBreaksIsTakenForNotSeen() {
    injector.lookBreaks = true;
    rollback.take(List.of(armed("f1", "stock")));
    liveFor(Duration.ofSeconds(30));
    assertThat(rollback.settled()).isFalse();
    assertThat(rollback.unverified()).singleElement().asString().contains("the injector broke");

    injector.lookBreaks = false;
    liveUntilSettled();
    assertThat(journal.events(RollbackVerified.class)).hasSize(1);
  }

  @Test
  void aLookThatSeesNothingIsRepeatedOnceASecond() {
    injector.blind = true;
    rollback.take(List.of(armed("f1", "stock")));
    liveFor(Duration.ofMinutes(2));

    assertThat(injector.looks).hasSizeBetween(25, 31);
    assertThat(injector.undone).containsExactly("f1");
  }

  @Test
  void whatALaterFaultMayRestoreIsNotVerifiedBeforeThatIsGone() {
    loop = new SimulatedLoop(START);
    rollback = newRollback();
    injector.failing("f2", new RollbackException("HTTP 503"));
    rollback.take(List.of(armed("f1", "stock"), armed("f2", "stock"), armed("f3", "web")));
    liveFor(Duration.ofSeconds(20));

    assertThat(injector.undone).containsExactly("f3", "f1");
    assertThat(verified()).containsExactly("f3");
    assertThat(injector.looks).hasSizeBetween(20, 40);

    injector.failing.clear();
    liveUntilSettled();
    assertThat(verified()).containsExactly("f3", "f2", "f1");
  }

  @Test
  void onlyWhatCameBackIsUndoneAgain() {
    injector.failing("f3", new RollbackException("HTTP 503"));
    rollback.take(List.of(armed("f1", "stock"), armed("f2", "web"), armed("f3", "cart")));
    liveFor(Duration.ofSeconds(30));
    assertThat(verified()).containsExactlyInAnyOrder("f1", "f2");

    injector.sees("f1", Observation.inPlace("up again"));
    liveFor(Duration.ofSeconds(30));
    assertThat(injector.undone).containsExactlyInAnyOrder("f1", "f1", "f2");
    assertThat(rollback.settled()).isFalse();
    assertThat(rollback.unverified()).singleElement().asString().contains("HTTP 503");

    injector.failing.clear();
    liveUntilSettled();
    assertThat(injector.undone).contains("f3");
  }

  @Test
  void whatIsGoneIsLookedAtAgainEveryTwoSeconds() {
    loop = new SimulatedLoop(START);
    rollback = newRollback();
    rollback.take(List.of(armed("f1", "stock")));
    liveUntilSettled();
    int before = injector.looks.size();
    liveFor(Duration.ofMinutes(1));

    assertThat(injector.looks.size() - before).isBetween(29, 31);
  }

  @Test
  void whatNoInjectorCanUndoIsToldAndKeepsNoOtherFromBeingUndone() {
    FaultArmed foreign =
        new FaultArmed(
            START,
            FaultId.of("f9"),
            FaultKind.of("no/such"),
            ServiceName.of("stock"),
            "somewhere",
            Duration.ofMinutes(1),
            new Undo(FaultId.of("f9"), FaultKind.of("no/such"), Map.of()));
    rollback.take(List.of(armed("f1", "stock"), foreign));
    liveUntilSettled();

    assertThat(injector.undone).containsExactly("f1");
    assertThat(rollback.unverified()).singleElement().asString().contains("no/such");
  }

  @Test
  void nothingToRollBackIsSettledAndWaitsForNothing() {
    assertThat(rollback.settled()).isTrue();
    assertThat(rollback.dueNanos()).isEqualTo(Long.MAX_VALUE);
  }

  private FaultArmed armed(String id, String service) {
    return injector.armed(START, id, service);
  }

  private List<String> verified() {
    return journal.events(RollbackVerified.class).stream()
        .map(event -> event.fault().value())
        .toList();
  }

  private void liveUntilSettled() {
    long end = loop.nanoTime() + Duration.ofMinutes(5).toNanos();
    while (!rollback.settled() && loop.nanoTime() < end) {
      rollback.advance();
      loop.next(Math.min(end, rollback.dueNanos()));
    }
    assertThat(rollback.settled()).isTrue();
  }

  private void liveFor(Duration duration) {
    long end = loop.nanoTime() + duration.toNanos();
    while (loop.nanoTime() < end) {
      rollback.advance();
      loop.next(Math.min(end, rollback.dueNanos()));
    }
  }

  /** Looks take their time by the loop's clock. */
  private final class UndoOnly extends UndoingInjector {
    final List<Long> looks = new ArrayList<>();
    boolean lookBreaks;
    boolean blind;

    @Override
    public Observation look(Undo undo) {
      looks.add(loop.nanoTime());
      if (lookBreaks) {
        throw new IllegalStateException("a bug");
      }
      return blind ? Observation.unknown("no answer") : super.look(undo);
    }
  }
}

package dev.firebreak.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firebreak.experiment.Schedule;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With the real Quartz and the real clock. */
@Timeout(60)
final class GameDaySchedulerTest {
  private static final GameDayName NAME = new GameDayName("every second");
  private static final Schedule EVERY_SECOND = schedule("* * * * * ?");
  private static final Duration SOON = Duration.ofSeconds(5);

  FireLedger ledger;
  final Queue<Instant> fired = new ConcurrentLinkedQueue<>();

  @BeforeEach
  void open(@TempDir Path fresh) throws LedgerException {
    ledger = FireLedger.open(fresh);
  }

  @Test
  void firesAtTheSecondsOfTheExpressionOnADaemonThread() throws Exception {
    CountDownLatch two = new CountDownLatch(2);
    Queue<Boolean> daemon = new ConcurrentLinkedQueue<>();
    try (GameDayScheduler scheduler =
        scheduler(
            (name, at) -> {
              fired.add(at);
              daemon.add(Thread.currentThread().isDaemon());
              two.countDown();
            })) {
      scheduler.schedule(NAME, EVERY_SECOND);
      scheduler.start();
      assertThat(two.await(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(fired)
        .doesNotHaveDuplicates()
        .allMatch(at -> at.equals(at.truncatedTo(ChronoUnit.SECONDS)));
    assertThat(daemon).containsOnly(true);
    assertThat(ledger.last(NAME, 1000)).extracting(FireRow::scheduledAt).containsAll(fired);
  }

  @Test
  void firesNothingBeforeItIsStartedNorAfterItIsClosed(@TempDir Path fresh) throws Exception {
    GameDayScheduler scheduler = scheduler((name, at) -> fired.add(at));
    scheduler.schedule(NAME, EVERY_SECOND);
    assertThat(ledger.last(NAME, 1)).isEmpty();
    scheduler.start();
    await(() -> !fired.isEmpty());
    scheduler.close();
    scheduler.close();
    List<Instant> before = List.copyOf(fired);
    awaitTwoSecondsOfAnother(fresh);
    assertThat(fired).containsExactlyElementsOf(before);
    assertThatThrownBy(scheduler::start).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> scheduler.schedule(NAME, EVERY_SECOND))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void firesEachInstantOnceForTwoSchedulersOnOneLedger() throws Exception {
    CountDownLatch three = new CountDownLatch(3);
    FireHandler handler =
        (name, at) -> {
          fired.add(at);
          three.countDown();
        };
    try (GameDayScheduler one = scheduler(handler);
        GameDayScheduler other = scheduler(handler)) {
      for (GameDayScheduler scheduler : List.of(one, other)) {
        scheduler.schedule(NAME, EVERY_SECOND);
        scheduler.start();
      }
      assertThat(three.await(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(fired).doesNotHaveDuplicates();
  }

  @Test
  void skipsFiresWhileTheGameDayStillRunsAndClosesWithoutWaitingForEver() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    try {
      try (GameDayScheduler scheduler =
          new GameDayScheduler(
              ledger,
              (name, at) -> awaitQuietly(end),
              InstantSource.system(),
              Duration.ofMillis(50))) {
        scheduler.schedule(NAME, EVERY_SECOND);
        scheduler.start();
        await(
            () -> ledger.last(NAME, 1).stream().anyMatch(row -> row.state() == FireState.SKIPPED));
      }
      assertThat(ledger.last(NAME, 1000).stream().filter(row -> row.state() == FireState.RUN))
          .hasSize(1);
      assertThat(ledger.occupy(NAME)).as("the run is still going").isEmpty();
    } finally {
      end.countDown();
    }
    await(() -> ledger.occupy(NAME).isPresent());
  }

  @Test
  void firesNoMoreWhatIsUnscheduledAndWhatReplacedItInstead() throws Exception {
    GameDayName gone = new GameDayName("gone");
    Queue<GameDayName> names = new ConcurrentLinkedQueue<>();
    try (GameDayScheduler scheduler = scheduler((name, at) -> names.add(name))) {
      scheduler.start();
      scheduler.schedule(gone, EVERY_SECOND);
      scheduler.schedule(NAME, schedule("0 0 1 1 *"));
      await(() -> names.contains(gone));
      scheduler.unschedule(gone);
      scheduler.unschedule(new GameDayName("never known"));
      names.clear();
      scheduler.schedule(NAME, EVERY_SECOND);
      await(() -> names.stream().filter(NAME::equals).count() >= 2);
      assertThat(names.stream().filter(gone::equals).count()).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void refusesAScheduleThatCannotFire() throws Exception {
    try (GameDayScheduler scheduler = scheduler((name, at) -> fired.add(at))) {
      assertThatThrownBy(() -> scheduler.schedule(NAME, schedule("0 0 30 2 *")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("every second: it can never fire");
      assertThatThrownBy(() -> scheduler.schedule(NAME, schedule("0 0 10 1 1 ? 2020")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("never fires again");
      assertThatThrownBy(
              () ->
                  scheduler.schedule(
                      NAME, new Schedule("0 10 * * *", ZoneOffset.UTC, Duration.ZERO)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("at least PT1S");
    }
  }

  private static void awaitTwoSecondsOfAnother(Path ledger) throws Exception {
    CountDownLatch two = new CountDownLatch(2);
    try (GameDayScheduler another =
        new GameDayScheduler(
            FireLedger.open(ledger), (name, at) -> two.countDown(), InstantSource.system(), SOON)) {
      another.schedule(NAME, EVERY_SECOND);
      another.start();
      assertThat(two.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  private GameDayScheduler scheduler(FireHandler handler) {
    return new GameDayScheduler(ledger, handler, InstantSource.system(), SOON);
  }

  private static Schedule schedule(String cron) {
    return new Schedule(cron, ZoneOffset.UTC, Duration.ofSeconds(30));
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(end);
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package dev.firebreak.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.firebreak.experiment.Schedule;
import dev.firebreak.run.Outcome;
import dev.firebreak.run.RunId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class FireLedgerTest {
  private static final GameDayName WEEKLY = new GameDayName("checkout-weekly");
  private static final GameDayName DAILY = new GameDayName("Search, täglich");
  private static final Instant FIRE = Instant.parse("2026-11-24T09:00:00Z");
  private static final RunId RUN = new RunId("20261124-090000-abc123");

  Path directory;
  FireLedger ledger;

  @BeforeEach
  void open(@TempDir Path fresh) throws LedgerException {
    directory = fresh;
    ledger = FireLedger.open(directory.resolve("ledger"));
  }

  @Test
  void keepsWhatBecameOfAFire() throws Exception {
    decide(WEEKLY, FIRE, FireDecision.RUN);
    assertThat(ledger.last(1)).first().extracting(FireRow::state).isEqualTo(FireState.RUN);
    ledger.started(WEEKLY, FIRE, RUN, FIRE);
    ledger.ended(WEEKLY, FIRE, Outcome.CASCADED, FIRE.plusSeconds(300));
    FireRow row = FireLedger.open(directory.resolve("ledger")).last(1).get(0);
    assertThat(row.gameDay()).isEqualTo(WEEKLY);
    assertThat(row.scheduledAt()).isEqualTo(FIRE);
    assertThat(row.runId()).hasValue(RUN);
    assertThat(row.outcome()).hasValue(Outcome.CASCADED);
  }

  @Test
  void keepsWhyAFireWasNotRun() throws Exception {
    decide(WEEKLY, FIRE, new FireDecision(FireState.SKIPPED, "line\none\ttab"));
    assertThat(ledger.last(1).get(0).state()).isEqualTo(FireState.SKIPPED);
    assertThat(ledger.last(1).get(0).reason()).isEqualTo("line one tab");
  }

  @Test
  void showsTheNewestRowsOfAllGameDaysFirst() throws Exception {
    for (int hour = 0; hour < 5; hour++) {
      ledger.miss(hour % 2 == 0 ? WEEKLY : DAILY, FIRE.plusSeconds(3600L * hour), "late", FIRE);
    }
    assertThat(ledger.last(3))
        .extracting(FireRow::gameDay, row -> Duration.between(FIRE, row.scheduledAt()).toHours())
        .containsExactly(tuple(WEEKLY, 4L), tuple(DAILY, 3L), tuple(WEEKLY, 2L));
    assertThat(ledger.last(DAILY, 10)).hasSize(2);
    assertThat(ledger.last(new GameDayName("unknown"), 10)).isEmpty();
  }

  @Test
  void passesOverWhatElseLiesInItsDirectory() throws Exception {
    ledger.miss(WEEKLY, FIRE, "late", FIRE);
    Files.createFile(directory.resolve("ledger/notes"));
    Files.createDirectory(directory.resolve("ledger/lost+found"));
    Files.createFile(directory.resolve("ledger/checkout-weekly/20261124T090000Z.bak"));
    assertThat(ledger.last(9)).hasSize(1);
  }

  @Test
  void givesAFireToOneClaimantOnly() throws Exception {
    ledger.claim(WEEKLY, FIRE, FIRE).orElseThrow().close();
    assertThat(ledger.claim(WEEKLY, FIRE, FIRE)).isEmpty();
    assertThat(FireLedger.open(directory.resolve("ledger")).claim(WEEKLY, FIRE, FIRE)).isEmpty();
    ledger.miss(WEEKLY, FIRE, "late", FIRE);
    assertThat(ledger.last(1).get(0).state()).isEqualTo(FireState.CLAIMED);
  }

  @Test
  void givesEachFireToOneOfManyThreadsWithLedgersOfTheirOwn() throws Exception {
    int threads = 8;
    CyclicBarrier together = new CyclicBarrier(threads);
    Callable<List<Instant>> claimant =
        () -> {
          FireLedger own = FireLedger.open(directory.resolve("ledger"));
          together.await();
          return Rival.claims(own, WEEKLY, FIRE, 50);
        };
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Instant> claimed = new ArrayList<>();
      for (Future<List<Instant>> each :
          pool.invokeAll(IntStream.range(0, threads).mapToObj(i -> claimant).toList())) {
        claimed.addAll(each.get());
      }
      assertThat(claimed).hasSize(50).doesNotHaveDuplicates();
      assertThat(ledger.last(100)).hasSize(50).allMatch(row -> row.state() == FireState.RUN);
    } finally {
      pool.shutdownNow();
      assertThat(pool.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void givesEachFireToOneOfTwoProcesses() throws Exception {
    try (Rival rival = Rival.at(directory.resolve("ledger"))) {
      rival.tell("occupy another");
      assertThat(rival.answer()).as("it is up").isEqualTo("true");
      rival.tell("claims checkout-weekly %s 100".formatted(FIRE));
      List<Instant> ours = Rival.claims(ledger, WEEKLY, FIRE, 100);
      String theirs = rival.answer();
      assertThat(ours).noneMatch(fire -> theirs.contains(fire.toString()));
      assertThat(ours.size() + theirs.split(",", -1).length - (theirs.equals("[]") ? 1 : 0))
          .isEqualTo(100);
    }
  }

  @Test
  void letsOneProcessRunAGameDayAndTheNextWhenThatOneIsKilled() throws Exception {
    try (Rival rival = Rival.at(directory.resolve("ledger"))) {
      rival.tell("occupy checkout-weekly");
      assertThat(rival.answer()).isEqualTo("true");
      assertThat(ledger.occupy(WEEKLY)).isEmpty();
      assertThat(ledger.occupy(DAILY)).isPresent();
    }
    assertThat(ledger.occupy(WEEKLY)).isPresent();
  }

  @Test
  void letsOneOfTwoLedgersInAProcessRunAGameDay() throws Exception {
    FireLedger other = FireLedger.open(directory.resolve("ledger"));
    Occupation place = ledger.occupy(WEEKLY).orElseThrow();
    assertThat(other.occupy(WEEKLY)).isEmpty();
    try (Rival rival = Rival.at(directory.resolve("ledger"))) {
      rival.tell("occupy checkout-weekly");
      assertThat(rival.answer()).isEqualTo("false");
      place.close();
      rival.tell("occupy checkout-weekly");
      assertThat(rival.answer()).isEqualTo("true");
    }
  }

  @Test
  void neverGivesAwayAFireWhoseClaimantWasKilledBeforeItDecided() throws Exception {
    try (Rival rival = Rival.at(directory.resolve("ledger"))) {
      rival.tell("claim checkout-weekly " + FIRE);
      assertThat(rival.answer()).isEqualTo("true");
    }
    assertThat(ledger.claim(WEEKLY, FIRE, FIRE)).isEmpty();
    assertThat(ledger.last(1).get(0).state()).isEqualTo(FireState.CLAIMED);
    ledger.missIfUndecided(WEEKLY, FIRE, "who claimed it ended", FIRE);
    assertThat(ledger.last(1).get(0).state()).isEqualTo(FireState.MISSED);
  }

  @Test
  void readsAFileThatWasCutAnywhere() throws Exception {
    decide(WEEKLY, FIRE, FireDecision.RUN);
    ledger.started(WEEKLY, FIRE, RUN, FIRE);
    Path file = directory.resolve("ledger/checkout-weekly/20261124T090000Z");
    byte[] whole = Files.readAllBytes(file);
    int decided = new String(whole, StandardCharsets.UTF_8).indexOf("RUN");
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      FireRow row = ledger.last(1).get(0);
      assertThat(row.state())
          .isEqualTo(length <= decided + "RUN\t".length() ? FireState.CLAIMED : FireState.RUN);
      assertThat(row.runId()).isEmpty();
      ledger.missIfUndecided(WEEKLY, FIRE, "cut", FIRE);
      assertThat(ledger.last(1).get(0).state())
          .isEqualTo(row.state() == FireState.RUN ? FireState.RUN : FireState.MISSED);
      assertThat(ledger.claim(WEEKLY, FIRE, FIRE)).isEmpty();
    }
  }

  @Test
  void saysThatAFileIsDamagedAndDoesNotCallItMissed() throws Exception {
    ledger.claim(WEEKLY, FIRE, FIRE).orElseThrow().close();
    Path file = directory.resolve("ledger/checkout-weekly/20261124T090000Z");
    Files.writeString(file, "no\tsuch line\n");
    ledger.missIfUndecided(WEEKLY, FIRE, "cut", FIRE);
    assertThat(ledger.last(1).get(0).state()).isEqualTo(FireState.CLAIMED);
    assertThat(ledger.last(1).get(0).reason()).contains("damaged");
  }

  @Test
  void remembersSinceWhenAScheduleIsWatchedUntilItChanges() throws Exception {
    Schedule tuesdays = new Schedule("0 10 * * TUE", ZoneOffset.UTC, Duration.ofMinutes(1));
    Schedule daily = new Schedule("0 10 * * *", ZoneOffset.UTC, Duration.ofMinutes(1));
    assertThat(ledger.watch(WEEKLY, tuesdays, FIRE)).isEqualTo(FIRE);
    assertThat(ledger.watch(WEEKLY, tuesdays, FIRE.plusSeconds(60))).isEqualTo(FIRE);
    assertThat(ledger.watch(WEEKLY, daily, FIRE.plusSeconds(90))).isEqualTo(FIRE.plusSeconds(90));
    ledger.unwatch(WEEKLY);
    assertThat(ledger.watch(WEEKLY, daily, FIRE.plusSeconds(95))).isEqualTo(FIRE.plusSeconds(95));
    Files.writeString(directory.resolve("ledger/checkout-weekly/watch"), "garbage");
    assertThat(ledger.watch(WEEKLY, daily, FIRE.plusSeconds(99))).isEqualTo(FIRE.plusSeconds(99));
  }

  @Test
  void saysWhichDirectoryCannotBeOpened() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> FireLedger.open(file.resolve("x")))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining(file.toString());
  }

  private void decide(GameDayName gameDay, Instant fire, FireDecision decision)
      throws LedgerException {
    try (FireLedger.Claim claim = ledger.claim(gameDay, fire, fire).orElseThrow()) {
      claim.decide(decision, fire);
    }
  }
}

package dev.firebreak.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.experiment.Schedule;
import dev.firebreak.run.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DoorkeeperTest {
  private static final GameDayName NAME = new GameDayName("checkout-hourly");
  private static final Schedule HOURLY =
      new Schedule("0 * * * *", ZoneOffset.UTC, Duration.ofMinutes(1));
  private static final Instant NINE = Instant.parse("2026-11-24T09:00:00Z");

  Path directory;
  FireLedger ledger;
  Instant now = NINE.minusSeconds(600);
  final List<Instant> fired = new ArrayList<>();
  final List<Runnable> runs = new ArrayList<>();

  @BeforeEach
  void open(@TempDir Path fresh) throws LedgerException {
    directory = fresh;
    ledger = FireLedger.open(directory);
  }

  @Test
  void runsAFireForWhichTheBellRingsAndWritesItDownFirst() throws Exception {
    Doorkeeper doorkeeper =
        new Doorkeeper(
            ledger,
            (name, at) -> assertThat(states()).containsExactly("09:00 RUN"),
            () -> now,
            Runnable::run);
    doorkeeper.watch(NAME, HOURLY);
    now = NINE.plusMillis(3);
    doorkeeper.answer(NAME, NINE);
    assertThat(ledger.last(NAME, 9).get(0).outcome()).as("the handler's check held").isEmpty();
  }

  @Test
  void runsAFireOnceHoweverOftenTheBellRings() throws Exception {
    Doorkeeper doorkeeper = watching(NINE);
    doorkeeper.answer(NAME, NINE);
    doorkeeper.answer(NAME, NINE);
    endRuns();
    doorkeeper.answer(NAME, NINE);
    assertThat(fired).containsExactly(NINE);
  }

  @Test
  void runsAFireWhoseBellRingsAMomentEarly() throws Exception {
    Doorkeeper doorkeeper = watching(NINE.minusMillis(2));
    doorkeeper.answer(NAME, NINE);
    endRuns();
    assertThat(fired).containsExactly(NINE);
  }

  @Test
  void runsNothingWhenTheBellRingsForNothing() throws Exception {
    watching(NINE.minusSeconds(60)).answer(NAME, NINE.minusSeconds(60));
    watching(NINE.plusSeconds(1)).answer(new GameDayName("unknown"), NINE);
    assertThat(runs).isEmpty();
    assertThat(states()).isEmpty();
  }

  @Test
  void neverRunsAFireAfterItsDeadline() throws Exception {
    watching(NINE.plusMillis(60_001)).answer(NAME, NINE);
    assertThat(runs).isEmpty();
    assertThat(states()).containsExactly("09:00 MISSED");
    assertThat(ledger.last(1).get(0).reason()).contains("within PT1M");
  }

  @Test
  void neverLetsAGameDayOverlapItself() throws Exception {
    Doorkeeper doorkeeper = watching(NINE);
    doorkeeper.answer(NAME, NINE);
    now = NINE.plusSeconds(3600);
    doorkeeper.answer(NAME, now);
    assertThat(states()).containsExactly("10:00 SKIPPED", "09:00 RUN");
    assertThat(ledger.last(1).get(0).reason()).contains("previous run");
    endRuns();
    now = NINE.plusSeconds(7200);
    doorkeeper.answer(NAME, now);
    assertThat(states()).containsExactly("11:00 RUN", "10:00 SKIPPED", "09:00 RUN");
    endRuns();
  }

  @Test
  void leavesToAnotherWhatAnotherHasClaimed() throws Exception {
    Doorkeeper one = watching(NINE);
    Doorkeeper other = watching(NINE);
    one.answer(NAME, NINE);
    other.answer(NAME, NINE);
    endRuns();
    assertThat(fired).containsExactly(NINE);
    assertThat(states()).containsExactly("09:00 RUN");
  }

  @Test
  void writesDownWhatPassedWhileNobodyWasThereAndRunsWhatIsStillInTime() throws Exception {
    Doorkeeper before = watching(NINE);
    before.answer(NAME, NINE);
    endRuns();
    Doorkeeper after = watching(NINE.plusSeconds(3 * 3600 + 59));
    after.answer(NAME, now);
    endRuns();
    assertThat(states()).containsExactly("12:00 RUN", "11:00 MISSED", "10:00 MISSED", "09:00 RUN");
    assertThat(fired).containsExactly(NINE, NINE.plusSeconds(3 * 3600));
  }

  @Test
  void doesNotMissWhatAnotherScheduleWouldHaveFired() throws Exception {
    watching(NINE);
    now = NINE.plusSeconds(5 * 3600 + 120);
    Doorkeeper changed = doorkeeper();
    changed.watch(NAME, new Schedule("*/30 * * * *", ZoneOffset.UTC, Duration.ofMinutes(1)));
    changed.answer(NAME, now);
    assertThat(states()).isEmpty();
  }

  @Test
  void writesDownABoundedNumberOfMissedFiresAndSpeaksForTheRest() throws Exception {
    watching(NINE.minusSeconds(600));
    Doorkeeper after = watching(NINE.plusSeconds(1000L * 3600 + 1800));
    after.answer(NAME, now);
    List<FireRow> rows = ledger.last(NAME, 5000);
    assertThat(rows).hasSize(Doorkeeper.MOST_MISSED_ROWS);
    assertThat(rows.get(0).reason()).contains("nor any later one before 2027-01-05T01:29:00Z");
    watching(now).answer(NAME, now);
    assertThat(ledger.last(NAME, 5000)).isEqualTo(rows);
    now = NINE.plusSeconds(1001L * 3600);
    watching(now).answer(NAME, now);
    assertThat(runs).hasSize(1);
  }

  @Test
  void callsMissedWhatItsClaimantLeftUndecided() throws Exception {
    watching(NINE.minusSeconds(600));
    ledger.claim(NAME, NINE, NINE).orElseThrow().close();
    Doorkeeper inTime = watching(NINE.plusSeconds(30));
    inTime.answer(NAME, now);
    assertThat(states()).containsExactly("09:00 CLAIMED");
    now = NINE.plusSeconds(3600);
    inTime.answer(NAME, now);
    endRuns();
    assertThat(states()).containsExactly("10:00 RUN", "09:00 MISSED");
    assertThat(fired).containsExactly(NINE.plusSeconds(3600));
  }

  @Test
  void recordsARunThatBrokeAndGoesOn() throws Exception {
    Doorkeeper doorkeeper =
        new Doorkeeper(
            ledger,
            (name, at) -> {
              throw new IllegalStateException("broken");
            },
            () -> now,
            Runnable::run);
    doorkeeper.watch(NAME, HOURLY);
    now = NINE;
    doorkeeper.answer(NAME, NINE);
    now = NINE.plusSeconds(3600);
    doorkeeper.answer(NAME, now);
    assertThat(ledger.last(9))
        .hasSize(2)
        .allMatch(row -> row.state() == FireState.RUN)
        .allMatch(row -> row.outcome().equals(Optional.of(Outcome.FAILED)));
  }

  @Test
  void runsNothingWhenTheLedgerCannotBeWrittenAndLooksAgainLater() throws Exception {
    Doorkeeper doorkeeper = watching(NINE);
    Path home = directory.resolve(NAME.directory());
    Path aside = directory.resolve("aside");
    Files.move(home, aside);
    Files.createFile(home);
    doorkeeper.answer(NAME, NINE);
    assertThat(runs).isEmpty();
    Files.delete(home);
    Files.move(aside, home);
    now = NINE.plusSeconds(20);
    doorkeeper.answer(NAME, now);
    assertThat(runs).hasSize(1);
  }

  @Test
  void leavesNoOtherFilesBehind() throws Exception {
    watching(NINE).answer(NAME, NINE);
    try (Stream<Path> files = Files.list(directory.resolve(NAME.directory()))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("20261124T090000Z", "running.lock", "watch");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Watches since ten minutes before nine, or since the last who did; the time is {@code then}. */
  private Doorkeeper watching(Instant then) throws LedgerException {
    Doorkeeper doorkeeper = doorkeeper();
    doorkeeper.watch(NAME, HOURLY);
    now = then;
    return doorkeeper;
  }

  private Doorkeeper doorkeeper() {
    return new Doorkeeper(ledger, (name, at) -> fired.add(at), () -> now, runs::add);
  }

  private void endRuns() {
    runs.forEach(Runnable::run);
    runs.clear();
  }

  private List<String> states() {
    try {
      return ledger.last(NAME, 99).stream()
          .map(row -> row.scheduledAt().atZone(ZoneOffset.UTC).toLocalTime() + " " + row.state())
          .toList();
    } catch (LedgerException e) {
      throw new AssertionError(e);
    }
  }
}

package dev.firebreak.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.experiment.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class DaylightSavingTest {
  private static final Instant WINTER = Instant.parse("2027-01-15T00:00:00Z");
  private static final Instant SUMMER = Instant.parse("2027-07-15T00:00:00Z");

  /** Zones whose gap ends at midnight or lasts two hours. */
  private static final Set<String> QUARTZ_LOSES_MORE =
      Set.of("America/Godthab", "America/Nuuk", "America/Scoresbysund", "Antarctica/Troll");

  @Test
  void skipsAFireThatTheClocksOfBerlinJumpOver() {
    assertThat(fires("30 2 * * *", "2027-03-27T00:00:00Z", 2))
        .containsExactly("2027-03-27T02:30+01:00", "2027-03-29T02:30+02:00");
  }

  @Test
  void firesOnceWhenTheClocksOfBerlinShowItsTimeTwice() {
    assertThat(fires("30 2 * * *", "2027-10-30T12:00:00Z", 2))
        .containsExactly("2027-10-31T02:30+01:00", "2027-11-01T02:30+01:00");
  }

  @Test
  void showsTheSameLocalTimeBeforeAndAfterTheChange() {
    assertThat(fires("0 10 * * SUN", "2027-03-20T00:00:00Z", 2))
        .containsExactly("2027-03-21T10:00+01:00", "2027-03-28T10:00+02:00");
  }

  @Test
  void warnsOfTheSkippedFireAndOfTheDoubledOne() {
    assertThat(CronExpressions.daylightWarnings(berlin("30 2 * * *"), WINTER))
        .containsExactly(
            "2027-03-28: the clocks of Europe/Berlin go forward from 02:00 to 03:00; the fire at 02:30 is skipped",
            "2027-10-31: the clocks of Europe/Berlin go back from 03:00 to 02:00; the fire at 02:30 comes twice on the clock and fires at +01:00 only");
  }

  @Test
  void warnsOfTheSilentHourOfAFrequentSchedule() {
    assertThat(CronExpressions.daylightWarnings(berlin("0 0/15 * * * ?"), SUMMER))
        .first()
        .isEqualTo(
            "2027-10-31: the clocks of Europe/Berlin go back from 03:00 to 02:00; 4 fires from 02:00 to 02:45 come twice on the clock and fire at +01:00 only");
  }

  @Test
  void doesNotWarnWhereNoFireIsTouched() {
    assertThat(CronExpressions.daylightWarnings(berlin("0 10 * * *"), WINTER)).isEmpty();
    assertThat(CronExpressions.daylightWarnings(berlin("0 3 * * *"), WINTER)).isEmpty();
    assertThat(CronExpressions.daylightWarnings(berlin("30 2 * * MON"), WINTER)).isEmpty();
    assertThat(
            CronExpressions.daylightWarnings(
                new Schedule("30 2 * * *", ZoneOffset.UTC, Duration.ofMinutes(1)), WINTER))
        .isEmpty();
  }

  @Test
  void warnsOfTheDayThatQuartzLosesWhereAGapEndsAtMidnight() {
    assertThat(
            CronExpressions.daylightWarnings(
                new Schedule("*/30 * * * *", ZoneId.of("America/Nuuk"), Duration.ofMinutes(1)),
                WINTER))
        .first()
        .isEqualTo(
            "2027-03-27: the clocks of America/Nuuk go forward from 23:00 to 00:00; 50 fires from 23:00 to 2027-03-28T23:30 are skipped");
  }

  @Test
  void everyZoneFiresAtEachOfItsLocalTimesOnceButForThoseThatDoNotExist() {
    for (String id : ZoneId.getAvailableZoneIds()) {
      ZoneId zone = ZoneId.of(id);
      ZoneOffsetTransition change = zone.getRules().nextTransition(WINTER);
      if (QUARTZ_LOSES_MORE.contains(id)) {
        continue;
      }
      for (int i = 0; i < 2 && change != null; i++) {
        assertFiresAreAsWarned(zone, change);
        change = zone.getRules().nextTransition(change.getInstant());
      }
    }
  }

  private static void assertFiresAreAsWarned(ZoneId zone, ZoneOffsetTransition change) {
    Schedule schedule = new Schedule("*/30 * * * *", zone, Duration.ofMinutes(1));
    Instant from = change.getInstant().minus(Duration.ofHours(5));
    Instant to = change.getInstant().plus(Duration.ofHours(5));
    List<LocalDateTime> fired =
        CronExpressions.parsed(schedule).between(from, to, 100).stream()
            .map(fire -> LocalDateTime.ofInstant(fire, zone))
            .toList();
    Set<LocalDateTime> onTheClock = new TreeSet<>();
    for (Instant time = from.plusSeconds(900); !time.isAfter(to); time = time.plusSeconds(900)) {
      onTheClock.add(LocalDateTime.ofInstant(time, zone));
    }
    onTheClock.removeIf(time -> time.getMinute() % 30 != 0);
    assertThat(fired).as("%s", change).doesNotHaveDuplicates();
    assertThat(fired).as("%s", change).containsExactlyInAnyOrderElementsOf(onTheClock);
    assertThat(CronExpressions.daylightWarnings(schedule, from)).as("%s", change).isNotEmpty();
  }

  private static List<String> fires(String cron, String from, int n) {
    return CronExpressions.nextFires(berlin(cron), Instant.parse(from), n).stream()
        .map(fire -> fire.toOffsetDateTime().toString())
        .collect(Collectors.toList());
  }

  private static Schedule berlin(String cron) {
    return new Schedule(cron, ZoneId.of("Europe/Berlin"), Duration.ofMinutes(1));
  }
}

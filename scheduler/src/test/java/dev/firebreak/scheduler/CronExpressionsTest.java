package dev.firebreak.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firebreak.experiment.Schedule;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CronExpressionsTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  /** A Monday. */
  private static final Instant NOW = Instant.parse("2026-11-23T00:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 10 * * TUE          | 2026-11-24T10:00 2026-12-01T10:00",
        "0 10 * * 2            | 2026-11-24T10:00 2026-12-01T10:00",
        "0 10 * * 0            | 2026-11-29T10:00 2026-12-06T10:00",
        "0 10 * * 7            | 2026-11-29T10:00 2026-12-06T10:00",
        "0 10 * * sat-sun      | 2026-11-28T10:00 2026-11-29T10:00",
        "0 10 * * 5-7          | 2026-11-27T10:00 2026-11-28T10:00",
        "0 10 * * 1-5/2        | 2026-11-23T10:00 2026-11-25T10:00",
        "30 9 1 jan,JUL *      | 2027-01-01T09:30 2027-07-01T09:30",
        "*/20 8-9 * * *        | 2026-11-23T08:00 2026-11-23T08:20",
        "0 0 29 2 *            | 2028-02-29T00:00 2032-02-29T00:00",
        "0 12 13 * FRI         | 2026-11-27T12:00 2026-12-04T12:00",
        "0 12 24 * SAT         | 2026-11-24T12:00 2026-11-28T12:00",
        "0 0 10 ? * 1          | 2026-11-29T10:00 2026-12-06T10:00",
        "0 0 10 ? * 3          | 2026-11-24T10:00 2026-12-01T10:00",
        "0 0 10 ? * TUE        | 2026-11-24T10:00 2026-12-01T10:00",
        "0 0 10 ? * TUE#1      | 2026-12-01T10:00 2027-01-05T10:00",
        "0 0 10 L * ? 2026     | 2026-11-30T10:00 2026-12-31T10:00",
        "0 0 10 LW * ?         | 2026-11-30T10:00 2026-12-31T10:00",
        "15 0/30 10 15W * ?    | 2026-12-15T10:00:15 2026-12-15T10:30:15",
      })
  void firesOnTheDaysThatItsFormNames(String cron, String fires) {
    assertThat(CronExpressions.nextFires(schedule(cron, ZoneOffset.UTC), NOW, 2))
        .extracting(ZonedDateTime::toLocalDateTime)
        .containsExactlyElementsOf(
            List.of(fires.split(" ", -1)).stream().map(LocalDateTime::parse).toList());
  }

  @Test
  void firesOnEitherDayWhenUnixCronGivesBothDayFields() {
    assertThat(CronExpressions.nextFires(schedule("0 0 1,15 * MON", ZoneOffset.UTC), NOW, 5))
        .extracting(fire -> fire.toLocalDate().toString())
        .containsExactly("2026-11-30", "2026-12-01", "2026-12-07", "2026-12-14", "2026-12-15");
  }

  @Test
  void agreesWithTheDefinitionOfUnixCronMinuteByMinute() {
    long seed = 20261123L;
    Random random = new Random(seed);
    for (int i = 0; i < 60; i++) {
      UnixDefinition definition = UnixDefinition.random(random);
      Instant from = NOW.plus(random.nextInt(800), ChronoUnit.DAYS);
      Instant to = from.plus(9, ChronoUnit.DAYS);
      assertThat(
              CronExpressions.parsed(schedule(definition.cron(), ZoneOffset.UTC))
                  .between(from, to, Integer.MAX_VALUE))
          .as("%s after %s, seed %d", definition.cron(), from, seed)
          .isEqualTo(definition.between(from, to));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "@daily             | write '0 0 * * *'",
        "@Weekly            | write '0 0 * * SUN'",
        "@reboot            | '@reboot' is not known",
        "0 10 * *           | it has 4 fields; allowed are 5 as in Unix cron",
        "tuesday            | it has 1 field; allowed are",
        "0 0 0 0 0 0 0 0    | it has 8 fields; allowed are",
        "\" \"              | it has no fields; allowed are",
        "TZ=UTC 0 10 * * *  | say it in timeZone",
        "0 10 * * TUES      | the day-of-week field has 'TUES'; allowed are *, 0 to 7 or SUN MON",
        "0 10 * * 8         | the day-of-week field has 8",
        "60 10 * * *        | the minute field has 60; allowed are *, 0 to 59,",
        "0 24 * * *         | the hour field has 24",
        "0 10 0 * *         | the day-of-month field has 0",
        "0 10 * 13 *        | the month field has 13; allowed are *, 1 to 12 or JAN FEB",
        "0 10 * * FRI-MON   | the day-of-week range 'FRI-MON' runs backwards",
        "*/90 * * * *       | the minute step 90 is not allowed; a step is 1 to 59",
        "*/0 * * * *        | the minute step 0 is not allowed",
        "5/15 * * * *       | has a step but no range; write 5-59/15",
        "0 10 1,,2 * *      | the day-of-month field has ''",
        "0 10 ? * TUE       | the day-of-month field has '?'",
        "0 10 L * *         | the day-of-month field has 'L'",
        "0 0 */2 * MON      | write '*/2' as a list of days",
        "0 0 10 * * *       | write '0 0 10 * * ?'",
        "0 0 10 * * TUE     | write '0 0 10 ? * TUE'",
        "0 0 10 ? * ?       | exactly one of them must be",
        "0 0 10 13 * FRI    | cannot combine day-of-month '13' with day-of-week 'FRI'",
        "0 0 10 ? * TUES    | the day-of-week field 'TUES' is not in the Quartz form",
        "0 0 10 10C * ?     | the day-of-month field '10C' is not in the Quartz form",
        "0 0 , * * ?        | the hour field ',' is not in the Quartz form",
        "0 0/0 * * * ?      | the minute field '0/0' is not in the Quartz form",
        "0 0 10 ? * 8       | Day-of-Week values must be between 1 and 7",
        "0 60 * * * ?       | Minute and Second values must be between 0 and 59",
      })
  void saysWhatIsWrongWithAnExpressionAndWhatIsAllowed(String cron, String problem) {
    assertThat(CronExpressions.problem(cron, BERLIN)).get().asString().contains(problem);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0 10 * * TUE", " 0  10 * * TUE ", "0 0 10 ? * TUE", "* * * * * ?"})
  void findsNothingWrongWithAGoodExpression(String cron) {
    assertThat(CronExpressions.problem(cron, BERLIN)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0 0 0 30 2 ?", "0 0 30 2 *", "0 0 31 4,6 *", "0 0 0 29 2 ? 2027"})
  void rejectsAnExpressionThatCanNeverFire(String cron) {
    assertThat(CronExpressions.problem(cron, BERLIN)).get().asString().contains("never fire");
  }

  @Test
  void rejectsAnExpressionWhoseYearsHavePassed() {
    assertThat(CronExpressions.problem("0 0 10 1 1 ? 2020", BERLIN)).isEmpty();
    assertThat(CronExpressions.problem("0 0 10 1 1 ? 2020", BERLIN, NOW))
        .hasValue("it never fires again after 2026-11-23T00:00:00Z");
  }

  @Test
  void hasNoFiresToShowWhenTheLastOneHasPassed() {
    assertThat(CronExpressions.nextFires(schedule("0 0 10 1 12 ? 2026", ZoneOffset.UTC), NOW, 5))
        .hasSize(1);
  }

  @Test
  void refusesToShowTheFiresOfAMalformedExpression() {
    Schedule schedule = schedule("61 * * * *", BERLIN);
    assertThatThrownBy(() -> CronExpressions.nextFires(schedule, NOW, 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the minute field has 61");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTC+01:00", "GMT+1", "+01:00", "UT+01:00", "Europe/Berlin", "CET"})
  void readsTheExpressionInEveryKindOfZone(String zone) {
    assertThat(CronExpressions.nextFires(schedule("0 10 * * TUE", ZoneId.of(zone)), NOW, 1))
        .extracting(ZonedDateTime::toInstant)
        .containsExactly(Instant.parse("2026-11-24T09:00:00Z"));
  }

  @Test
  @Timeout(60)
  void neverThrowsNorHangsWhateverTheExpression() {
    long seed = 7L;
    Random random = new Random(seed);
    String[] parts = {
      "*",
      "?",
      "L",
      "W",
      "#",
      "/",
      "-",
      ",",
      " ",
      " ",
      " ",
      "0",
      "1",
      "5",
      "7",
      "31",
      "60",
      "99",
      "2027",
      "99999999999",
      "MON",
      "TUES",
      "JAN",
      "C",
      "@daily",
      "\t",
      "é",
      "\u0000",
      "LW",
      "15W"
    };
    for (int i = 0; i < 5_000; i++) {
      StringBuilder cron = new StringBuilder();
      for (int part = random.nextInt(16); part >= 0; part--) {
        cron.append(parts[random.nextInt(parts.length)]);
      }
      assertThat(CronExpressions.problem(cron.toString(), BERLIN, NOW))
          .as("%s, seed %d", cron, seed)
          .isNotNull();
    }
  }

  private static Schedule schedule(String cron, ZoneId zone) {
    return new Schedule(cron, zone, Schedule.DEFAULT_STARTING_DEADLINE);
  }
}

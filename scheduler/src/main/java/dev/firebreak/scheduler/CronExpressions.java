package dev.firebreak.scheduler;

import dev.firebreak.experiment.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;

/**
 * What a cron expression means: five fields as in Unix cron, or six to seven as in Quartz.
 *
 * <p>In five fields Sunday is 0 or 7, and a day fires when day-of-month <em>or</em> day-of-week
 * matches, if both are given. In Quartz' form Sunday is 1, and one of the two must be {@code ?}.
 * Everything here is a pure function.
 */
public final class CronExpressions {
  /** Every rule of daylight saving shows its two changes within a year. */
  private static final Duration DAYLIGHT_HORIZON = Duration.ofDays(366);

  /** No wall clock is further from UTC, so no fire of the year 9999 leaves what a date can hold. */
  private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

  private CronExpressions() {}

  /**
   * What is wrong with {@code cron} in {@code zone}: a form that is not allowed, or one that can
   * never fire, such as 30 February. A year that has passed is no mistake here, because this
   * function knows no clock.
   */
  public static Optional<String> problem(String cron, ZoneId zone) {
    return problem(
        cron,
        zone,
        Instant.EPOCH,
        "it can never fire: no year from 1970 to a hundred years from now has such a day");
  }

  /** The same, and also an expression that has no fire after {@code from}. */
  public static Optional<String> problem(String cron, ZoneId zone, Instant from) {
    return problem(cron, zone)
        .or(() -> problem(cron, zone, from, "it never fires again after " + from));
  }

  private static Optional<String> problem(
      String cron, ZoneId zone, Instant from, String neverFires) {
    try {
      return Cron.parse(cron, zone).nextAfter(from).isEmpty()
          ? Optional.of(neverFires)
          : Optional.empty();
    } catch (MalformedCronException e) {
      return Optional.of(e.getMessage());
    }
  }

  /**
   * The first {@code n} fires strictly after {@code from}, in the schedule's zone; fewer if there
   * are no more.
   *
   * @throws IllegalArgumentException if the expression is malformed
   */
  public static List<ZonedDateTime> nextFires(Schedule schedule, Instant from, int n) {
    return parsed(schedule).between(from, LATEST, n).stream()
        .map(fire -> fire.atZone(schedule.timeZone()))
        .toList();
  }

  /**
   * Where daylight saving bends the schedule within a year after {@code from}, one sentence for
   * each change of the clocks: fires that are skipped, and fires whose local time comes twice.
   *
   * @throws IllegalArgumentException if the expression is malformed
   */
  public static List<String> daylightWarnings(Schedule schedule, Instant from) {
    return new DaylightSaving(schedule.timeZone(), parsed(schedule), parsedLocally(schedule))
        .warnings(from, from.plus(DAYLIGHT_HORIZON));
  }

  static Cron parsed(Schedule schedule) {
    return parsed(schedule.cron(), schedule.timeZone());
  }

  /** Reads local times as if they were UTC, where no hour is missing and none comes twice. */
  private static Cron parsedLocally(Schedule schedule) {
    return parsed(schedule.cron(), ZoneOffset.UTC);
  }

  private static Cron parsed(String cron, ZoneId zone) {
    try {
      return Cron.parse(cron, zone);
    } catch (MalformedCronException e) {
      throw new IllegalArgumentException("the cron expression: " + e.getMessage(), e);
    }
  }
}

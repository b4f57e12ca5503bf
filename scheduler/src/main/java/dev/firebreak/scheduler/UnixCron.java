package dev.firebreak.scheduler;

import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;

/** Reads the five fields of Unix cron, and says the same in Quartz' words. */
final class UnixCron {
  static final int FIELDS = 5;

  private static final String EVERY = "*";
  private static final int DAYS_OF_WEEK = 7;

  private UnixCron() {}

  /**
   * The Quartz expressions whose fires together are those of the five fields: two when both day
   * fields are given, because cron(5) then fires when either of them matches.
   */
  static List<String> toQuartz(List<String> fields) throws MalformedCronException {
    String time =
        "0 %s %s"
            .formatted(list(CronField.MINUTE, fields.get(0)), list(CronField.HOUR, fields.get(1)));
    String daysOfMonth = list(CronField.DAY_OF_MONTH, fields.get(2));
    String months = list(CronField.MONTH, fields.get(3));
    String daysOfWeek = daysOfWeek(fields.get(4));
    String byMonth = "%s %s %s ?".formatted(time, daysOfMonth, months);
    String byWeek = "%s ? %s %s".formatted(time, months, daysOfWeek);
    if (fields.get(4).equals(EVERY)) {
      return List.of(byMonth);
    }
    if (fields.get(2).equals(EVERY)) {
      return List.of(byWeek);
    }
    refuseStarAmongTwoDayFields(fields.get(2), fields.get(4));
    return List.of(byMonth, byWeek);
  }

  /** Some crons read a day field that begins with a star as "and", others as "or". */
  private static void refuseStarAmongTwoDayFields(String daysOfMonth, String daysOfWeek)
      throws MalformedCronException {
    for (String field : List.of(daysOfMonth, daysOfWeek)) {
      if (field.startsWith(EVERY)) {
        throw new MalformedCronException(
            "day-of-month '%s' together with day-of-week '%s' means different things to different crons; write '%s' as a list of days, then either field fires"
                .formatted(daysOfMonth, daysOfWeek, field));
      }
    }
  }

  private static String list(CronField field, String text) throws MalformedCronException {
    BitSet values = field.values(text);
    return text.equals(EVERY) ? EVERY : joined(values);
  }

  /** Cron counts from Sunday = 0 (or 7), Quartz from Sunday = 1. */
  private static String daysOfWeek(String text) throws MalformedCronException {
    BitSet quartz = new BitSet();
    CronField.DAY_OF_WEEK.values(text).stream().forEach(day -> quartz.set(day % DAYS_OF_WEEK + 1));
    return joined(quartz);
  }

  private static String joined(BitSet values) {
    return values.stream().mapToObj(Integer::toString).collect(Collectors.joining(","));
  }
}

package dev.firebreak.scheduler;

import java.text.ParseException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SimpleTimeZone;
import java.util.TimeZone;
import java.util.regex.Pattern;
import org.quartz.CronExpression;

/**
 * A cron expression in a zone: fires when any of its Quartz expressions does. Used by one thread or
 * many; it does not change.
 */
final class Cron {
  private static final int LONGEST = 250;
  private static final Pattern PRINTABLE = Pattern.compile("[ -~\\t]*");
  private static final Pattern WITH_ZONE = Pattern.compile("(?:CRON_)?TZ=.*");

  /** What the short words of some crons stand for. */
  private static final Map<String, String> WORDS =
      Map.of(
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *",
          "@monthly", "0 0 1 * *",
          "@weekly", "0 0 * * SUN",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@hourly", "0 * * * *");

  private static final String FORMS =
      "allowed are 5 as in Unix cron (minute hour day-of-month month day-of-week, such as '0 10 * * TUE')"
          + " or 6 to 7 as in Quartz (second first, such as '0 0 10 ? * TUE')";

  private final List<CronExpression> expressions;

  private Cron(List<CronExpression> expressions) {
    this.expressions = List.copyOf(expressions);
  }

  static Cron parse(String text, ZoneId zone) throws MalformedCronException {
    List<CronExpression> expressions = new ArrayList<>();
    for (String quartz : quartzFormsOf(text)) {
      expressions.add(expression(quartz, zone));
    }
    return new Cron(expressions);
  }

  private static List<String> quartzFormsOf(String text) throws MalformedCronException {
    refuseWhatIsNoList(text);
    List<String> fields = List.of(text.strip().split("\\s+"));
    if (fields.size() == UnixCron.FIELDS) {
      return UnixCron.toQuartz(fields);
    }
    if (fields.size() < QuartzForm.FEWEST_FIELDS || fields.size() > QuartzForm.MOST_FIELDS) {
      throw new MalformedCronException(
          "it has %d field%s; %s".formatted(fields.size(), fields.size() == 1 ? "" : "s", FORMS));
    }
    QuartzForm.check(fields);
    return List.of(String.join(" ", fields));
  }

  private static void refuseWhatIsNoList(String text) throws MalformedCronException {
    if (text.isBlank()) {
      throw new MalformedCronException("it has no fields; " + FORMS);
    }
    if (text.length() > LONGEST || !PRINTABLE.matcher(text).matches()) {
      throw new MalformedCronException(
          "it is longer than %d characters or has one that no cron allows; %s"
              .formatted(LONGEST, FORMS));
    }
    if (text.strip().startsWith("@")) {
      throw new MalformedCronException(adviceFor(text.strip()));
    }
    if (WITH_ZONE.matcher(text.strip()).matches()) {
      throw new MalformedCronException(
          "a zone does not belong into the expression; say it in timeZone");
    }
  }

  private static String adviceFor(String word) {
    String meant = WORDS.get(word.toLowerCase(Locale.ROOT));
    return meant == null
        ? "'%s' is not known; %s"
            .formatted(word, FORMS.replace("allowed are 5", "allowed are 5 fields"))
        : "'%s' is not read here; write '%s'".formatted(word, meant);
  }

  private static CronExpression expression(String quartz, ZoneId zone)
      throws MalformedCronException {
    try {
      CronExpression expression = new CronExpression(quartz);
      expression.setTimeZone(timeZone(zone));
      return expression;
    } catch (ParseException | RuntimeException e) {
      throw new MalformedCronException("it cannot be read: " + e.getMessage(), e);
    }
  }

  /** {@code TimeZone.getTimeZone} takes an offset that it cannot spell, as UTC+01:00, for GMT. */
  private static TimeZone timeZone(ZoneId zone) {
    if (!zone.getRules().isFixedOffset()) {
      return TimeZone.getTimeZone(zone);
    }
    int seconds = zone.getRules().getOffset(Instant.EPOCH).getTotalSeconds();
    return new SimpleTimeZone(Math.multiplyExact(seconds, 1000), zone.getId());
  }

  /** The first fire strictly after {@code instant}; whole seconds. */
  Optional<Instant> nextAfter(Instant instant) {
    Date after = Date.from(instant);
    return expressions.stream()
        .flatMap(expression -> Optional.ofNullable(expression.getTimeAfter(after)).stream())
        .map(Date::toInstant)
        .min(Instant::compareTo);
  }

  /** At most {@code most} fires after {@code from}, and none later than {@code to}. */
  List<Instant> between(Instant from, Instant to, int most) {
    List<Instant> fires = new ArrayList<>();
    Optional<Instant> next = nextAfter(from);
    while (fires.size() < most && next.isPresent() && !next.get().isAfter(to)) {
      fires.add(next.get());
      next = nextAfter(next.get());
    }
    return fires;
  }

  /** What Quartz is to ring for. */
  List<CronExpression> expressions() {
    return expressions;
  }
}

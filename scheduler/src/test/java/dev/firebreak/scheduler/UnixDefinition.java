package dev.firebreak.scheduler;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** cron(5) as its manual defines it, looking at every minute; an empty set stands for a star. */
record UnixDefinition(
    Set<Integer> minutes,
    Set<Integer> hours,
    Set<Integer> daysOfMonth,
    Set<Integer> months,
    Set<Integer> daysOfWeek) {

  static UnixDefinition random(Random random) {
    return new UnixDefinition(
        some(random, 0, 59),
        some(random, 0, 23),
        some(random, 1, 31),
        some(random, 1, 12),
        some(random, 0, 7));
  }

  private static Set<Integer> some(Random random, int lowest, int highest) {
    Set<Integer> values = new TreeSet<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      values.add(random.nextInt(lowest, highest + 1));
    }
    return values;
  }

  String cron() {
    return List.of(minutes, hours, daysOfMonth, months, daysOfWeek).stream()
        .map(UnixDefinition::field)
        .collect(Collectors.joining(" "));
  }

  private static String field(Set<Integer> values) {
    return values.isEmpty()
        ? "*"
        : values.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  List<Instant> between(Instant from, Instant to) {
    List<Instant> fires = new ArrayList<>();
    Instant minute = from.plus(1, ChronoUnit.MINUTES);
    for (; !minute.isAfter(to); minute = minute.plus(1, ChronoUnit.MINUTES)) {
      if (fires(LocalDateTime.ofInstant(minute, ZoneOffset.UTC))) {
        fires.add(minute);
      }
    }
    return fires;
  }

  private boolean fires(LocalDateTime time) {
    return allows(minutes, time.getMinute())
        && allows(hours, time.getHour())
        && allows(months, time.getMonthValue())
        && onDay(time);
  }

  private boolean onDay(LocalDateTime time) {
    int iso = time.getDayOfWeek().getValue();
    boolean ofWeek = daysOfWeek.contains(iso) || (iso == 7 && daysOfWeek.contains(0));
    boolean ofMonth = daysOfMonth.contains(time.getDayOfMonth());
    if (daysOfWeek.isEmpty()) {
      return daysOfMonth.isEmpty() || ofMonth;
    }
    return ofWeek || ofMonth;
  }

  private static boolean allows(Set<Integer> values, int value) {
    return values.isEmpty() || values.contains(value);
  }
}

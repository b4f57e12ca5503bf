package dev.firebreak.scheduler;

import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The five fields of Unix cron, in their order. */
enum CronField {
  MINUTE("minute", 0, 59, ""),
  HOUR("hour", 0, 23, ""),
  DAY_OF_MONTH("day-of-month", 1, 31, ""),
  MONTH("month", 1, 12, "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC"),
  /** Sunday is 0, and 7 as well. */
  DAY_OF_WEEK("day-of-week", 0, 7, "SUN MON TUE WED THU FRI SAT");

  private static final Pattern ITEM =
      Pattern.compile("(?:\\*|(\\w{1,9})(?:-(\\w{1,9}))?)(?:/(\\d{1,9}))?");
  private static final int SUNDAY_AT_THE_END = 7;

  private final String title;
  private final int lowest;
  private final int highest;

  /** In their order, with blanks between; empty if the field has none. */
  private final String names;

  CronField(String title, int lowest, int highest, String names) {
    this.title = title;
    this.lowest = lowest;
    this.highest = highest;
    this.names = names;
  }

  /**
   * The values that {@code text} stands for.
   *
   * @throws MalformedCronException if it is not a list of values, ranges and steps of this field
   */
  BitSet values(String text) throws MalformedCronException {
    BitSet values = new BitSet();
    for (String item : text.split(",", -1)) {
      values.or(valuesOf(item));
    }
    return values;
  }

  private BitSet valuesOf(String item) throws MalformedCronException {
    Matcher matcher = ITEM.matcher(item);
    if (!matcher.matches()) {
      throw malformed("'%s'".formatted(item));
    }
    String first = matcher.group(1);
    String last = matcher.group(2);
    String step = matcher.group(3);
    if (first == null) {
      return every(lowest, highest, step);
    }
    int from = value(first);
    if (last != null) {
      return every(from, endOfRange(item, from, value(last)), step);
    }
    if (step != null) {
      throw new MalformedCronException(
          "the %s field '%s' has a step but no range; write %s-%d/%s"
              .formatted(title, item, first, highest, step));
    }
    return every(from, from, null);
  }

  private int value(String text) throws MalformedCronException {
    int named = List.of(names.split(" ", -1)).indexOf(text.toUpperCase(Locale.ROOT));
    if (named >= 0) {
      return named + (this == MONTH ? 1 : 0);
    }
    if (!text.chars().allMatch(Character::isDigit)) {
      throw malformed("'%s'".formatted(text));
    }
    int value = Integer.parseInt(text);
    if (value < lowest || value > highest) {
      throw malformed(text);
    }
    return value;
  }

  /** A range that ends on Sunday means the Sunday after: SAT-SUN is a weekend. */
  private int endOfRange(String item, int from, int to) throws MalformedCronException {
    if (from <= to) {
      return to;
    }
    if (this == DAY_OF_WEEK && to == 0) {
      return SUNDAY_AT_THE_END;
    }
    throw new MalformedCronException(
        "the %s range '%s' runs backwards; write it as two ranges with a comma"
            .formatted(title, item));
  }

  private BitSet every(int from, int to, @Nullable String step) throws MalformedCronException {
    int by = step == null ? 1 : Integer.parseInt(step);
    if (by < 1 || by > highest) {
      throw new MalformedCronException(
          "the %s step %d is not allowed; a step is 1 to %d".formatted(title, by, highest));
    }
    BitSet values = new BitSet();
    for (int value = from; value <= to; value += by) {
      values.set(value);
    }
    return values;
  }

  private MalformedCronException malformed(String found) {
    return new MalformedCronException(
        "the %s field has %s; allowed are *, %d to %d%s, lists with commas, ranges such as %s and steps such as */2"
            .formatted(title, found, lowest, highest, namesAllowed(), exampleRange()));
  }

  private String namesAllowed() {
    return names.isEmpty() ? "" : " or " + names;
  }

  private String exampleRange() {
    return names.isEmpty() ? "1-5" : names.split(" ", -1)[1] + "-" + names.split(" ", -1)[4];
  }
}

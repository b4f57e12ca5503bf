package dev.firebreak.scheduler;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The grammar of Quartz' six or seven fields. Quartz' own parser lets much pass without a word
 * ({@code TUES}, {@code 10C}, {@code 1,,}), and steps of 0; here that is a mistake.
 */
final class QuartzForm {
  static final int FEWEST_FIELDS = 6;
  static final int MOST_FIELDS = 7;

  private static final int DAY_OF_MONTH = 3;
  private static final int DAY_OF_WEEK = 5;
  private static final String ANY = "?";

  private static final List<String> TITLES =
      List.of("second", "minute", "hour", "day-of-month", "month", "day-of-week", "year");
  private static final String MONTHS = "JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC";
  private static final String DAYS = "SUN|MON|TUE|WED|THU|FRI|SAT";
  private static final String NUMBER = "\\d{1,4}";
  private static final String RANGE = "(?:\\*|" + NUMBER + "(?:-" + NUMBER + ")?)";
  private static final String NUMBERS = "(?:" + RANGE + "|" + RANGE + "?/[1-9]\\d{0,3})";

  private static final List<Pattern> GRAMMAR =
      List.of(
          list(NUMBERS),
          list(NUMBERS),
          list(NUMBERS),
          oneOf("\\?", "L(?:-\\d{1,2})?W?", "\\d{1,2}W", listOf(NUMBERS)),
          list(withNames(MONTHS)),
          oneOf(
              "\\?",
              "L",
              "(?:[1-7]|" + DAYS + ")L",
              "(?:[1-7]|" + DAYS + ")#[1-5]",
              listOf(withNames(DAYS))),
          list(NUMBERS));

  private QuartzForm() {}

  /**
   * @throws MalformedCronException for what Quartz' parser would pass over, and for the day fields
   */
  static void check(List<String> fields) throws MalformedCronException {
    for (int i = 0; i < fields.size(); i++) {
      if (!GRAMMAR.get(i).matcher(fields.get(i)).matches()) {
        throw new MalformedCronException(
            "the %s field '%s' is not in the Quartz form".formatted(TITLES.get(i), fields.get(i)));
      }
    }
    checkDays(fields);
  }

  private static void checkDays(List<String> fields) throws MalformedCronException {
    String ofMonth = fields.get(DAY_OF_MONTH);
    String ofWeek = fields.get(DAY_OF_WEEK);
    if (ofMonth.equals(ANY) && ofWeek.equals(ANY)) {
      throw new MalformedCronException(
          "day-of-month and day-of-week are both ?; exactly one of them must be");
    }
    if (ofMonth.equals(ANY) || ofWeek.equals(ANY)) {
      return;
    }
    if (!ofMonth.equals("*") && !ofWeek.equals("*")) {
      throw new MalformedCronException(
          "the Quartz form cannot combine day-of-month '%s' with day-of-week '%s'; the five fields of Unix cron can, meaning either of them"
              .formatted(ofMonth, ofWeek));
    }
    int redundant = ofWeek.equals("*") ? DAY_OF_WEEK : DAY_OF_MONTH;
    throw new MalformedCronException(
        "the Quartz form needs ? in day-of-month or in day-of-week; write '%s'"
            .formatted(withAny(fields, redundant)));
  }

  private static String withAny(List<String> fields, int field) {
    List<String> corrected = new ArrayList<>(fields);
    corrected.set(field, ANY);
    return String.join(" ", corrected);
  }

  /** A name takes no step here: Quartz would pass over it. */
  private static String withNames(String names) {
    String name = "(?:" + names + ")";
    return "(?:" + NUMBERS + "|" + name + "(?:-" + name + ")?)";
  }

  private static Pattern list(String item) {
    return oneOf(listOf(item));
  }

  private static String listOf(String item) {
    return item + "(?:," + item + ")*";
  }

  private static Pattern oneOf(String... forms) {
    return Pattern.compile(String.join("|", forms), Pattern.CASE_INSENSITIVE);
  }
}

package dev.firebreak.run;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** Names one run for ever; sorts by start. Safe in file names, labels, tags and URLs. */
public record RunId(String value) implements Comparable<RunId> {
  private static final Pattern FORM = Pattern.compile("[0-9]{8}-[0-9]{6}-[0-9a-z]{6}");
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);
  private static final long SUFFIXES = 36L * 36 * 36 * 36 * 36 * 36;

  public RunId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("the run id " + value + " is malformed");
    }
  }

  /** A new id for a run that starts at {@code start}, in UTC to the second, with a random tail. */
  public static RunId create(Instant start, RandomGenerator random) {
    String suffix = Long.toString(random.nextLong(SUFFIXES), 36);
    return new RunId(STAMP.format(start) + "-" + "0".repeat(6 - suffix.length()) + suffix);
  }

  @Override
  public int compareTo(RunId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}

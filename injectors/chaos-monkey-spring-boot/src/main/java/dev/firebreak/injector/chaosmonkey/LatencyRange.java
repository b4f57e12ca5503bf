package dev.firebreak.injector.chaosmonkey;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How much slower a request gets: at least {@code min}, at most {@code max}. */
record LatencyRange(Duration min, Duration max) {
  private static final String DURATION = "([0-9]{1,7})(ms|s|m|h)";
  private static final Pattern FORM = Pattern.compile(DURATION + "(?:\\.\\." + DURATION + ")?");

  /** Longer would tell nothing more: every caller has given up by then. */
  private static final Duration LONGEST = Duration.ofMinutes(10);

  LatencyRange {
    if (min.compareTo(Duration.ofMillis(1)) < 0 || max.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("latency must lie between 1ms and 10m");
    }
    if (min.compareTo(max) > 0) {
      throw new IllegalArgumentException("latency begins above its end");
    }
  }

  /**
   * Reads {@code 800ms..1200ms}, or one duration for both ends.
   *
   * @throws IllegalArgumentException saying what is allowed
   */
  static LatencyRange parse(String text) {
    Matcher parts = FORM.matcher(text.strip());
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "latency is \"" + text + "\"; allowed is 800ms or 800ms..1200ms, in ms, s, m or h");
    }
    Duration min = duration(parts.group(1), parts.group(2));
    return new LatencyRange(
        min, parts.group(3) == null ? min : duration(parts.group(3), parts.group(4)));
  }

  private static Duration duration(String number, String unit) {
    long value = Long.parseLong(number);
    return switch (unit) {
      case "ms" -> Duration.ofMillis(value);
      case "s" -> Duration.ofSeconds(value);
      case "m" -> Duration.ofMinutes(value);
      default -> Duration.ofHours(value);
    };
  }
}

package dev.firebreak.app.gameday;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/**
 * A number and the unit that follows it at once: {@code 800ms}, {@code 1.5x}, {@code 1%}.
 *
 * @param unit as written; may be empty
 */
record Quantity(BigDecimal number, String unit) {
  private static final int LONGEST = 30;
  private static final BigDecimal NANOS_PER_SECOND = BigDecimal.valueOf(1_000_000_000L);

  /** Digits, perhaps a fraction, and then anything; no sign, no exponent. */
  static Optional<Quantity> of(String text) {
    int whole = digitsFrom(text, 0);
    if (whole == 0 || text.length() > LONGEST) {
      return Optional.empty();
    }
    int end = whole;
    if (whole + 1 < text.length() && text.charAt(whole) == '.') {
      int fraction = digitsFrom(text, whole + 1);
      end = fraction > whole + 1 ? fraction : whole;
    }
    return Optional.of(new Quantity(new BigDecimal(text.substring(0, end)), text.substring(end)));
  }

  private static int digitsFrom(String text, int start) {
    int end = start;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    return end;
  }

  /** As a duration, if the unit is one of {@code ms}, {@code s}, {@code m}, {@code h}. */
  Optional<Duration> duration() {
    BigDecimal seconds =
        switch (unit) {
          case "ms" -> number.movePointLeft(3);
          case "s" -> number;
          case "m" -> number.multiply(BigDecimal.valueOf(60));
          case "h" -> number.multiply(BigDecimal.valueOf(3600));
          default -> null;
        };
    return Optional.ofNullable(seconds).map(Quantity::bounded);
  }

  /** More than any limit is enough to be refused; the exact value might not fit. */
  private static Duration bounded(BigDecimal seconds) {
    BigDecimal nanos = seconds.min(NANOS_PER_SECOND).multiply(NANOS_PER_SECOND);
    return Duration.ofNanos(nanos.longValue());
  }

  /** {@code 1%} is 0.01. */
  Optional<Double> ratio() {
    return unit.equals("%") ? Optional.of(number.movePointLeft(2).doubleValue()) : Optional.empty();
  }

  /** {@code 1.5x} is 1.5. */
  Optional<Double> factor() {
    return unit.equals("x") ? Optional.of(number.doubleValue()) : Optional.empty();
  }

  /** {@code 5/s}, or the number alone. */
  Optional<Double> perSecond() {
    return unit.equals("/s") || unit.isEmpty()
        ? Optional.of(number.doubleValue())
        : Optional.empty();
  }

  /** The shortest way to write {@code duration}, such as {@code 90s}. */
  static String write(Duration duration) {
    long nanos = duration.toNanos();
    if (nanos % 1_000_000 != 0) {
      return new BigDecimal(nanos).movePointLeft(6).stripTrailingZeros().toPlainString() + "ms";
    }
    long millis = duration.toMillis();
    if (millis % 1000 != 0) {
      return millis + "ms";
    }
    long seconds = duration.toSeconds();
    if (seconds % 3600 == 0 && seconds > 0) {
      return seconds / 3600 + "h";
    }
    return seconds % 60 == 0 && seconds > 0 ? seconds / 60 + "m" : seconds + "s";
  }
}

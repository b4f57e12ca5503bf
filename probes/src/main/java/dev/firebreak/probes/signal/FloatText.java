package dev.firebreak.probes.signal;

import java.util.Locale;
import java.util.OptionalDouble;

/** Floating-point numbers as metrics pages and Prometheus write them. */
public final class FloatText {
  private static final String ALLOWED = "0123456789+-.eE";

  private FloatText() {}

  /**
   * Decimal, with or without exponent; {@code Inf}, {@code Infinity} and {@code NaN} in any case
   * and with any sign. Empty for all else, also for what only Java takes for a number, such as
   * {@code 1d}.
   */
  public static OptionalDouble parse(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (ALLOWED.indexOf(text.charAt(i)) < 0) {
        return parseWord(text);
      }
    }
    try {
      return OptionalDouble.of(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }

  private static OptionalDouble parseWord(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "+inf", "inf", "+infinity", "infinity" -> OptionalDouble.of(Double.POSITIVE_INFINITY);
      case "-inf", "-infinity" -> OptionalDouble.of(Double.NEGATIVE_INFINITY);
      case "nan", "+nan", "-nan" -> OptionalDouble.of(Double.NaN);
      default -> OptionalDouble.empty();
    };
  }
}

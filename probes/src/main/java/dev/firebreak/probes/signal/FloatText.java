package dev.firebreak.probes.signal;

import com.fasterxml.jackson.core.io.NumberInput;
import java.util.Locale;
import java.util.OptionalDouble;

/** Floating-point numbers as metrics pages and Prometheus write them. */
public final class FloatText {
  private FloatText() {}

  /**
   * Decimal, with or without exponent; {@code Inf}, {@code Infinity} and {@code NaN} in any case
   * and with any sign. Empty for all else, also for what only Java takes for a number, such as
   * {@code 1d}.
   */
  public static OptionalDouble parse(String text) {
    if (!isNumber(text.toCharArray(), 0, text.length())) {
      return parseWord(text);
    }
    try {
      return OptionalDouble.of(NumberInput.parseDouble(text, true));
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }

  /** The same, out of a buffer; NaN for all that is no number. */
  public static double parse(char[] text, int from, int length) {
    if (!isNumber(text, from, length)) {
      return parseWord(new String(text, from, length)).orElse(Double.NaN);
    }
    try {
      return NumberInput.parseDouble(text, from, length, true);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  private static boolean isNumber(char[] text, int from, int length) {
    for (int i = from; i < from + length; i++) {
      if (!isOfNumber(text[i])) {
        return false;
      }
    }
    return true;
  }

  private static boolean isOfNumber(char c) {
    return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E';
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

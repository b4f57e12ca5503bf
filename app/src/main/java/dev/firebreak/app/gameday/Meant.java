package dev.firebreak.app.gameday;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Guesses the quantity that somebody meant who wrote it in a form we do not take. */
final class Meant {
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  private Meant() {}

  /** {@code 15}, {@code 15 sec}, {@code 1m30s}, {@code PT15S}. */
  static Optional<String> duration(String text) {
    String rest = squeezed(text);
    if (rest.startsWith("pt")) {
      rest = rest.substring(2);
    }
    Duration sum = Duration.ZERO;
    while (!rest.isEmpty()) {
      int end = partEnd(rest);
      Optional<Duration> part = Quantity.of(rest.substring(0, end)).flatMap(Meant::duration);
      if (part.isEmpty()) {
        return Optional.empty();
      }
      sum = sum.plus(part.get());
      rest = rest.substring(end);
    }
    return sum.isZero() ? Optional.empty() : Optional.of(Quantity.write(sum));
  }

  private static Optional<Duration> duration(Quantity quantity) {
    return switch (quantity.unit()) {
      case "ms", "msec", "msecs", "millis", "millisecond", "milliseconds" -> in("ms", quantity);
      case "", "s", "sec", "secs", "second", "seconds" -> in("s", quantity);
      case "m", "min", "mins", "minute", "minutes" -> in("m", quantity);
      case "h", "hr", "hrs", "hour", "hours" -> in("h", quantity);
      case "d", "day", "days" -> in("h", quantity).map(hours -> hours.multipliedBy(24));
      default -> Optional.empty();
    };
  }

  private static Optional<Duration> in(String unit, Quantity quantity) {
    return new Quantity(quantity.number(), unit).duration();
  }

  /** Where the next number begins. */
  private static int partEnd(String text) {
    int at = 0;
    while (at < text.length() && !isLetter(text.charAt(at))) {
      at++;
    }
    while (at < text.length() && isLetter(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean isLetter(char at) {
    return at >= 'a' && at <= 'z';
  }

  /** {@code 0.01}, {@code 5}, {@code 5 percent}. */
  static Optional<String> percent(String text) {
    return Quantity.of(squeezed(text)).flatMap(Meant::percent);
  }

  private static Optional<String> percent(Quantity quantity) {
    BigDecimal number = quantity.number();
    return switch (quantity.unit()) {
      case "" ->
          Optional.of(number.compareTo(BigDecimal.ONE) < 0 ? number.multiply(HUNDRED) : number)
              .map(percent -> plain(percent) + "%");
      case "%", "pct", "percent" -> Optional.of(plain(number) + "%");
      default -> Optional.empty();
    };
  }

  /** {@code 2}, {@code 2 X}, {@code 200%}. */
  static Optional<String> factor(String text) {
    return Quantity.of(squeezed(text)).flatMap(Meant::factor);
  }

  private static Optional<String> factor(Quantity quantity) {
    return switch (quantity.unit()) {
      case "", "x", "times" -> Optional.of(plain(quantity.number()) + "x");
      case "%" -> Optional.of(plain(quantity.number().movePointLeft(2)) + "x");
      default -> Optional.empty();
    };
  }

  /** {@code 5rps}, {@code 5 / sec}. */
  static Optional<String> perSecond(String text) {
    return Quantity.of(squeezed(text))
        .filter(
            quantity ->
                switch (quantity.unit()) {
                  case "/s", "/sec", "/second", "rps", "req/s", "qps" -> true;
                  default -> false;
                })
        .map(quantity -> plain(quantity.number()) + "/s");
  }

  private static String squeezed(String text) {
    return text.toLowerCase(Locale.ROOT).replace(" ", "");
  }

  private static String plain(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }
}

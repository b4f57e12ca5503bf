package dev.firebreak.probe;

import java.util.Locale;

/**
 * A value as people say it: {@code 340 ms}, {@code 4.2 %}, {@code 40/s}.
 *
 * @param value in the base unit; NaN where there is no evidence
 */
public record Quantity(double value, Unit unit) {
  private static final double MILLI = 1e-3;
  private static final int LONGEST_IN_SECONDS = 120;

  /** A value of a signal of this kind. */
  public static Quantity of(Signal.Kind kind, double value) {
    return new Quantity(value, Unit.of(kind));
  }

  public static Quantity seconds(double value) {
    return new Quantity(value, Unit.SECONDS);
  }

  @Override
  public String toString() {
    if (!Double.isFinite(value)) {
      return Double.isNaN(value) ? "no data" : value > 0 ? "beyond measure" : "below measure";
    }
    return switch (unit) {
      case SECONDS -> duration();
      case RATIO -> plain(value * 100) + " %";
      case PER_SECOND -> plain(value) + "/s";
      case UP -> value >= 1 ? "up" : value <= 0 ? "down" : plain(value * 100) + " % up";
      case NONE -> plain(value);
    };
  }

  private String duration() {
    double size = Math.abs(value);
    if (size < MILLI / 2) {
      return "0 ms";
    }
    // What would round to 1000 ms is told as 1 s.
    if (size < 0.9995) {
      return plain(value / MILLI) + " ms";
    }
    return size < LONGEST_IN_SECONDS ? plain(value) + " s" : minutes(size);
  }

  private String minutes(double size) {
    long seconds = Math.round(size);
    String rest = seconds % 60 == 0 ? "" : " " + seconds % 60 + " s";
    return (value < 0 ? "-" : "") + seconds / 60 + " min" + rest;
  }

  /** Two digits that tell, and no more after the point than they need. */
  private static String plain(double value) {
    double size = Math.abs(value);
    if (size == 0) {
      return "0";
    }
    int decimals = size >= 9.95 ? 0 : size >= 0.995 ? 1 : size >= 0.0995 ? 2 : 3;
    String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
    if (decimals == 0) {
      return text;
    }
    String shorter = text.replaceAll("0+$", "").replaceAll("\\.$", "");
    return shorter.equals("-0") || shorter.equals("0") ? "0" : shorter;
  }
}

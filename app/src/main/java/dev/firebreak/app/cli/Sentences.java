package dev.firebreak.app.cli;

import dev.firebreak.cascade.Finding;
import dev.firebreak.probe.Signal;
import java.time.Duration;
import java.util.Locale;

/** Values and findings in the words of people. */
final class Sentences {
  private Sentences() {}

  static String value(Signal.Kind kind, double value) {
    return switch (kind) {
      case LATENCY -> seconds(value);
      case ERROR_RATIO, SUCCESS_RATIO, SATURATION -> percent(value);
      case TRAFFIC -> String.format(Locale.ROOT, "%.1f/s", value);
      case AVAILABILITY -> value >= 1 ? "up" : "down";
      case RESOURCE -> String.format(Locale.ROOT, "%.3g", value);
    };
  }

  private static String seconds(double seconds) {
    return seconds < 1
        ? String.format(Locale.ROOT, "%.0f ms", seconds * 1_000)
        : String.format(Locale.ROOT, "%.2f s", seconds);
  }

  private static String percent(double ratio) {
    return String.format(Locale.ROOT, "%.1f %%", ratio * 100);
  }

  static String change(Finding finding) {
    Signal signal = finding.signal();
    return "%s %s → %s"
        .formatted(
            signal.name(),
            value(signal.kind(), finding.baseline()),
            value(signal.kind(), finding.observed()));
  }

  /** Minutes and seconds, such as {@code 1:05}. */
  static String clock(Duration duration) {
    return "%d:%02d".formatted(duration.toMinutes(), duration.toSecondsPart());
  }
}

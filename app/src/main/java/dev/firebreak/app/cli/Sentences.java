package dev.firebreak.app.cli;

import dev.firebreak.cascade.Finding;
import dev.firebreak.probe.Quantity;
import dev.firebreak.probe.Signal;
import java.time.Duration;

/** Values and findings in the words of people. */
final class Sentences {
  private Sentences() {}

  static String value(Signal.Kind kind, double value) {
    return Quantity.of(kind, value).toString();
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

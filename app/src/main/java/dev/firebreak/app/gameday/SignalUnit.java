package dev.firebreak.app.gameday;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The unit in which a signal's tolerance is written. Which signals exist is known only once the
 * source was asked, so the unit is told from the name: every signal has its kind in it.
 */
enum SignalUnit {
  SECONDS {
    @Override
    OptionalDouble read(Node node, Values values) {
      Optional<Duration> duration = values.duration(node, Limits.FROM_ZERO);
      return duration.isPresent()
          ? OptionalDouble.of(duration.get().toNanos() / 1e9)
          : OptionalDouble.empty();
    }
  },
  RATIO {
    @Override
    OptionalDouble read(Node node, Values values) {
      return values.percent(node);
    }
  },
  PER_SECOND {
    @Override
    OptionalDouble read(Node node, Values values) {
      return values.rate(node);
    }
  },
  /** The name does not tell: any of the others. */
  ANY {
    @Override
    OptionalDouble read(Node node, Values values) {
      String text = node instanceof Node.Scalar scalar ? scalar.text() : "";
      Optional<Quantity> quantity = Quantity.of(text);
      if (quantity.flatMap(Quantity::duration).isPresent()) {
        return SECONDS.read(node, values);
      }
      return quantity.flatMap(Quantity::ratio).isPresent()
          ? RATIO.read(node, values)
          : PER_SECOND.read(node, values);
    }
  };

  /** Gives the bound in the signal's base unit, or empty and a mistake. */
  abstract OptionalDouble read(Node node, Values values);

  static SignalUnit of(String signal) {
    if (hasAny(signal, "latency", "duration")) {
      return SECONDS;
    }
    if (hasAny(signal, "ratio", "saturation", "availability", "utilization")) {
      return RATIO;
    }
    return hasAny(signal, "rate", "traffic", "throughput") ? PER_SECOND : ANY;
  }

  private static boolean hasAny(String signal, String... words) {
    for (String word : words) {
      if (signal.contains(word)) {
        return true;
      }
    }
    return false;
  }
}

package dev.firebreak.probe;

/** The base unit of a value in a report. */
public enum Unit {
  SECONDS("seconds"),
  /** 0 to 1. */
  RATIO("ratio"),
  PER_SECOND("per second"),
  /** 1 while it can be seen, 0 while not. */
  UP("up"),
  /** A number whose unit is not known. */
  NONE("");

  private final String word;

  Unit(String word) {
    this.word = word;
  }

  /** How files name it; empty if there is none. */
  public String word() {
    return word;
  }

  /** The base unit of signals of this kind. */
  public static Unit of(Signal.Kind kind) {
    return switch (kind) {
      case LATENCY -> SECONDS;
      case ERROR_RATIO, SUCCESS_RATIO, SATURATION -> RATIO;
      case TRAFFIC -> PER_SECOND;
      case AVAILABILITY -> UP;
      case RESOURCE -> NONE;
    };
  }

  /** The unit of a signal of which only the name is known: by the words that signals' names use. */
  public static Unit ofName(String signal) {
    if (signal.contains("latency") || signal.contains("duration")) {
      return SECONDS;
    }
    if (signal.contains("ratio") || signal.contains("saturation")) {
      return RATIO;
    }
    return signal.contains("rate") ? PER_SECOND : NONE;
  }
}

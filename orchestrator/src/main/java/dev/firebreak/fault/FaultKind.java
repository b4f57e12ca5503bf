package dev.firebreak.fault;

import java.util.regex.Pattern;

/** {@code injector/fault}, such as {@code chaos-monkey/latency}; lower case, digits, hyphens. */
public record FaultKind(String value) implements Comparable<FaultKind> {
  private static final Pattern FORM = Pattern.compile("[a-z0-9-]{1,60}/[a-z0-9-]{1,60}");

  /** Injects nothing, so that a team can measure its own false halts. */
  public static final FaultKind PLACEBO = new FaultKind("firebreak/placebo");

  public FaultKind {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "the fault kind " + value + " is not of the form injector/fault");
    }
  }

  public static FaultKind of(String value) {
    return new FaultKind(value);
  }

  @Override
  public int compareTo(FaultKind other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}

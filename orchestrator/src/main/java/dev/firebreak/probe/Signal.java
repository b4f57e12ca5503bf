package dev.firebreak.probe;

/**
 * An SLI, told once for all services.
 *
 * @param name such as {@code http.latency.p95}; lower case, dots, hyphens
 */
public record Signal(String name, Kind kind) implements Comparable<Signal> {
  /** What a signal measures, and so in which direction it is bad. */
  public enum Kind {
    /** Seconds; up is bad. */
    LATENCY,
    /** Ratio 0 to 1 of failed requests; up is bad. */
    ERROR_RATIO,
    /** Ratio 0 to 1 of good requests; down is bad. */
    SUCCESS_RATIO,
    /** Requests per second; lost is bad, and so is amplified. */
    TRAFFIC,
    /** Ratio 0 to 1 of a bounded resource in use, such as a pool; up is bad. */
    SATURATION,
    /** 1 while the service can be seen, 0 while not; down is bad. */
    AVAILABILITY,
    /** CPU, memory and the like: evidence for a report, never a reason to halt. */
    RESOURCE;

    /** Whether a change of such a signal may halt a run. */
    public boolean decides() {
      return this != RESOURCE;
    }
  }

  @Override
  public int compareTo(Signal other) {
    return name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return name;
  }
}

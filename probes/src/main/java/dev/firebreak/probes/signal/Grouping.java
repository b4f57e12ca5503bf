package dev.firebreak.probes.signal;

import java.util.List;

/**
 * The label that names the service in some series of a metric.
 *
 * @param matchers which series those are, where others are named by another label
 */
public record Grouping(String label, List<Matcher> matchers) {
  public Grouping {
    matchers = List.copyOf(matchers);
  }

  public static Grouping by(String label) {
    return new Grouping(label, List.of());
  }
}

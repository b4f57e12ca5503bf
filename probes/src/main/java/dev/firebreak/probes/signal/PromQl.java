package dev.firebreak.probes.signal;

import java.time.Duration;
import java.util.List;

/** The pieces of PromQL that formulas are written in. */
public final class PromQl {
  /**
   * Tells parts of a union apart that would else be the same series; aggregated away at once. Not
   * with two underscores: those names are Prometheus' own.
   */
  private static final String PART = "firebreak_part";

  private PromQl() {}

  /** A string literal. */
  public static String quote(String text) {
    String escaped = text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    return '"' + escaped + '"';
  }

  /** A duration literal, in whole milliseconds. */
  public static String duration(Duration duration) {
    long millis = duration.toMillis();
    return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
  }

  /** All series of all {@code vectors}, even where their labels are the same. */
  public static String union(List<String> vectors) {
    if (vectors.size() == 1) {
      return vectors.get(0);
    }
    StringBuilder union = new StringBuilder();
    for (int i = 0; i < vectors.size(); i++) {
      union
          .append(i == 0 ? "" : " or ")
          .append(
              "label_replace(%s, \"%s\", \"%d\", \"\", \"\")".formatted(vectors.get(i), PART, i));
    }
    return union.toString();
  }

  static String rate(Selector counter, Grouping grouping, Ranges ranges) {
    return "sum by (%s) (rate(%s[%s]))"
        .formatted(
            grouping.label(), counter.and(grouping.matchers()).promql(), duration(ranges.rate()));
  }

  static String latest(Selector gauge, Grouping grouping, Ranges ranges) {
    return "last_over_time(%s[%s])"
        .formatted(gauge.and(grouping.matchers()).promql(), duration(ranges.freshness()));
  }
}

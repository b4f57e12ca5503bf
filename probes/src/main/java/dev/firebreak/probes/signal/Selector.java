package dev.firebreak.probes.signal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The series of one metric whose labels meet all conditions.
 *
 * @param metric its name; may hold one {@code *} in a pack, which stands for one or more characters
 *     and is resolved against the names that a source has
 */
public record Selector(String metric, List<Matcher> matchers) {
  private static final Pattern METRIC_NAME = Pattern.compile("[a-zA-Z_:*][a-zA-Z0-9_:*]*");

  public Selector {
    if (!METRIC_NAME.matcher(metric).matches() || metric.indexOf('*') != metric.lastIndexOf('*')) {
      throw new IllegalArgumentException("\"" + metric + "\" is no metric name");
    }
    matchers = List.copyOf(matchers);
  }

  public static Selector of(String metric, Matcher... matchers) {
    return new Selector(metric, List.of(matchers));
  }

  public Selector and(Matcher... more) {
    return and(List.of(more));
  }

  public Selector and(List<Matcher> more) {
    List<Matcher> all = new ArrayList<>(matchers);
    more.stream().filter(matcher -> !all.contains(matcher)).forEach(all::add);
    return new Selector(metric, all);
  }

  /** Whether a series of this metric with {@code labels} is meant. */
  public boolean accepts(Labels labels) {
    for (Matcher matcher : matchers) {
      if (!matcher.accepts(labels)) {
        return false;
      }
    }
    return true;
  }

  public String promql() {
    return matchers.isEmpty()
        ? metric
        : matchers.stream()
            .map(Matcher::promql)
            .collect(Collectors.joining(",", metric + "{", "}"));
  }

  /** Whether series of this name are meant, as far as the name goes. */
  public boolean isNameOf(String name) {
    return stemOf(name).isPresent();
  }

  boolean isOpen() {
    return metric.indexOf('*') >= 0;
  }

  /** What the {@code *} stands for in {@code name}; the empty text if there is no star. */
  Optional<String> stemOf(String name) {
    int star = metric.indexOf('*');
    if (star < 0) {
      return metric.equals(name) ? Optional.of("") : Optional.empty();
    }
    String before = metric.substring(0, star);
    String after = metric.substring(star + 1);
    boolean fits =
        name.length() > before.length() + after.length()
            && name.startsWith(before)
            && name.endsWith(after);
    return fits
        ? Optional.of(name.substring(before.length(), name.length() - after.length()))
        : Optional.empty();
  }

  Selector withStem(String stem) {
    return new Selector(metric.replace("*", stem), matchers);
  }
}

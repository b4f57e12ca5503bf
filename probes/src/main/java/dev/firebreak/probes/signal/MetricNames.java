package dev.firebreak.probes.signal;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The names of the metrics that somebody wants to see. */
public final class MetricNames {
  private final Set<String> exact = new HashSet<>();
  private final Set<Selector> open = new HashSet<>();

  /** Those that some packs want to see. */
  public MetricNames(List<SignalPack> packs) {
    this(packs, List.of());
  }

  /** Those that some packs want to see, and {@code more}. */
  public MetricNames(List<SignalPack> packs, Collection<Selector> more) {
    packs.stream().flatMap(SignalPack::selectors).forEach(this::add);
    more.forEach(this::add);
  }

  private void add(Selector selector) {
    if (selector.isOpen()) {
      open.add(new Selector(selector.metric(), List.of()));
    } else {
      exact.add(selector.metric());
    }
  }

  public boolean contains(String name) {
    if (exact.contains(name)) {
      return true;
    }
    for (Selector selector : open) {
      if (selector.stemOf(name).isPresent()) {
        return true;
      }
    }
    return false;
  }

  /** One regular expression for all of them, in a fixed order. */
  public String expression() {
    Set<String> names = new TreeSet<>(exact);
    open.forEach(selector -> names.add(selector.metric()));
    return names.stream().map(MetricNames::expression).collect(Collectors.joining("|"));
  }

  /** Metric names need no quoting: letters, digits, underscores and colons mean themselves. */
  private static String expression(String name) {
    return name.replace("*", ".+");
  }
}

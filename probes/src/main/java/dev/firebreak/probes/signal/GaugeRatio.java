package dev.firebreak.probes.signal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;

/**
 * How full the fullest of a service's bounded resources is: the greatest ratio of two gauges with
 * the same labels, such as the threads of a pool that are busy and its size.
 *
 * @param limitAbove a limit up to this is none: unset limits are 0 or −1, and a pool of one is
 *     either idle or full, which says nothing
 */
public record GaugeRatio(Selector used, Selector limit, double limitAbove) implements Formula {
  public GaugeRatio {
    if (used.isOpen() != limit.isOpen()) {
      throw new IllegalArgumentException(
          "%s and %s must both hold a *, or none".formatted(used.metric(), limit.metric()));
    }
  }

  @Override
  public List<Selector> selectors() {
    return List.of(used, limit);
  }

  @Override
  public Optional<Formula> resolve(Set<String> names) {
    List<Formula> pairs = new ArrayList<>();
    for (String name : new TreeSet<>(names)) {
      used.stemOf(name)
          .filter(stem -> names.contains(limit.withStem(stem).metric()))
          .map(stem -> new GaugeRatio(used.withStem(stem), limit.withStem(stem), limitAbove))
          .ifPresent(pairs::add);
    }
    return Greatest.of(pairs);
  }

  @Override
  public OptionalDouble evaluate(ServiceSamples samples) {
    Map<Labels, Double> limits = samples.gauges(limit);
    List<Double> ratios = new ArrayList<>();
    samples
        .gauges(used)
        .forEach(
            (labels, value) -> {
              double most = limits.getOrDefault(labels, Double.NaN);
              if (most > limitAbove) {
                ratios.add(value / most);
              }
            });
    return ratios.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(greatest(ratios));
  }

  /** As Prometheus has it: NaN only if there is nothing else. */
  static double greatest(Collection<Double> values) {
    return values.stream()
        .filter(value -> !Double.isNaN(value))
        .max(Double::compare)
        .orElse(Double.NaN);
  }

  @Override
  public String promql(Grouping grouping, Ranges ranges) {
    return "max by (%s) (%s / (%s > %s))"
        .formatted(
            grouping.label(),
            PromQl.latest(used, grouping, ranges),
            PromQl.latest(limit, grouping, ranges),
            limitAbove);
  }
}

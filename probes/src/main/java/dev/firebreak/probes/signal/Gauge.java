package dev.firebreak.probes.signal;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** The newest value of a gauge, aggregated over a service's series. */
public record Gauge(Selector gauge, Aggregation aggregation) implements Formula {
  /** How several series become one value. */
  public enum Aggregation {
    SUM,
    MAX;

    private double of(Collection<Double> values) {
      return switch (this) {
        case SUM -> values.stream().mapToDouble(Double::doubleValue).sum();
        case MAX -> GaugeRatio.greatest(values);
      };
    }
  }

  @Override
  public List<Selector> selectors() {
    return List.of(gauge);
  }

  @Override
  public Optional<Formula> resolve(Set<String> names) {
    return Formula.whole(this, names);
  }

  @Override
  public OptionalDouble evaluate(ServiceSamples samples) {
    Collection<Double> values = samples.gauges(gauge).values();
    return values.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(aggregation.of(values));
  }

  @Override
  public String promql(Grouping grouping, Ranges ranges) {
    return "%s by (%s) (%s)"
        .formatted(
            aggregation.name().toLowerCase(Locale.ROOT),
            grouping.label(),
            PromQl.latest(gauge, grouping, ranges));
  }
}

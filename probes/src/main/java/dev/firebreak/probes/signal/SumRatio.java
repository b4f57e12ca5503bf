package dev.firebreak.probes.signal;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * How much of one limit is used in all: the sum of a gauge over a service's series, such as the
 * connections in each state, over the greatest limit that it tells. No evidence without a limit
 * above zero.
 */
public record SumRatio(Selector used, Selector limit) implements Formula {
  @Override
  public List<Selector> selectors() {
    return List.of(used, limit);
  }

  @Override
  public Optional<Formula> resolve(Set<String> names) {
    return Formula.whole(this, names);
  }

  @Override
  public OptionalDouble evaluate(ServiceSamples samples) {
    double most = GaugeRatio.greatest(samples.gauges(limit).values());
    var values = samples.gauges(used).values();
    return values.isEmpty() || !(most > 0)
        ? OptionalDouble.empty()
        : OptionalDouble.of(values.stream().mapToDouble(Double::doubleValue).sum() / most);
  }

  @Override
  public String promql(Grouping grouping, Ranges ranges) {
    return "sum by (%s) (%s) / (max by (%s) (%s) > 0)"
        .formatted(
            grouping.label(),
            PromQl.latest(used, grouping, ranges),
            grouping.label(),
            PromQl.latest(limit, grouping, ranges));
  }
}

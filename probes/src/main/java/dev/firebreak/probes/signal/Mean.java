package dev.firebreak.probes.signal;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The mean of what a summary or histogram observed in the window: the rate of its sum over the rate
 * of its count. No evidence without observations.
 */
public record Mean(Selector sum, Selector count) implements Formula {
  @Override
  public List<Selector> selectors() {
    return List.of(count, sum);
  }

  @Override
  public Optional<Formula> resolve(Set<String> names) {
    return Formula.whole(this, names);
  }

  @Override
  public OptionalDouble evaluate(ServiceSamples samples) {
    OptionalDouble observations = samples.rate(count);
    OptionalDouble total = samples.rate(sum);
    if (total.isEmpty() || observations.isEmpty() || !(observations.getAsDouble() > 0)) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(total.getAsDouble() / observations.getAsDouble());
  }

  @Override
  public String promql(Grouping grouping, Ranges ranges) {
    return "%s / (%s > 0)"
        .formatted(PromQl.rate(sum, grouping, ranges), PromQl.rate(count, grouping, ranges));
  }
}

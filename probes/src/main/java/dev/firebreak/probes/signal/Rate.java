package dev.firebreak.probes.signal;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** The increase per second of a counter, summed over a service's series. Zero is evidence. */
public record Rate(Selector counter) implements Formula {
  @Override
  public List<Selector> selectors() {
    return List.of(counter);
  }

  @Override
  public Optional<Formula> resolve(Set<String> names) {
    return Formula.whole(this, names);
  }

  @Override
  public OptionalDouble evaluate(ServiceSamples samples) {
    return samples.rate(counter);
  }

  @Override
  public String promql(Grouping grouping, Ranges ranges) {
    return PromQl.rate(counter, grouping, ranges);
  }
}

package dev.firebreak.probes.signal;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The share of {@code part} in {@code whole}, both counters. Zero while there is a whole and no
 * series of the part yet, since many clients create it with the first failure; no evidence while
 * the whole stands still.
 */
public record RateRatio(Selector part, Selector whole) implements Formula {
  @Override
  public List<Selector> selectors() {
    return List.of(whole, part);
  }

  @Override
  public Optional<Formula> resolve(Set<String> names) {
    boolean present = names.contains(whole.metric());
    return present ? Optional.of(this) : Optional.empty();
  }

  @Override
  public OptionalDouble evaluate(ServiceSamples samples) {
    OptionalDouble all = samples.rate(whole);
    if (all.isEmpty() || !(all.getAsDouble() > 0)) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(samples.rate(part).orElse(0) / all.getAsDouble());
  }

  @Override
  public String promql(Grouping grouping, Ranges ranges) {
    String all = PromQl.rate(whole, grouping, ranges);
    return "(%s or 0 * %s) / (%s > 0)".formatted(PromQl.rate(part, grouping, ranges), all, all);
  }
}

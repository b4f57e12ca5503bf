package dev.firebreak.probes.signal;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * A quantile of what a histogram observed in the window, over all of a service's series. No
 * evidence without observations.
 *
 * @param q between 0 and 1, exclusive
 */
public record Quantile(double q, Selector buckets) implements Formula {
  public Quantile {
    if (!(q > 0 && q < 1)) {
      throw new IllegalArgumentException("the quantile " + q + " is not between 0 and 1");
    }
  }

  @Override
  public List<Selector> selectors() {
    return List.of(buckets);
  }

  @Override
  public Optional<Formula> resolve(Set<String> names) {
    return Formula.whole(this, names);
  }

  @Override
  public OptionalDouble evaluate(ServiceSamples samples) {
    double value = HistogramQuantile.of(q, samples.bucketRates(buckets));
    return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  @Override
  public String promql(Grouping grouping, Ranges ranges) {
    return "histogram_quantile(%s, sum by (%s, le) (rate(%s[%s])))"
        .formatted(
            q,
            grouping.label(),
            buckets.and(grouping.matchers()).promql(),
            PromQl.duration(ranges.rate()));
  }
}

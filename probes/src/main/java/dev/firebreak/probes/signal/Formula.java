package dev.firebreak.probes.signal;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * How a signal is computed for one service. Told once; evaluated over scraped pages, and written as
 * PromQL. Both have the same meaning.
 */
public sealed interface Formula
    permits Gauge, GaugeRatio, Greatest, Mean, Quantile, Rate, RateRatio, Scaled, SumRatio {
  /** The metrics that it reads, the one whose labels name the service first. */
  List<Selector> selectors();

  /**
   * The same formula over metrics that exist: stars are replaced, parts that lack a metric left
   * out.
   *
   * @param names the metrics that a source has
   * @return empty if it cannot be computed from these
   */
  Optional<Formula> resolve(Set<String> names);

  /** Its value, not necessarily finite; empty without evidence. Only of a resolved formula. */
  OptionalDouble evaluate(ServiceSamples samples);

  /** An instant vector with one series per service. Only of a resolved formula. */
  String promql(Grouping grouping, Ranges ranges);

  /** For formulas that are computed from all of their metrics or not at all. */
  static Optional<Formula> whole(Formula formula, Set<String> names) {
    boolean present = formula.selectors().stream().map(Selector::metric).allMatch(names::contains);
    return present ? Optional.of(formula) : Optional.empty();
  }
}

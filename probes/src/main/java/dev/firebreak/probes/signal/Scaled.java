package dev.firebreak.probes.signal;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Another formula in the base unit, such as milliseconds in seconds.
 *
 * @param divisor what the formula's value is divided by; above 0
 */
public record Scaled(Formula formula, int divisor) implements Formula {
  public Scaled {
    if (divisor < 1) {
      throw new IllegalArgumentException("the divisor " + divisor + " is not above 0");
    }
  }

  @Override
  public List<Selector> selectors() {
    return formula.selectors();
  }

  @Override
  public Optional<Formula> resolve(Set<String> names) {
    return formula.resolve(names).map(resolved -> new Scaled(resolved, divisor));
  }

  @Override
  public OptionalDouble evaluate(ServiceSamples samples) {
    OptionalDouble value = formula.evaluate(samples);
    return value.isPresent()
        ? OptionalDouble.of(value.getAsDouble() / divisor)
        : OptionalDouble.empty();
  }

  @Override
  public String promql(Grouping grouping, Ranges ranges) {
    return "(%s) / %d".formatted(formula.promql(grouping, ranges), divisor);
  }
}

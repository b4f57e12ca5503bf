package dev.firebreak.probes.signal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** The greatest of several formulas; those without evidence do not count. */
public record Greatest(List<Formula> parts) implements Formula {
  public Greatest {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("the greatest of nothing");
    }
    parts = List.copyOf(parts);
  }

  /** Nothing, the one, or the greatest of {@code parts}. */
  static Optional<Formula> of(List<Formula> parts) {
    return switch (parts.size()) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of(parts.get(0));
      default -> Optional.of(new Greatest(parts));
    };
  }

  @Override
  public List<Selector> selectors() {
    return parts.stream().flatMap(part -> part.selectors().stream()).toList();
  }

  @Override
  public Optional<Formula> resolve(Set<String> names) {
    List<Formula> resolved = new ArrayList<>();
    for (Formula part : parts) {
      part.resolve(names).ifPresent(resolved::add);
    }
    return of(resolved);
  }

  @Override
  public OptionalDouble evaluate(ServiceSamples samples) {
    return parts.stream()
        .map(part -> part.evaluate(samples))
        .filter(OptionalDouble::isPresent)
        .mapToDouble(OptionalDouble::getAsDouble)
        .filter(value -> !Double.isNaN(value))
        .max();
  }

  @Override
  public String promql(Grouping grouping, Ranges ranges) {
    List<String> vectors = parts.stream().map(part -> part.promql(grouping, ranges)).toList();
    return "max by (%s) (%s)".formatted(grouping.label(), PromQl.union(vectors));
  }
}

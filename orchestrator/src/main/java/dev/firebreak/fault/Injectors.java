package dev.firebreak.fault;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** The fault injectors at hand, by the kinds of fault that they offer. */
public final class Injectors {
  private final SortedMap<FaultKind, FaultInjector> byKind = new TreeMap<>();
  private final SortedMap<FaultKind, FaultDescription> descriptions = new TreeMap<>();

  /**
   * Takes each injector's faults.
   *
   * @throws IllegalArgumentException if two injectors offer the same kind
   */
  public Injectors(Iterable<? extends FaultInjector> injectors) {
    for (FaultInjector injector : injectors) {
      for (FaultDescription description : injector.faults()) {
        FaultInjector other = byKind.put(description.kind(), injector);
        if (other != null) {
          throw new IllegalArgumentException(
              "the fault kind %s is offered by both %s and %s"
                  .formatted(
                      description.kind(),
                      other.getClass().getName(),
                      injector.getClass().getName()));
        }
        descriptions.put(description.kind(), description);
      }
    }
  }

  /** The same faults, by what {@code change} makes of each injector. */
  public Injectors mapped(UnaryOperator<FaultInjector> change) {
    return new Injectors(byKind.values().stream().distinct().map(change).toList());
  }

  public Optional<FaultInjector> find(FaultKind kind) {
    return Optional.ofNullable(byKind.get(kind));
  }

  /** What is offered, by kind. */
  public Collection<FaultDescription> descriptions() {
    return List.copyOf(descriptions.values());
  }

  /** Which class offers which kind, to be shown to people. */
  public Map<FaultKind, String> origins() {
    SortedMap<FaultKind, String> origins = new TreeMap<>();
    byKind.forEach((kind, injector) -> origins.put(kind, injector.getClass().getName()));
    return origins;
  }
}

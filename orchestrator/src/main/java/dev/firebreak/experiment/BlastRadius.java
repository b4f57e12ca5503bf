package dev.firebreak.experiment;

import dev.firebreak.service.ServiceName;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The services a fault may touch. Anything else that degrades is a cascade.
 *
 * @param inject the services that receive the fault
 * @param expected services that may feel it, each up to its bound; beyond the bound it escaped
 * @param outside the services to watch; empty means all that the source knows and that are not
 *     named above
 */
public record BlastRadius(
    Set<ServiceName> inject,
    Map<ServiceName, ExpectedBound> expected,
    Optional<Set<ServiceName>> outside) {
  public BlastRadius {
    if (inject.isEmpty()) {
      throw new IllegalArgumentException("the blast radius names no service to inject into");
    }
    inject = sorted(inject);
    expected = Collections.unmodifiableSortedMap(new TreeMap<>(expected));
    outside = outside.map(BlastRadius::sorted);
    for (ServiceName service : inject) {
      if (expected.containsKey(service)) {
        throw new IllegalArgumentException(service + " is both injected and expected");
      }
    }
  }

  /** A radius of these services alone: nothing else may feel the fault. */
  public static BlastRadius of(ServiceName... services) {
    return new BlastRadius(Set.of(services), Map.of(), Optional.empty());
  }

  /** Whether {@code service} receives the fault or is declared to feel it. */
  public boolean contains(ServiceName service) {
    return inject.contains(service) || expected.containsKey(service);
  }

  /** Whether degradation of {@code service} would be an escape. */
  public boolean watchesOutside(ServiceName service) {
    return !contains(service) && outside.map(named -> named.contains(service)).orElse(true);
  }

  /** One order for all JVMs, so that what is written about a radius is the same everywhere. */
  private static Set<ServiceName> sorted(Set<ServiceName> services) {
    return Collections.unmodifiableSortedSet(new TreeSet<>(services));
  }
}

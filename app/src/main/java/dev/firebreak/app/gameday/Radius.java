package dev.firebreak.app.gameday;

import dev.firebreak.experiment.ExpectedBound;
import dev.firebreak.service.ServiceName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A blast radius as the file declares it.
 *
 * @param inject what is injected; empty: whatever the method aims at
 * @param clear false if {@code inject} has mistakes, so that nothing follows from what it lacks
 */
record Radius(
    Optional<Set<ServiceName>> inject,
    boolean clear,
    Map<ServiceName, Declared> expected,
    Map<ServiceName, Node> outside) {
  /** A service that may feel the fault, and where the file says so. */
  record Declared(ExpectedBound bound, Node at) {}

  /** Where the file says nothing. */
  static final Radius UNDECLARED = new Radius(Optional.empty(), true, Map.of(), Map.of());

  /** Where the file says something that cannot be read. */
  static final Radius UNCLEAR = new Radius(Optional.empty(), false, Map.of(), Map.of());

  /** This radius; if it declares none to inject, with what the method aims at. */
  Radius orTargets(List<ServiceName> targets) {
    return inject.isPresent() || targets.isEmpty()
        ? this
        : new Radius(Optional.of(new TreeSet<>(targets)), clear, expected, outside);
  }

  /** The service that a fault without a target goes to. */
  Optional<ServiceName> onlyTarget() {
    return inject.filter(services -> services.size() == 1).map(all -> all.iterator().next());
  }

  /** Whether a fault may aim at {@code service}, as far as that is known. */
  boolean mayInject(ServiceName service) {
    return !clear || inject.map(services -> services.contains(service)).orElse(true);
  }

  /** Whether a rollback may aim at {@code service}, as far as that is known. */
  boolean mayRollBack(ServiceName service) {
    return mayInject(service) || expected.containsKey(service);
  }
}

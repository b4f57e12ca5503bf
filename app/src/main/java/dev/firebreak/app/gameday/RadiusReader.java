package dev.firebreak.app.gameday;

import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.experiment.ExpectedBound;
import dev.firebreak.service.ServiceName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Reads {@code blast-radius}. */
final class RadiusReader {
  private static final String INJECT = "a service, {service: NAME}, or a list of them";
  private static final String OUTSIDE = "all, or a list of services";

  private final Values values;
  private final Mistakes mistakes;

  RadiusReader(Values values, Mistakes mistakes) {
    this.values = values;
    this.mistakes = mistakes;
  }

  Radius read(Node node) {
    return Fields.of(node, Form.BLAST_RADIUS, mistakes).map(this::radius).orElse(Radius.UNCLEAR);
  }

  private Radius radius(Fields fields) {
    int before = mistakes.count();
    Optional<Set<ServiceName>> inject = fields.find("inject").map(this::inject);
    boolean clear = mistakes.count() == before;
    return new Radius(
        inject,
        clear,
        fields.find("expected").map(this::expected).orElse(Map.of()),
        fields.find("outside").map(this::outside).orElse(Map.of()));
  }

  /** The radius with all that its method says; empty if no service is known to be injected. */
  Optional<BlastRadius> resolve(Radius radius, Set<ServiceName> targets) {
    Set<ServiceName> inject = radius.inject().orElse(targets);
    Map<ServiceName, ExpectedBound> expected = new TreeMap<>();
    radius
        .expected()
        .forEach(
            (service, declared) -> {
              if (inject.contains(service)) {
                mistakes.add(
                    declared.at(),
                    service + " is injected and cannot be expected too",
                    "services that are not injected");
              } else {
                expected.put(service, declared.bound());
              }
            });
    radius
        .outside()
        .forEach(
            (service, at) -> {
              if (inject.contains(service) || expected.containsKey(service)) {
                mistakes.add(
                    at, "is inside the blast radius", "services neither injected nor expected");
              }
            });
    return inject.isEmpty()
        ? Optional.empty()
        : Optional.of(new BlastRadius(inject, expected, named(radius.outside().keySet())));
  }

  private static Optional<Set<ServiceName>> named(Set<ServiceName> outside) {
    return outside.isEmpty() ? Optional.empty() : Optional.of(outside);
  }

  private Set<ServiceName> inject(Node node) {
    List<Node> items = node instanceof Node.Items ? values.items(node, INJECT) : List.of(node);
    Set<ServiceName> services = new TreeSet<>();
    for (Node item : items) {
      Optional<ServiceName> service = injected(item);
      if (service.isPresent() && !services.add(service.get())) {
        tellTwin(item);
      }
    }
    return services;
  }

  private Optional<ServiceName> injected(Node node) {
    if (!(node instanceof Node.Entries)) {
      return values.service(node);
    }
    return Fields.of(node, Form.INJECTED, mistakes)
        .flatMap(fields -> fields.require("service", Values.SERVICE))
        .flatMap(values::service);
  }

  private Map<ServiceName, Radius.Declared> expected(Node node) {
    Map<ServiceName, Radius.Declared> expected = new TreeMap<>();
    for (Node item : values.items(node, "objects with service, latency, errors")) {
      Fields.of(item, Form.EXPECTED, mistakes)
          .ifPresent(
              fields -> {
                Optional<ServiceName> service =
                    fields.require("service", Values.SERVICE).flatMap(values::service);
                ExpectedBound bound = bound(fields);
                if (service.isPresent()
                    && expected.putIfAbsent(service.get(), new Radius.Declared(bound, item))
                        != null) {
                  tellTwin(item);
                }
              });
    }
    return expected;
  }

  private ExpectedBound bound(Fields fields) {
    return new ExpectedBound(
        atMost(fields.find("latency"), Form.LATENCY_BOUND, Values.FACTOR, values::factor),
        atMost(fields.find("errors"), Form.ERROR_BOUND, Values.PERCENT, values::percent));
  }

  private OptionalDouble atMost(
      Optional<Node> node, Form form, String allowed, Function<Node, OptionalDouble> read) {
    return node.flatMap(at -> Fields.of(at, form, mistakes))
        .flatMap(fields -> fields.require("atMost", allowed))
        .map(read)
        .orElse(OptionalDouble.empty());
  }

  private Map<ServiceName, Node> outside(Node node) {
    if (node instanceof Node.Scalar) {
      values.choice(node, List.of("all"));
      return Map.of();
    }
    Map<ServiceName, Node> outside = new TreeMap<>();
    for (Node item : values.items(node, OUTSIDE)) {
      Optional<ServiceName> service = values.service(item);
      if (service.isPresent() && outside.putIfAbsent(service.get(), item) != null) {
        tellTwin(item);
      }
    }
    return outside;
  }

  private void tellTwin(Node node) {
    mistakes.add(node, "is given twice", "each service once");
  }
}

package dev.firebreak.app.gameday;

import dev.firebreak.fault.FaultDescription;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Reads {@code method} and {@code rollbacks}. */
final class FaultReader {
  static final Duration DEFAULT_DURATION = Duration.ofMinutes(1);

  private static final String PLACEBO = "placebo";

  private final Values values;
  private final Mistakes mistakes;
  private final ParameterReader parameters;
  private final NavigableMap<String, FaultDescription> offered = new TreeMap<>();

  FaultReader(Values values, Mistakes mistakes, Collection<FaultDescription> descriptions) {
    this.values = values;
    this.mistakes = mistakes;
    this.parameters = new ParameterReader(values, mistakes);
    descriptions.forEach(each -> offered.put(each.kind().value(), each));
  }

  /** The faults without a mistake, and all services that any fault aims at. */
  record Faults(List<FaultRequest> requests, List<ServiceName> targets) {}

  Faults method(Node node, Radius radius) {
    return faults(node, radius, radius::mayInject);
  }

  Faults rollbacks(Node node, Radius radius) {
    return faults(node, radius, radius::mayRollBack);
  }

  private Faults faults(Node node, Radius radius, Predicate<ServiceName> mayTouch) {
    List<FaultRequest> requests = new ArrayList<>();
    List<ServiceName> targets = new ArrayList<>();
    for (Node item : values.items(node, "at least one object with fault, target, with, for")) {
      Fields.of(item, Form.FAULT, mistakes)
          .ifPresent(
              fields -> {
                Optional<ServiceName> service = service(fields, item, radius, mayTouch);
                service.ifPresent(targets::add);
                fault(fields, item, service).ifPresent(requests::add);
              });
    }
    return new Faults(requests, targets);
  }

  private Optional<ServiceName> service(
      Fields fields, Node fault, Radius radius, Predicate<ServiceName> mayTouch) {
    Optional<Node> given = fields.value("target").flatMap(FaultReader::serviceOf);
    if (given.isEmpty()) {
      if (radius.onlyTarget().isEmpty() && radius.clear()) {
        mistakes.addMissing(
            fault, fault.path().key("target").key("service"), injected(radius, Values.SERVICE));
      }
      return radius.onlyTarget();
    }
    Optional<ServiceName> service = values.service(given.get());
    if (service.isPresent() && !mayTouch.test(service.get())) {
      mistakes.add(
          given.get(), "is outside the blast radius", injected(radius, "a service inside it"));
    }
    return service;
  }

  private static String injected(Radius radius, String otherwise) {
    return radius.inject().map(FaultReader::joined).orElse(otherwise);
  }

  private static String joined(Collection<ServiceName> services) {
    return String.join(", ", services.stream().map(ServiceName::value).toList());
  }

  private static Optional<Node> serviceOf(Node target) {
    if (target instanceof Node.Entries entries) {
      for (Node.Entry entry : entries.entries()) {
        if (entry.key().text().equals("service")) {
          return Optional.of(entry.value());
        }
      }
    }
    return Optional.empty();
  }

  private Optional<FaultRequest> fault(Fields fields, Node item, Optional<ServiceName> service) {
    String allowed = String.join(", ", offered.keySet());
    Optional<FaultDescription> kind =
        fields.require("fault", allowed).flatMap(node -> kind(node, allowed));
    Optional<Duration> duration =
        fields
            .find("for")
            .map(node -> values.duration(node, Limits.POSITIVE))
            .orElse(Optional.of(DEFAULT_DURATION));
    Optional<Node> target = fields.find("target");
    Optional<Node> with = fields.find("with");
    if (kind.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> targetWords = parameters.target(item, target, kind.get().target());
    Map<String, String> withWords = parameters.with(item, with, kind.get().with());
    return service.flatMap(
        found ->
            duration.map(
                length ->
                    new FaultRequest(kind.get().kind(), found, targetWords, withWords, length)));
  }

  private Optional<FaultDescription> kind(Node node, String allowed) {
    Optional<String> word = values.scalar(node, allowed).map(FaultReader::inFull);
    Optional<FaultDescription> description = word.map(offered::get);
    if (word.isPresent() && description.isEmpty()) {
      mistakes.add(node, "is not a known fault", allowed + hint(word.get()));
    }
    return description;
  }

  /** The placebo is ours, and its injector's name would say nothing to anybody. */
  private static String inFull(String word) {
    return word.equals(PLACEBO) ? FaultKind.PLACEBO.value() : word;
  }

  /** People leave the injector's name out, so {@code latency} is near to every latency fault. */
  private String hint(String word) {
    for (String kind : offered.keySet()) {
      if (kind.endsWith("/" + word)) {
        return Nearest.hint(kind);
      }
    }
    return Nearest.hint(word, offered.keySet());
  }
}

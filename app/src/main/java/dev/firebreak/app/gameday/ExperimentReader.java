package dev.firebreak.app.gameday;

import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.experiment.Experiment;
import dev.firebreak.experiment.HaltPolicy;
import dev.firebreak.experiment.SteadyStateHypothesis;
import dev.firebreak.fault.FaultDescription;
import dev.firebreak.fault.FaultRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads {@code experiments}. */
final class ExperimentReader {
  /** Fewer samples say nothing about how much a series moves by itself. */
  private static final int FEWEST_BASELINE_LOOKS = 10;

  private static final String METHOD =
      "a list of at least one object with fault, target, with, for";

  private final Values values;
  private final Mistakes mistakes;
  private final HypothesisReader hypothesis;
  private final RadiusReader radius;
  private final FaultReader faults;
  private final HaltReader halt;

  ExperimentReader(Values values, Mistakes mistakes, Collection<FaultDescription> descriptions) {
    this.values = values;
    this.mistakes = mistakes;
    this.hypothesis = new HypothesisReader(values, mistakes);
    this.radius = new RadiusReader(values, mistakes);
    this.faults = new FaultReader(values, mistakes, descriptions);
    this.halt = new HaltReader(values, mistakes);
  }

  /** The experiments without a mistake. */
  List<Experiment> read(Node node, Duration every) {
    List<Experiment> experiments = new ArrayList<>();
    Map<String, Node> names = new HashMap<>();
    for (Node item : values.items(node, "at least one experiment")) {
      Fields.of(item, Form.EXPERIMENT, mistakes)
          .ifPresent(
              fields -> {
                Optional<String> name = name(fields, names);
                experiment(fields, name, every).ifPresent(experiments::add);
              });
    }
    return withDistinctNames(experiments);
  }

  private Optional<String> name(Fields fields, Map<String, Node> names) {
    Optional<Node> node = fields.find("name");
    Optional<String> name = node.flatMap(values::name);
    if (node.isPresent() && name.isPresent()) {
      Node twin = names.putIfAbsent(name.get(), node.get());
      if (twin != null) {
        mistakes.add(
            node.get(),
            "is the name of the experiment on line " + twin.line() + " too",
            "a name of its own for each experiment");
      }
    }
    return name;
  }

  private Optional<Experiment> experiment(Fields fields, Optional<String> name, Duration every) {
    SteadyStateHypothesis expected =
        fields
            .find("steady-state-hypothesis")
            .flatMap(hypothesis::read)
            .orElse(SteadyStateHypothesis.none());
    Radius declared = fields.find("blast-radius").map(radius::read).orElse(Radius.UNDECLARED);
    FaultReader.Faults method =
        fields
            .require("method", METHOD)
            .map(node -> faults.method(node, declared))
            .orElse(new FaultReader.Faults(List.of(), List.of()));
    Optional<BlastRadius> resolved = radius.resolve(declared, new TreeSet<>(method.targets()));
    List<FaultRequest> rollbacks =
        fields
            .find("rollbacks")
            .map(node -> faults.rollbacks(node, declared.orTargets(method.targets())).requests())
            .orElse(List.of());
    HaltPolicy policy =
        fields.find("halt").map(node -> halt.read(node, every)).orElse(HaltReader.defaults(every));
    Experiment.Timing timing = timing(fields, every);
    if (resolved.isEmpty() || method.requests().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Experiment(
            name.orElse(nameOf(method.requests().get(0))),
            expected,
            resolved.get(),
            method.requests(),
            rollbacks,
            policy,
            timing));
  }

  private Experiment.Timing timing(Fields fields, Duration every) {
    Duration baseline = length(fields, "baseline", Experiment.Timing.DEFAULT.baseline());
    Duration shortest = every.multipliedBy(FEWEST_BASELINE_LOOKS);
    if (baseline.compareTo(shortest) < 0) {
      fields
          .find("baseline")
          .ifPresent(
              node ->
                  mistakes.add(
                      node,
                      "is too short to learn what is normal",
                      "at least %d samples, here %d ms"
                          .formatted(FEWEST_BASELINE_LOOKS, shortest.toMillis())));
    }
    return new Experiment.Timing(
        baseline, length(fields, "recovery", Experiment.Timing.DEFAULT.recovery()));
  }

  private Duration length(Fields fields, String key, Duration otherwise) {
    return fields
        .find(key)
        .flatMap(node -> values.duration(node, Limits.FROM_ZERO))
        .orElse(otherwise);
  }

  private static String nameOf(FaultRequest fault) {
    return fault.kind() + " on " + fault.service();
  }

  /** Names that the file left out may be the same; each gets its number then. */
  private static List<Experiment> withDistinctNames(List<Experiment> experiments) {
    Set<String> taken = new HashSet<>();
    List<Experiment> named = new ArrayList<>();
    for (Experiment experiment : experiments) {
      String name = experiment.name();
      for (int number = 2; !taken.add(name); number++) {
        name = experiment.name() + " (" + number + ")";
      }
      named.add(renamed(experiment, name));
    }
    return named;
  }

  private static Experiment renamed(Experiment experiment, String name) {
    return new Experiment(
        name,
        experiment.hypothesis(),
        experiment.radius(),
        experiment.method(),
        experiment.rollbacks(),
        experiment.halt(),
        experiment.timing());
  }
}

package dev.firebreak.app.gameday;

import dev.firebreak.experiment.SteadyStateHypothesis;
import dev.firebreak.experiment.SteadyStateHypothesis.SteadyStateProbe;
import dev.firebreak.experiment.Tolerance;
import dev.firebreak.service.ServiceName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Reads {@code steady-state-hypothesis}. */
final class HypothesisReader {
  private static final int LONGEST_TITLE = 500;
  private static final int LONGEST_SIGNAL = 100;
  private static final String SIGNAL = "the name of a signal such as http.latency.p95";
  private static final String BAND = "min, max, or both";

  private final Values values;
  private final Mistakes mistakes;

  HypothesisReader(Values values, Mistakes mistakes) {
    this.values = values;
    this.mistakes = mistakes;
  }

  Optional<SteadyStateHypothesis> read(Node node) {
    return Fields.of(node, Form.HYPOTHESIS, mistakes).map(this::hypothesis);
  }

  private SteadyStateHypothesis hypothesis(Fields fields) {
    String title =
        fields.find("title").flatMap(node -> values.text(node, LONGEST_TITLE)).orElse("");
    List<SteadyStateProbe> probes = new ArrayList<>();
    fields
        .require("probes", "a list of at least one probe")
        .ifPresent(
            list ->
                values
                    .items(list, "at least one probe")
                    .forEach(item -> probe(item).ifPresent(probes::add)));
    return new SteadyStateHypothesis(title, probes);
  }

  private Optional<SteadyStateProbe> probe(Node node) {
    return Fields.of(node, Form.PROBE, mistakes).flatMap(this::probe);
  }

  private Optional<SteadyStateProbe> probe(Fields fields) {
    Optional<String> name = fields.find("name").flatMap(values::name);
    Optional<String> signal = fields.require("signal", SIGNAL).flatMap(this::signal);
    Optional<ServiceName> service =
        fields.require("service", Values.SERVICE).flatMap(values::service);
    Optional<Tolerance> tolerance =
        fields
            .require("tolerance", BAND)
            .flatMap(node -> tolerance(node, SignalUnit.of(signal.orElse(""))));
    if (signal.isEmpty() || service.isEmpty() || tolerance.isEmpty()) {
      return Optional.empty();
    }
    String title = name.orElse(signal.get() + " of " + service.get());
    return Optional.of(new SteadyStateProbe(title, signal.get(), service.get(), tolerance.get()));
  }

  private Optional<String> signal(Node node) {
    return values
        .scalar(node, SIGNAL)
        .filter(
            text -> {
              boolean named =
                  text.length() <= LONGEST_SIGNAL
                      && text.chars().allMatch(HypothesisReader::isNameChar);
              if (!named) {
                mistakes.add(node, "is not the name of a signal", SIGNAL);
              }
              return named;
            });
  }

  private static boolean isNameChar(int at) {
    return (at >= 'a' && at <= 'z')
        || (at >= '0' && at <= '9')
        || at == '.'
        || at == '-'
        || at == '_';
  }

  private Optional<Tolerance> tolerance(Node node, SignalUnit unit) {
    return Fields.of(node, Form.TOLERANCE, mistakes)
        .flatMap(
            fields -> {
              if (!fields.has("min") && !fields.has("max")) {
                fields.tell("has no bound", BAND);
                return Optional.empty();
              }
              return band(fields, unit);
            });
  }

  private Optional<Tolerance> band(Fields fields, SignalUnit unit) {
    int before = mistakes.count();
    Optional<Node> maxNode = fields.find("max");
    OptionalDouble min = bound(fields.find("min"), unit);
    OptionalDouble max = bound(maxNode, unit);
    if (mistakes.count() > before) {
      return Optional.empty();
    }
    if (min.isPresent() && max.isPresent() && min.getAsDouble() > max.getAsDouble()) {
      maxNode.ifPresent(at -> mistakes.add(at, "is below min", "a max that is not below min"));
      return Optional.empty();
    }
    return Optional.of(new Tolerance(min, max));
  }

  private OptionalDouble bound(Optional<Node> node, SignalUnit unit) {
    return node.isPresent() ? unit.read(node.get(), values) : OptionalDouble.empty();
  }
}

package dev.firebreak.app.gameday;

import dev.firebreak.experiment.HaltPolicy;
import dev.firebreak.experiment.HaltPolicy.Condition;
import dev.firebreak.experiment.SmallestEffect;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads {@code halt}. */
final class HaltReader {
  /** Two samples may be late or lost before a run counts as blind. */
  private static final int SAMPLES_TO_BE_BLIND = 3;

  private static final List<String> CONDITIONS = List.of("cascade", "hypothesis", "blind");

  private final Values values;
  private final Mistakes mistakes;

  HaltReader(Values values, Mistakes mistakes) {
    this.values = values;
    this.mistakes = mistakes;
  }

  /** What a file without {@code halt} gets when it samples {@code every} so often. */
  static HaltPolicy defaults(Duration every) {
    return new HaltPolicy(
        HaltPolicy.DEFAULT.on(), defaultBlindAfter(every), SmallestEffect.DEFAULT);
  }

  private static Duration defaultBlindAfter(Duration every) {
    Duration samples = every.multipliedBy(SAMPLES_TO_BE_BLIND);
    return samples.compareTo(HaltPolicy.DEFAULT_BLIND_AFTER) > 0
        ? samples
        : HaltPolicy.DEFAULT_BLIND_AFTER;
  }

  HaltPolicy read(Node node, Duration every) {
    return Fields.of(node, Form.HALT, mistakes)
        .map(
            fields ->
                new HaltPolicy(
                    fields.find("on").map(this::conditions).orElse(HaltPolicy.DEFAULT.on()),
                    blindAfter(fields.find("blindAfter"), every),
                    fields
                        .find("smallestEffect")
                        .map(this::smallestEffect)
                        .orElse(SmallestEffect.DEFAULT),
                    fields
                        .find("falseHaltBudget")
                        .map(this::falseHaltBudget)
                        .orElse(HaltPolicy.DEFAULT_FALSE_HALT_BUDGET)))
        .orElse(HaltPolicy.DEFAULT);
  }

  private Set<Condition> conditions(Node node) {
    EnumSet<Condition> conditions = EnumSet.noneOf(Condition.class);
    for (Node item : values.items(node, String.join(", ", CONDITIONS))) {
      Optional<Condition> condition =
          values
              .choice(item, CONDITIONS)
              .map(word -> Condition.valueOf(word.toUpperCase(Locale.ROOT)));
      if (condition.isPresent() && !conditions.add(condition.get())) {
        mistakes.add(item, "is given twice", "each condition once");
      }
    }
    return conditions;
  }

  private Duration blindAfter(Optional<Node> node, Duration every) {
    Optional<Duration> given = node.flatMap(at -> values.duration(at, Limits.POSITIVE));
    if (node.isPresent() && given.isPresent() && given.get().compareTo(every) <= 0) {
      mistakes.add(
          node.get(),
          "is over before the next sample: telemetry.every is " + Quantity.write(every),
          "a duration longer than telemetry.every");
    }
    return given.orElse(defaultBlindAfter(every));
  }

  private double falseHaltBudget(Node node) {
    return values
        .percentWithin(node, HaltPolicy.LEAST_FALSE_HALT_BUDGET, HaltPolicy.MOST_FALSE_HALT_BUDGET)
        .orElse(HaltPolicy.DEFAULT_FALSE_HALT_BUDGET);
  }

  private SmallestEffect smallestEffect(Node node) {
    return Fields.of(node, Form.SMALLEST_EFFECT, mistakes)
        .map(this::smallestEffect)
        .orElse(SmallestEffect.DEFAULT);
  }

  private SmallestEffect smallestEffect(Fields fields) {
    SmallestEffect effect = SmallestEffect.DEFAULT;
    return new SmallestEffect(
        factor(fields.find("latency"), effect.latencyFactor()),
        fields
            .find("latencyFloor")
            .flatMap(node -> values.duration(node, Limits.FROM_ZERO))
            .orElse(effect.latencyFloor()),
        fields
            .find("errors")
            .map(node -> values.positivePercent(node).orElse(effect.errorPoints()))
            .orElse(effect.errorPoints()),
        factor(fields.find("traffic"), effect.trafficFactor()));
  }

  private double factor(Optional<Node> node, double otherwise) {
    return node.map(at -> values.factor(at).orElse(otherwise)).orElse(otherwise);
  }
}

package dev.firebreak.app.gameday;

import dev.firebreak.fault.Parameter;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads {@code target} and {@code with} by what the injector says that it takes. Objects are
 * flattened: {@code do: {method: POST}} gives {@code do.method}. An object without declared fields
 * takes any words.
 */
final class ParameterReader {
  private static final int LONGEST_TEXT = 16_000;
  private static final String RANGE = "a duration such as 800ms, or a range such as 800ms..1200ms";
  private static final String INTEGER = "a whole number such as 10";

  private final Values values;
  private final Mistakes mistakes;

  ParameterReader(Values values, Mistakes mistakes) {
    this.values = values;
    this.mistakes = mistakes;
  }

  /** The words of {@code target} but for {@code service}, which every fault has. */
  Map<String, String> target(Node fault, Optional<Node> node, List<Parameter> parameters) {
    Map<String, String> words = new LinkedHashMap<>();
    List<Parameter> own = new ArrayList<>(parameters);
    own.removeIf(parameter -> parameter.name().equals("service"));
    object(new Place(fault, fault.path().key("target"), ""), node, own, true, words);
    return words;
  }

  /** The words of {@code with}. */
  Map<String, String> with(Node fault, Optional<Node> node, List<Parameter> parameters) {
    Map<String, String> words = new LinkedHashMap<>();
    object(new Place(fault, fault.path().key("with"), ""), node, parameters, false, words);
    return words;
  }

  /**
   * An object of parameters.
   *
   * @param owner what stands for it in messages if it is left out
   * @param prefix of its words' flattened names
   */
  private record Place(Node owner, Path path, String prefix) {}

  private void object(
      Place place,
      Optional<Node> node,
      List<Parameter> parameters,
      boolean hasService,
      Map<String, String> words) {
    if (node.isPresent() && !(node.get() instanceof Node.Entries)) {
      mistakes.addForm(node.get(), "an object with " + names(parameters, hasService));
      return;
    }
    Map<String, Node> given = new LinkedHashMap<>();
    if (node.isPresent() && node.get() instanceof Node.Entries entries) {
      for (Node.Entry entry : entries.entries()) {
        given.put(entry.key().text(), entry.value());
        tellUnknown(entry.key(), parameters, hasService);
      }
    }
    for (Parameter parameter : parameters) {
      Optional<Node> value = Optional.ofNullable(given.get(parameter.name()));
      if (value.isPresent()) {
        read(parameter, value.get(), place.prefix(), words);
      } else if (parameter.required()) {
        mistakes.addMissing(
            node.orElse(place.owner()), place.path().key(parameter.name()), allowed(parameter));
      }
    }
  }

  private void tellUnknown(Node.Scalar key, List<Parameter> parameters, boolean hasService) {
    List<String> known = nameList(parameters, hasService);
    if (!known.contains(key.text())) {
      mistakes.add(
          key,
          "is not a word of this fault",
          names(parameters, hasService) + Nearest.hint(key.text(), known));
    }
  }

  private static String names(List<Parameter> parameters, boolean hasService) {
    List<String> names = nameList(parameters, hasService);
    return names.isEmpty() ? "nothing" : String.join(", ", names);
  }

  private static List<String> nameList(List<Parameter> parameters, boolean hasService) {
    List<String> names = new ArrayList<>();
    if (hasService) {
      names.add("service");
    }
    parameters.forEach(parameter -> names.add(parameter.name()));
    return names;
  }

  private void read(Parameter parameter, Node node, String prefix, Map<String, String> words) {
    String name = prefix + parameter.name();
    if (parameter.type() != Parameter.Type.OBJECT) {
      value(parameter, node).ifPresent(value -> words.put(name, value));
    } else if (parameter.fields().isEmpty()) {
      anyWords(node, name + ".", words);
    } else {
      Place place = new Place(node, node.path(), name + ".");
      object(place, Optional.of(node), parameter.fields(), false, words);
    }
  }

  private void anyWords(Node node, String prefix, Map<String, String> words) {
    if (node instanceof Node.Entries entries) {
      for (Node.Entry entry : entries.entries()) {
        values
            .text(entry.value(), LONGEST_TEXT)
            .ifPresent(text -> words.put(prefix + entry.key().text(), text));
      }
    } else {
      mistakes.addForm(node, "an object of texts");
    }
  }

  private Optional<String> value(Parameter parameter, Node node) {
    return switch (parameter.type()) {
      case TEXT, OBJECT -> content(node);
      case INTEGER -> integer(node);
      case DURATION -> duration(node).map(Quantity::write);
      case DURATION_RANGE -> range(node);
      case PERCENT -> {
        boolean fits = values.positivePercent(node).isPresent();
        yield fits ? values.scalar(node, Values.PERCENT) : Optional.empty();
      }
      case BOOLEAN -> values.choice(node, List.of("true", "false"));
      case URL -> values.url(node).map(URI::toString);
      case CHOICE -> values.choice(node, parameter.choices());
    };
  }

  /** Text of any form, such as the body of a request. */
  private Optional<String> content(Node node) {
    Optional<String> text = values.scalar(node, "text");
    if (text.isPresent() && text.get().length() > LONGEST_TEXT) {
      mistakes.addSecret(
          node,
          "has " + text.get().length() + " characters",
          "text of at most " + LONGEST_TEXT + " characters");
      return Optional.empty();
    }
    return text;
  }

  /** Decimal only: {@code 010} is 8 to some readers of YAML and 10 to others. */
  private Optional<String> integer(Node node) {
    return values
        .scalar(node, INTEGER)
        .filter(
            text -> {
              boolean decimal = isDecimal(text.startsWith("-") ? text.substring(1) : text);
              if (!decimal) {
                mistakes.add(node, "is not a whole number in decimal digits", INTEGER);
              }
              return decimal;
            });
  }

  private static boolean isDecimal(String digits) {
    return !digits.isEmpty()
        && digits.length() <= 18
        && digits.chars().allMatch(at -> at >= '0' && at <= '9')
        && (digits.length() == 1 || digits.charAt(0) != '0');
  }

  private Optional<String> range(Node node) {
    return values.scalar(node, RANGE).flatMap(text -> range(node, text));
  }

  private Optional<String> range(Node node, String text) {
    int dots = text.indexOf("..");
    if (dots < 0) {
      return duration(node).map(Quantity::write);
    }
    Optional<Duration> low = end(node, text.substring(0, dots));
    Optional<Duration> high = end(node, text.substring(dots + 2));
    if (low.isEmpty() || high.isEmpty()) {
      return Optional.empty();
    }
    if (low.get().compareTo(high.get()) > 0) {
      mistakes.add(node, "ends below its beginning", RANGE);
      return Optional.empty();
    }
    return Optional.of(Quantity.write(low.get()) + ".." + Quantity.write(high.get()));
  }

  private Optional<Duration> end(Node node, String text) {
    return duration(new Node.Scalar(node.path(), node.line(), node.column(), text, false));
  }

  /** In whole milliseconds, so that no injector has to read fractions. */
  private Optional<Duration> duration(Node node) {
    Optional<Duration> duration = values.duration(node, Limits.FROM_ZERO);
    if (duration.isPresent() && duration.get().toNanosPart() % 1_000_000 != 0) {
      mistakes.add(node, "is finer than a millisecond", "a duration in whole milliseconds");
      return Optional.empty();
    }
    return duration;
  }

  private static String allowed(Parameter parameter) {
    return switch (parameter.type()) {
      case TEXT -> "text";
      case INTEGER -> INTEGER;
      case DURATION -> Values.DURATION;
      case DURATION_RANGE -> RANGE;
      case PERCENT -> Values.PERCENT;
      case BOOLEAN -> "true, false";
      case URL -> Values.URL;
      case CHOICE -> String.join(", ", parameter.choices());
      case OBJECT -> "an object with " + names(parameter.fields(), false);
    };
  }
}

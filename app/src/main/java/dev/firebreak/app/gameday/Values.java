package dev.firebreak.app.gameday;

import dev.firebreak.experiment.HaltPolicy;
import dev.firebreak.service.ServiceName;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads single values; each method gives the value, or empty and a mistake. */
final class Values {
  static final String DURATION = "a duration such as 500ms, 30s, 5m";
  static final String PERCENT = "a percentage such as 1%";
  static final String FACTOR = "a factor above 1 such as 1.5x";
  static final String RATE = "a rate such as 5/s, or a number";
  static final String SERVICE = "the name of a service";
  static final String URL = "an absolute URL with http or https, such as http://localhost:9090";

  private static final int LONGEST_NAME = 200;
  private static final int LONGEST_URL = 2000;

  private final Mistakes mistakes;

  Values(Mistakes mistakes) {
    this.mistakes = mistakes;
  }

  /** Text on one line, not blank. */
  Optional<String> name(Node node) {
    return text(node, LONGEST_NAME);
  }

  /** Text on one line, not blank, of at most {@code longest} characters. */
  Optional<String> text(Node node, int longest) {
    String allowed = "text of 1 to " + longest + " characters on one line";
    return scalar(node, allowed)
        .filter(
            text -> {
              @Nullable String problem = textProblem(text, longest);
              if (problem != null) {
                mistakes.add(node, problem, allowed);
              }
              return problem == null;
            });
  }

  private static @Nullable String textProblem(String text, int longest) {
    if (text.isBlank()) {
      return "is blank";
    }
    if (text.length() > longest) {
      return "has " + text.length() + " characters";
    }
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        return "has a line end or another control character";
      }
    }
    return null;
  }

  Optional<ServiceName> service(Node node) {
    if (node instanceof Node.Scalar) {
      return name(node).map(ServiceName::of);
    }
    mistakes.addForm(node, SERVICE);
    return Optional.empty();
  }

  Optional<Duration> duration(Node node, Limits limits) {
    Optional<Duration> duration =
        quantity(node, Quantity::duration, Meant::duration, "a duration", DURATION);
    return duration.filter(given -> isWithin(limits, given, node));
  }

  private boolean isWithin(Limits limits, Duration given, Node node) {
    if (given.compareTo(limits.longest()) > 0) {
      String longest = Quantity.write(limits.longest());
      mistakes.add(node, "is longer than " + longest, "a duration of at most " + longest);
      return false;
    }
    if (given.compareTo(limits.shortest()) < 0) {
      String shortest = Quantity.write(limits.shortest());
      mistakes.add(node, "is shorter than " + shortest, "a duration of at least " + shortest);
      return false;
    }
    return true;
  }

  /** A ratio of 0 to 1, written {@code 0%} to {@code 100%}. */
  OptionalDouble percent(Node node) {
    Optional<Double> ratio =
        quantity(node, Quantity::ratio, Meant::percent, "a percentage", PERCENT);
    return toDouble(ratio.filter(given -> holds(given <= 1, node, "is above 100%", "0% to 100%")));
  }

  /** A ratio above 0, at most 1. */
  OptionalDouble positivePercent(Node node) {
    OptionalDouble ratio = percent(node);
    boolean fits =
        ratio.isEmpty()
            || holds(ratio.getAsDouble() > 0, node, "is not above 0%", "above 0%, at most 100%");
    return fits ? ratio : OptionalDouble.empty();
  }

  /** A ratio from {@code least} to {@code most}, ends included. */
  OptionalDouble percentWithin(Node node, double least, double most) {
    OptionalDouble ratio = percent(node);
    String allowed = HaltPolicy.inPercent(least) + " to " + HaltPolicy.inPercent(most);
    if (ratio.isEmpty()
        || !holds(ratio.getAsDouble() >= least, node, "is too small", allowed)
        || !holds(ratio.getAsDouble() <= most, node, "is too large", allowed)) {
      return OptionalDouble.empty();
    }
    return ratio;
  }

  /** A number above 1, written {@code 1.5x}. */
  OptionalDouble factor(Node node) {
    Optional<Double> factor = quantity(node, Quantity::factor, Meant::factor, "a factor", FACTOR);
    return toDouble(factor.filter(given -> holds(given > 1, node, "is not above 1x", FACTOR)));
  }

  /** Per second, at least 0. */
  OptionalDouble rate(Node node) {
    return toDouble(quantity(node, Quantity::perSecond, Meant::perSecond, "a rate", RATE));
  }

  private <T> Optional<T> quantity(
      Node node,
      Function<Quantity, Optional<T>> read,
      Function<String, Optional<String>> meant,
      String what,
      String allowed) {
    return scalar(node, allowed)
        .flatMap(
            text -> {
              Optional<T> value = Quantity.of(text).flatMap(read);
              if (value.isEmpty()) {
                mistakes.add(
                    node,
                    quantityProblem(text, what),
                    allowed + meant.apply(text).map(Nearest::hint).orElse(""));
              }
              return value;
            });
  }

  private static String quantityProblem(String text, String what) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (Quantity.of(text).filter(quantity -> quantity.unit().isEmpty()).isPresent()) {
      return "has no unit";
    }
    if (lower.endsWith(".nan") || lower.endsWith(".inf")) {
      return "is not a finite number";
    }
    if (text.startsWith("-")) {
      return "is negative";
    }
    return "is not " + what;
  }

  Optional<URI> url(Node node) {
    return scalar(node, URL)
        .flatMap(
            text -> {
              try {
                URI uri = new URI(text);
                @Nullable String problem = urlProblem(uri, text);
                if (problem == null) {
                  return Optional.of(uri);
                }
                tellUrl(node, text, problem);
              } catch (URISyntaxException e) {
                tellUrl(node, text, "is not a URL: " + e.getReason());
              }
              return Optional.empty();
            });
  }

  private static @Nullable String urlProblem(URI uri, String text) {
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      return "does not begin with http:// or https://";
    }
    if (uri.getRawAuthority() != null && uri.getRawAuthority().contains("@")) {
      return "the URL has credentials, which would end up in journals and reports";
    }
    if (uri.getHost() == null) {
      return "has no host name that a URL may have";
    }
    if (uri.getPort() == 0 || uri.getPort() > 65_535) {
      return "has a port that does not exist";
    }
    if (text.length() > LONGEST_URL) {
      return "has more than " + LONGEST_URL + " characters";
    }
    return uri.getRawFragment() != null ? "has a fragment (#)" : null;
  }

  private void tellUrl(Node node, String text, String problem) {
    if (text.contains("@")) {
      mistakes.addSecret(node, problem, URL + "; credentials go into headers where there are some");
    } else {
      mistakes.add(node, problem, URL);
    }
  }

  /** One of {@code words}, as written there. */
  Optional<String> choice(Node node, List<String> words) {
    String allowed = String.join(", ", words);
    return scalar(node, allowed)
        .filter(
            text ->
                holds(
                    words.contains(text),
                    node,
                    "is not a known word",
                    allowed + Nearest.hint(text, words)));
  }

  /** The text of a scalar, quoted or not. */
  Optional<String> scalar(Node node, String allowed) {
    if (node instanceof Node.Scalar scalar && !scalar.isNull()) {
      return Optional.of(scalar.text());
    }
    mistakes.addForm(node, allowed);
    return Optional.empty();
  }

  /** The items of a list that is not empty. */
  List<Node> items(Node node, String allowed) {
    if (!(node instanceof Node.Items list)) {
      mistakes.addForm(node, "a list: " + allowed);
      return List.of();
    }
    if (list.items().isEmpty()) {
      mistakes.add(node, "is an empty list", "a list: " + allowed);
    }
    return list.items();
  }

  private boolean holds(boolean condition, Node node, String problem, String allowed) {
    if (!condition) {
      mistakes.add(node, problem, allowed);
    }
    return condition;
  }

  private static OptionalDouble toDouble(Optional<Double> value) {
    return value.isPresent() ? OptionalDouble.of(value.get()) : OptionalDouble.empty();
  }
}

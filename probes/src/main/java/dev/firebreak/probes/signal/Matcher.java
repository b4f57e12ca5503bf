package dev.firebreak.probes.signal;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** A condition on one label, with Prometheus' meaning: expressions match the whole value. */
public final class Matcher {
  private static final Pattern LABEL_NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

  private enum Operator {
    EQUAL("="),
    NOT_EQUAL("!="),
    MATCHES("=~"),
    MATCHES_NOT("!~");

    private final String symbol;

    Operator(String symbol) {
      this.symbol = symbol;
    }
  }

  private final String label;
  private final Operator operator;
  private final String value;
  private final Optional<Pattern> pattern;

  private Matcher(String label, Operator operator, String value) {
    if (!LABEL_NAME.matcher(label).matches()) {
      throw new IllegalArgumentException("\"" + label + "\" is no label name");
    }
    this.label = label;
    this.operator = operator;
    this.value = value;
    this.pattern = patternOf(operator, value);
  }

  private static Optional<Pattern> patternOf(Operator operator, String value) {
    if (operator == Operator.EQUAL || operator == Operator.NOT_EQUAL) {
      return Optional.empty();
    }
    try {
      return Optional.of(Pattern.compile(value, Pattern.DOTALL));
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException("\"" + value + "\" is no regular expression", e);
    }
  }

  public static Matcher equal(String label, String value) {
    return new Matcher(label, Operator.EQUAL, value);
  }

  public static Matcher notEqual(String label, String value) {
    return new Matcher(label, Operator.NOT_EQUAL, value);
  }

  /**
   * A condition that an expression states.
   *
   * @throws IllegalArgumentException if {@code expression} is none
   */
  public static Matcher matches(String label, String expression) {
    return new Matcher(label, Operator.MATCHES, expression);
  }

  /**
   * A condition that an expression states.
   *
   * @throws IllegalArgumentException if {@code expression} is none
   */
  public static Matcher matchesNot(String label, String expression) {
    return new Matcher(label, Operator.MATCHES_NOT, expression);
  }

  boolean accepts(Labels labels) {
    String actual = labels.get(label);
    return switch (operator) {
      case EQUAL -> actual.equals(value);
      case NOT_EQUAL -> !actual.equals(value);
      case MATCHES -> pattern.orElseThrow().matcher(actual).matches();
      case MATCHES_NOT -> !pattern.orElseThrow().matcher(actual).matches();
    };
  }

  String promql() {
    return label + operator.symbol + PromQl.quote(value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Matcher matcher
        && label.equals(matcher.label)
        && operator == matcher.operator
        && value.equals(matcher.value);
  }

  @Override
  public int hashCode() {
    return Objects.hash(label, operator, value);
  }

  @Override
  public String toString() {
    return promql();
  }
}

package dev.firebreak.fault;

import java.util.List;

/**
 * One word that a fault takes.
 *
 * @param choices the allowed words of a {@link Type#CHOICE}
 * @param fields the words inside a {@link Type#OBJECT}
 */
public record Parameter(
    String name,
    Type type,
    boolean required,
    String summary,
    List<String> choices,
    List<Parameter> fields) {
  /** The form of a value. */
  public enum Type {
    TEXT,
    INTEGER,
    /** {@code 800ms}. */
    DURATION,
    /** {@code 800ms..1200ms}, or one duration for both ends. */
    DURATION_RANGE,
    /** {@code 20%}, above 0 and at most 100. */
    PERCENT,
    BOOLEAN,
    /** Absolute, http or https. */
    URL,
    CHOICE,
    OBJECT
  }

  public Parameter {
    choices = List.copyOf(choices);
    fields = List.copyOf(fields);
  }

  public static Parameter required(String name, Type type, String summary) {
    return new Parameter(name, type, true, summary, List.of(), List.of());
  }

  public static Parameter optional(String name, Type type, String summary) {
    return new Parameter(name, type, false, summary, List.of(), List.of());
  }

  public static Parameter choice(
      String name, boolean required, String summary, List<String> choices) {
    return new Parameter(name, Type.CHOICE, required, summary, choices, List.of());
  }

  public static Parameter object(
      String name, boolean required, String summary, List<Parameter> fields) {
    return new Parameter(name, Type.OBJECT, required, summary, List.of(), fields);
  }
}

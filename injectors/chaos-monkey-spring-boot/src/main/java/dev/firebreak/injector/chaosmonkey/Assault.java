package dev.firebreak.injector.chaosmonkey;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.firebreak.fault.FaultKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the file asks for.
 *
 * @param latency empty for exceptions
 * @param level every how many-th request is hit
 * @param exceptionType the class that is thrown, or would be
 */
record Assault(
    Optional<LatencyRange> latency, List<String> watchers, int level, String exceptionType) {
  static final FaultKind LATENCY = FaultKind.of("chaos-monkey/latency");
  static final FaultKind EXCEPTIONS = FaultKind.of("chaos-monkey/exceptions");

  private static final int HIGHEST_LEVEL = 10_000;
  private static final String PLAIN_EXCEPTION = "java.lang.RuntimeException";
  private static final Pattern CLASS_NAME = Pattern.compile("[A-Za-z_$][A-Za-z0-9_$.]{0,199}");

  Assault {
    watchers = List.copyOf(watchers);
  }

  /**
   * Reads the words of a file.
   *
   * @throws IllegalArgumentException saying what is allowed
   */
  static Assault read(FaultKind kind, Map<String, String> words) {
    boolean slows = kind.equals(LATENCY);
    return new Assault(
        slows
            ? Optional.of(LatencyRange.parse(words.getOrDefault("latency", "")))
            : Optional.empty(),
        watchers(words.getOrDefault("watcher", "restController")),
        level(words.getOrDefault("level", "1")),
        exceptionType(words.getOrDefault("exception", PLAIN_EXCEPTION)));
  }

  private static List<String> watchers(String text) {
    List<String> chosen = new ArrayList<>();
    for (String name : text.split(",", -1)) {
      if (!Settings.WATCHERS.contains(name.strip())) {
        throw new IllegalArgumentException(
            "watcher is \"%s\"; allowed are one or more of %s, separated by commas"
                .formatted(text, String.join(", ", Settings.WATCHERS)));
      }
      chosen.add(name.strip());
    }
    return chosen;
  }

  private static int level(String text) {
    String number = text.strip();
    if (!number.matches("[0-9]{1,5}")
        || Integer.parseInt(number) < 1
        || Integer.parseInt(number) > HIGHEST_LEVEL) {
      throw new IllegalArgumentException(
          "level is \"%s\"; allowed is 1 (every request) to %d (every %d-th)"
              .formatted(text, HIGHEST_LEVEL, HIGHEST_LEVEL));
    }
    return Integer.parseInt(number);
  }

  private static String exceptionType(String text) {
    if (!CLASS_NAME.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "exception is \"%s\"; allowed is the full name of a class".formatted(text));
    }
    return text;
  }

  /** Turns it on. */
  ObjectNode body(Settings found) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("level", level);
    if (found.assaults().has("deterministic")) {
      // Every n-th request and not each with a chance of one in n, so that a canary can meet it.
      body.put("deterministic", true);
    }
    latency.ifPresent(
        range ->
            body.put("latencyRangeStart", range.min().toMillis())
                .put("latencyRangeEnd", range.max().toMillis()));
    return body.put(switchName(), true);
  }

  String switchName() {
    return latency.isPresent() ? "latencyActive" : "exceptionsActive";
  }

  String describe() {
    String what =
        latency
            .map(range -> range.min().toMillis() + " to " + range.max().toMillis() + " ms")
            .orElse(exceptionType);
    return "%s in %s%s"
        .formatted(
            what,
            String.join(", ", watchers),
            level == 1 ? "" : " of every " + level + "-th request");
  }
}

package dev.firebreak.annotations.tracing;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** What the {@code OTEL_*} variables ask for. Needs nothing of the SDK, for who has no room. */
public final class OtelVariables {
  private OtelVariables() {}

  /**
   * Whether they ask for traces or events.
   *
   * @param environment variables such as {@code OTEL_EXPORTER_OTLP_ENDPOINT}; others are passed
   *     over
   */
  public static boolean askForTelemetry(Map<String, String> environment) {
    return isWanted(properties(environment));
  }

  static boolean isWanted(Map<String, String> properties) {
    boolean disabled = Boolean.parseBoolean(properties.get("otel.sdk.disabled"));
    return !disabled && (sends(properties, "traces") || sends(properties, "logs"));
  }

  /** Whether there is an exporter for it, or an endpoint for it, and it is not turned off. */
  static boolean sends(Map<String, String> properties, String what) {
    String exporter = properties.getOrDefault("otel." + what + ".exporter", "");
    boolean endpoint =
        properties.containsKey("otel.exporter.otlp.endpoint")
            || properties.containsKey("otel.exporter.otlp." + what + ".endpoint");
    return !exporter.equals("none") && (endpoint || !exporter.isEmpty());
  }

  /** By OpenTelemetry's own rule an empty variable is one that is not set. */
  static Map<String, String> properties(Map<String, String> environment) {
    Map<String, String> properties = new HashMap<>();
    environment.forEach(
        (name, value) -> {
          String key = name.toLowerCase(Locale.ROOT).replace('_', '.');
          if (key.startsWith("otel.") && !value.isBlank()) {
            properties.put(key, value.strip());
          }
        });
    return properties;
  }
}

package dev.firebreak.annotations.grafana;

import java.util.Locale;

/** By which of its two APIs a Grafana is given annotations. */
public enum AnnotationApi {
  /** By the new one if this Grafana has it, else by the old one. */
  AUTO,
  /** {@code /api/annotations}, which every Grafana has, and which Grafana deprecated in 2026. */
  LEGACY,
  /** {@code /apis/annotation.grafana.app}, which is off in most Grafanas. */
  APP;

  /**
   * Reads a setting.
   *
   * @throws IllegalArgumentException if it is none; the message says what is allowed
   */
  public static AnnotationApi parse(String text) {
    for (AnnotationApi api : values()) {
      if (api.name().toLowerCase(Locale.ROOT).equals(text)) {
        return api;
      }
    }
    throw new IllegalArgumentException(
        "\"%s\" is no API of Grafana's annotations; allowed: auto, legacy, app".formatted(text));
  }
}

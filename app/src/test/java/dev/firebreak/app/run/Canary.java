package dev.firebreak.app.run;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.stream.Stream;

/** A secret, and every place where a person can put one. */
enum Canary {
  GRAFANA_TOKEN,
  ALERTMANAGER_TOKEN,
  OTLP_HEADER,
  OTLP_USER,
  PROMETHEUS_HEADER,
  PROMETHEUS_VARIABLE,
  FAULT_HEADERS_VARIABLE,
  ENVIRONMENT,
  /** In the file itself: the guard and a recovery need it to undo, so it is in what they read. */
  FAULT_HEADER,
  FAULT_BODY;

  String secret() {
    return "canary-" + name().toLowerCase(Locale.ROOT).replace('_', '-') + "-8f3a1c";
  }

  boolean isInTheFile() {
    return this == FAULT_HEADER || this == FAULT_BODY;
  }

  /** As it is, and as Basic authentication would write it. */
  boolean isIn(String text) {
    return Stream.of(secret(), base64(secret()), base64("user:" + secret()))
        .anyMatch(text::contains);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}

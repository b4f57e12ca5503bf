package dev.firebreak.app.gameday;

import java.util.List;

/** The objects of a GameDay file and the words each one knows. */
enum Form {
  GAME_DAY("gameDay", "apiVersion", "kind", "metadata", "schedule", "telemetry", "experiments"),
  METADATA("metadata", "name", "owner", "environment"),
  SCHEDULE("schedule", "cron", "timeZone", "startingDeadline"),
  TELEMETRY("telemetry", "prometheus", "scrape", "every", "call-graph"),
  PROMETHEUS("prometheus", "url", "headers"),
  SECRET("secret", "env"),
  SCRAPE_TARGET("scrapeTarget", "url", "service"),
  EXPERIMENT(
      "experiment",
      "name",
      "steady-state-hypothesis",
      "blast-radius",
      "method",
      "rollbacks",
      "halt",
      "baseline",
      "recovery"),
  HYPOTHESIS("steadyStateHypothesis", "title", "probes"),
  PROBE("probe", "name", "signal", "service", "tolerance"),
  TOLERANCE("tolerance", "min", "max"),
  BLAST_RADIUS("blastRadius", "inject", "expected", "outside"),
  INJECTED("injected", "service"),
  EXPECTED("expected", "service", "latency", "errors"),
  LATENCY_BOUND("latencyBound", "atMost"),
  ERROR_BOUND("errorBound", "atMost"),
  FAULT("fault", "fault", "target", "with", "for"),
  HALT("halt", "on", "blindAfter", "smallestEffect", "falseHaltBudget"),
  SMALLEST_EFFECT("smallestEffect", "latency", "latencyFloor", "errors", "traffic");

  private final String schemaName;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> keys;

  Form(String schemaName, String... keys) {
    this.schemaName = schemaName;
    this.keys = List.of(keys);
  }

  /** Its name under {@code $defs} in {@code docs/gameday.schema.json}. */
  String schemaName() {
    return schemaName;
  }

  /** All keys that it may have. */
  List<String> keys() {
    return keys;
  }
}

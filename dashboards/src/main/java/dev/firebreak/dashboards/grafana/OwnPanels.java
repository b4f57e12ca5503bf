package dev.firebreak.dashboards.grafana;

import dev.firebreak.dashboards.grafana.Panel.Kind;
import dev.firebreak.dashboards.grafana.Panel.Query;
import dev.firebreak.run.FirebreakMetrics;
import java.util.List;

/** How Firebreak itself fares: whether it fires, sees, and tells. */
final class OwnPanels {
  private OwnPanels() {}

  static List<Panel> all() {
    return List.of(
        nextFire(),
        lastSuccess(),
        queryFailures(),
        outbox(),
        annotationOperations(),
        dropped(),
        build());
  }

  private static Panel nextFire() {
    return new Panel(
        Kind.STAT,
        "Until the next GameDay",
        "How long until each scheduled GameDay fires. Nothing: none is scheduled.",
        "s",
        12,
        List.of(
            Query.instant(
                "min by (gameday) (%s%s > 0) - time()"
                    .formatted(FirebreakMetrics.NEXT_FIRE, GameDaysDashboard.OF_JOB),
                "{{gameday}}")));
  }

  private static Panel lastSuccess() {
    return new Panel(
        Kind.STAT,
        "Since a GameDay gave an answer",
        "How long ago each scheduled GameDay last ended as HELD, DEVIATED or CASCADED. Nothing:"
            + " it never did.",
        "s",
        12,
        List.of(
            Query.instant(
                "time() - max by (gameday) (%s%s > 0)"
                    .formatted(FirebreakMetrics.LAST_SUCCESS, GameDaysDashboard.OF_JOB),
                "{{gameday}}")));
  }

  private static Panel queryFailures() {
    return new Panel(
        Kind.TIME_SERIES,
        "Failed queries for metrics",
        "Requests for metrics without a usable answer, by source and kind. Enough of them make a"
            + " run blind, and that halts it.",
        "ops",
        8,
        List.of(
            Query.range(
                "sum by (source, kind) (rate("
                    + FirebreakMetrics.QUERY_FAILURES
                    + GameDaysDashboard.OF_JOB
                    + GameDaysDashboard.RATE
                    + "))",
                "{{source}}: {{kind}}")));
  }

  private static Panel outbox() {
    return new Panel(
        Kind.STAT,
        "Annotations that wait",
        "How many annotations Grafana does not have yet, and for how many seconds the oldest has"
            + " waited. They are parked while the token lacks a right: see firebreak doctor.",
        "short",
        8,
        List.of(
            Query.instant(
                "sum(" + FirebreakMetrics.OUTBOX_MARKS + GameDaysDashboard.OF_JOB + ")", "waiting"),
            Query.instant(
                "max(" + FirebreakMetrics.OUTBOX_AGE + GameDaysDashboard.OF_JOB + ")",
                "oldest, seconds")));
  }

  private static Panel annotationOperations() {
    return new Panel(
        Kind.TIME_SERIES,
        "Calls to Grafana",
        "What Firebreak asked of Grafana's annotations, by operation and result. Failures never"
            + " delay a run; they are tried again.",
        "ops",
        8,
        List.of(
            Query.range(
                "sum by (op, result) (rate("
                    + FirebreakMetrics.ANNOTATION_OPERATIONS
                    + GameDaysDashboard.OF_JOB
                    + GameDaysDashboard.RATE
                    + "))",
                "{{op}}: {{result}}")));
  }

  private static Panel dropped() {
    return new Panel(
        Kind.TIME_SERIES,
        "Samples that listeners missed",
        "Sample events per second that a slow listener was not told of. The journal has them all.",
        "cps",
        8,
        List.of(
            Query.range(
                "sum(rate("
                    + FirebreakMetrics.LISTENER_SAMPLES_DROPPED
                    + GameDaysDashboard.OF_JOB
                    + GameDaysDashboard.RATE
                    + "))",
                "dropped")));
  }

  private static Panel build() {
    return new Panel(
        Kind.STAT,
        "Instances by version",
        "How many instances of Firebreak are up, by version.",
        "short",
        8,
        List.of(
            Query.instant(
                "sum by (version) (" + FirebreakMetrics.BUILD_INFO + GameDaysDashboard.OF_JOB + ")",
                "{{version}}")));
  }
}

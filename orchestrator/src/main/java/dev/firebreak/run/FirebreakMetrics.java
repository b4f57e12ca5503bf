package dev.firebreak.run;

import java.util.Set;

/**
 * The names of Firebreak's own metrics: what emits them and what queries them meet here. Counters
 * and histograms in base units; label values come from small, closed sets.
 */
public final class FirebreakMetrics {
  /** Gauge, 1 while the service may carry a fault: {@code gameday, service, env}. */
  public static final String FAULT_ACTIVE = "firebreak_fault_active";

  /** Counter of closed runs: {@code outcome}. */
  public static final String RUNS = "firebreak_runs_total";

  /** Counter of runs that were ended early: {@code reason}. */
  public static final String HALTS = "firebreak_halts_total";

  /** Counter of degraded services: {@code class}. */
  public static final String FINDINGS = "firebreak_findings_total";

  /** Histogram, from opened to closed. */
  public static final String RUN_DURATION = "firebreak_run_duration_seconds";

  /** Histogram, from the breach seen to the last undo sent. */
  public static final String HALT_DELAY = "firebreak_halt_delay_seconds";

  /** Histogram, from an undo first sent to the rollback verified. */
  public static final String ROLLBACK_DURATION = "firebreak_rollback_duration_seconds";

  /** Counter of requests for metrics without a usable answer: {@code source, kind}. */
  public static final String QUERY_FAILURES = "firebreak_query_failures_total";

  /** Gauge: annotations that Grafana does not have yet. */
  public static final String OUTBOX_MARKS = "firebreak_outbox_marks";

  /** Gauge: how long the oldest of them has waited; 0 without any. */
  public static final String OUTBOX_AGE = "firebreak_outbox_oldest_age_seconds";

  /** Gauge, seconds since the epoch: {@code gameday}. */
  public static final String NEXT_FIRE = "firebreak_next_fire_timestamp_seconds";

  /** Gauge, seconds since the epoch, 0 for never: {@code gameday}. */
  public static final String LAST_SUCCESS = "firebreak_last_success_timestamp_seconds";

  /** Gauge: how many faults may be in place. */
  public static final String FAULTS_ACTIVE = "firebreak_faults_active";

  /** Counter of sample events that a slow listener was not told of. */
  public static final String LISTENER_SAMPLES_DROPPED = "firebreak_listener_samples_dropped_total";

  /** Counter of calls to Grafana: {@code op, result}. */
  public static final String ANNOTATION_OPERATIONS = "firebreak_annotation_operations_total";

  /** Gauge, always 1: {@code version}. */
  public static final String BUILD_INFO = "firebreak_build_info";

  private static final Set<String> NAMES =
      Set.of(
          FAULT_ACTIVE,
          RUNS,
          HALTS,
          FINDINGS,
          RUN_DURATION,
          HALT_DELAY,
          ROLLBACK_DURATION,
          QUERY_FAILURES,
          OUTBOX_MARKS,
          OUTBOX_AGE,
          NEXT_FIRE,
          LAST_SUCCESS,
          FAULTS_ACTIVE,
          LISTENER_SAMPLES_DROPPED,
          ANNOTATION_OPERATIONS,
          BUILD_INFO);

  private FirebreakMetrics() {}

  /** All of the names, without the suffixes of a histogram's series. */
  public static Set<String> names() {
    return NAMES;
  }
}

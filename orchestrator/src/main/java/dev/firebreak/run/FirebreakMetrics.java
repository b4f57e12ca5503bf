package dev.firebreak.run;

import java.util.Set;

/**
 * The names of Firebreak's own metrics, as a Prometheus query says them. They live here so that one
 * test can prove that no dashboard asks for a series that is not emitted. Label values come from
 * enums, or from what a GameDay file declares; run and trace ids are never labels.
 */
public final class FirebreakMetrics {
  /** Gauge by gameday, service, env: 1 from the injection until its rollback is verified. */
  public static final String FAULT_ACTIVE = "firebreak_fault_active";

  /** Counter by outcome. */
  public static final String RUNS_TOTAL = "firebreak_runs_total";

  /** Counter by reason, the {@link HaltCause.Kind}. */
  public static final String HALTS_TOTAL = "firebreak_halts_total";

  /** Counter by class; a service counts once per run and class. */
  public static final String FINDINGS_TOTAL = "firebreak_findings_total";

  /** Histogram: from a run's opening to its close. */
  public static final String RUN_DURATION_SECONDS = "firebreak_run_duration_seconds";

  /** Histogram: from the breach seen to the last fault removed. */
  public static final String HALT_DELAY_SECONDS = "firebreak_halt_delay_seconds";

  /** Gauge: faults that are, or may be, in place. */
  public static final String FAULTS_ACTIVE = "firebreak_faults_active";

  /** Counter: samples that a slow listener was not told of. */
  public static final String LISTENER_SAMPLES_DROPPED_TOTAL =
      "firebreak_listener_samples_dropped_total";

  /** Counter by op and result. */
  public static final String ANNOTATION_OPERATIONS_TOTAL = "firebreak_annotation_operations_total";

  /** Info by version: always 1. */
  public static final String BUILD_INFO = "firebreak_build_info";

  /** All of the above; a histogram's series have {@code _bucket}, {@code _count}, {@code _sum}. */
  public static final Set<String> ALL =
      Set.of(
          FAULT_ACTIVE,
          RUNS_TOTAL,
          HALTS_TOTAL,
          FINDINGS_TOTAL,
          RUN_DURATION_SECONDS,
          HALT_DELAY_SECONDS,
          FAULTS_ACTIVE,
          LISTENER_SAMPLES_DROPPED_TOTAL,
          ANNOTATION_OPERATIONS_TOTAL,
          BUILD_INFO);

  private FirebreakMetrics() {}
}

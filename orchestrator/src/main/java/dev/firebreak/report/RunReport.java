package dev.firebreak.report;

import dev.firebreak.cascade.DegradationClass;
import dev.firebreak.run.HaltCause;
import dev.firebreak.run.Outcome;
import dev.firebreak.run.Phase;
import dev.firebreak.run.RunEvent.ProbeJudged.Verdict;
import dev.firebreak.run.RunId;
import dev.firebreak.run.Trigger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a run showed. Made from its events alone: the same events give an equal report. All values
 * in base units: seconds, ratios 0 to 1, per second.
 *
 * @param verdict the one sentence that a reader must take away
 * @param way the way of the failure in words, empty if nothing escaped
 */
public record RunReport(
    RunId runId,
    String gameDay,
    String experiment,
    String owner,
    String environment,
    Trigger trigger,
    String planHash,
    String traceId,
    Instant start,
    Optional<Instant> end,
    Outcome outcome,
    String reason,
    String verdict,
    String way,
    Radius blastRadius,
    Hypothesis hypothesis,
    List<PhaseSpan> phases,
    List<FaultReport> faults,
    List<FindingReport> findings,
    Optional<Halt> halt,
    OptionalDouble breachToRollbackSeconds,
    CoverageReport coverage,
    List<Edge> callGraph,
    List<Series> series) {

  /** Services by name. */
  public record Radius(List<String> inject, List<String> expected) {}

  /** The steady-state hypothesis and how it fared. */
  public record Hypothesis(String title, List<Probe> probes) {}

  /**
   * One probe of the hypothesis.
   *
   * @param worst the value farthest out of, or closest to leaving, its tolerance
   */
  public record Probe(
      String name,
      String signal,
      String service,
      OptionalDouble min,
      OptionalDouble max,
      Verdict before,
      Verdict during,
      OptionalDouble worst) {}

  /** When a phase ran; the end is empty while the journal has none. */
  public record PhaseSpan(Phase name, Instant start, Optional<Instant> end) {}

  /** One fault and what became of it. */
  public record FaultReport(
      String id,
      String injector,
      String kind,
      String service,
      String target,
      Optional<Instant> injectedAt,
      Optional<Instant> confirmedAt,
      Optional<String> evidence,
      Optional<Instant> rollbackRequestedAt,
      Optional<Instant> rolledBackAt,
      Optional<Instant> verifiedAt,
      Optional<String> problem) {}

  /**
   * One degraded service.
   *
   * @param unit {@code seconds}, {@code ratio}, {@code per second} or empty
   * @param confirmedByRollback whether it recovered once the fault was gone; empty while unknown
   */
  public record FindingReport(
      String service,
      DegradationClass degradation,
      String signal,
      String unit,
      double baseline,
      double observed,
      Instant onset,
      Instant flaggedAt,
      Optional<Instant> recoveredAt,
      Optional<Boolean> confirmedByRollback,
      List<String> path,
      String note) {}

  /** Why and when the run was ended early. */
  public record Halt(Instant at, HaltCause.Kind kind, String reason) {}

  /** How much was seen. */
  public record CoverageReport(
      List<String> servicesWatched,
      List<String> servicesWithoutData,
      int series,
      double samplingSeconds,
      int ticks,
      int ticksWithoutEvidence,
      List<String> packs,
      Map<String, String> unwatchable) {}

  /** Who calls whom. */
  public record Edge(String caller, String callee) {}

  /**
   * The samples of one series, for charts.
   *
   * @param unit as in {@link FindingReport}
   * @param values at the instants of {@code at}; NaN where there was no evidence
   */
  public record Series(
      String service, String signal, String unit, List<Instant> at, List<Double> values) {}
}

package dev.firebreak.report;

import dev.firebreak.cascade.Calibrated;
import dev.firebreak.cascade.DegradationClass;
import dev.firebreak.probe.Change;
import dev.firebreak.probe.Quantity;
import dev.firebreak.probe.Unit;
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
 * What a run showed. Made from its events alone, by {@link RunReports}: the same events give an
 * equal report. All values in base units: seconds, ratios 0 to 1, per second. Services and signals
 * by name.
 *
 * @param end when the run was closed; empty if the journal does not say so
 * @param phases in order; the last one has no end while the journal has none
 * @param findings by onset, the latest word on each service
 * @param changes restarts and deploys of services, in the order in which they were seen
 * @param learned the edges of the call graph that the source told and the file does not declare
 * @param damage what the journal lacks, one sentence each; empty for a whole one
 */
public record RunReport(
    Identity run,
    Instant start,
    Optional<Instant> end,
    Conclusion conclusion,
    Radius blastRadius,
    Hypothesis hypothesis,
    List<PhaseSpan> phases,
    List<FaultReport> faults,
    List<FindingReport> findings,
    List<ChangeReport> changes,
    Optional<Halt> halt,
    Rollback rollback,
    CoverageReport coverage,
    List<Edge> callGraph,
    List<Edge> learned,
    Samples samples,
    List<String> damage) {
  public RunReport {
    phases = List.copyOf(phases);
    faults = List.copyOf(faults);
    findings = List.copyOf(findings);
    changes = List.copyOf(changes);
    callGraph = List.copyOf(callGraph);
    learned = List.copyOf(learned);
    damage = List.copyOf(damage);
  }

  /** When the first fault was sent; empty if none was. */
  public Optional<Instant> injectedAt() {
    return faults.stream()
        .filter(fault -> fault.role() == FaultRole.FAULT)
        .flatMap(fault -> fault.injectedAt().stream())
        .min(Instant::compareTo);
  }

  /** Whether nothing but placebos was sent, so that whatever degraded did so by itself. */
  public boolean isPlacebo() {
    return FaultStories.isPlacebo(faults);
  }

  /** Whether the run was halted by what it saw, though nothing was injected. */
  public boolean isFalseHalt() {
    return isPlacebo() && halt.filter(Halt::isBySight).isPresent();
  }

  public Optional<FindingReport> findingOf(String service) {
    return findings.stream().filter(finding -> finding.service().equals(service)).findFirst();
  }

  /** The services that degraded outside the radius because of the fault, by onset. */
  public List<FindingReport> escaped() {
    return findings.stream()
        .filter(finding -> finding.degradation() == DegradationClass.ESCAPED)
        .toList();
  }

  /** Which run, of what, for whom. */
  public record Identity(
      RunId id,
      String gameDay,
      String experiment,
      String owner,
      String environment,
      Trigger trigger,
      String planHash,
      String traceId) {}

  /**
   * How it ended.
   *
   * @param reason the engine's own words
   * @param verdict the one sentence that a reader must take away; begins with the outcome
   * @param way the way of the failure in words, empty if nothing escaped
   */
  public record Conclusion(Outcome outcome, String reason, String verdict, String way) {}

  /**
   * What was declared.
   *
   * @param bounds how far each expected service may degrade
   */
  public record Radius(List<String> inject, List<String> expected, List<Bound> bounds) {
    /** Whether {@code service} received the fault or was declared to feel it. */
    public boolean contains(String service) {
      return inject.contains(service) || expected.contains(service);
    }
  }

  /** How far one expected service may degrade; without limit where empty. */
  public record Bound(String service, OptionalDouble latencyFactor, OptionalDouble errorRatio) {}

  /** The steady-state hypothesis and how it fared. */
  public record Hypothesis(String title, List<Probe> probes) {}

  /**
   * One probe of the hypothesis. A verdict is empty where none was taken.
   *
   * @param before as it stood when the fault was sent
   * @param during the worst one while the fault was in place
   * @param after as it stood at the end; empty if nobody looked after the rollback
   * @param worst the value while the fault was in place that was farthest out of its tolerance, or
   *     closest to leaving it
   */
  public record Probe(
      String name,
      String signal,
      String service,
      Unit unit,
      OptionalDouble min,
      OptionalDouble max,
      Optional<Verdict> before,
      Optional<Verdict> during,
      Optional<Verdict> after,
      OptionalDouble worst) {
    /** Whether it was breached while the fault was in place, or did not come back after it. */
    public boolean broke() {
      return during.equals(Optional.of(Verdict.BREACHED))
          || after.equals(Optional.of(Verdict.BREACHED));
    }

    /** Its tolerance in words, such as {@code at most 800 ms} or {@code 10/s to 50/s}. */
    public String tolerated() {
      String most = max.isPresent() ? new Quantity(max.getAsDouble(), unit).toString() : "";
      String least = min.isPresent() ? new Quantity(min.getAsDouble(), unit).toString() : "";
      if (most.isEmpty()) {
        return "at least " + least;
      }
      return least.isEmpty() ? "at most " + most : least + " to " + most;
    }
  }

  /** When a phase ran. */
  public record PhaseSpan(Phase name, Instant start, Optional<Instant> end) {}

  /** What an entry of the faults is. */
  public enum FaultRole {
    /** A fault of the method. */
    FAULT,
    /** An undo action of the user's own. */
    ROLLBACK
  }

  /**
   * One fault and what became of it.
   *
   * @param injector the part of the kind before the slash
   * @param plannedSeconds how long it was to last
   * @param injectedAt when the injection was sent: from then on it may have been there
   * @param confirmedAt when it was seen to bite
   * @param rollbackRequestedAt when the undo was sent first
   * @param rolledBackAt when the injector last said that it is removed
   * @param verifiedAt when looks at the effect had said twice that it is gone
   * @param rollbackAttempts how often an undo was sent
   * @param problem the last thing that went wrong with it
   */
  public record FaultReport(
      String id,
      FaultRole role,
      String injector,
      String kind,
      String service,
      String target,
      OptionalDouble plannedSeconds,
      Optional<Instant> injectedAt,
      Optional<Instant> confirmedAt,
      Optional<String> evidence,
      Optional<Instant> rollbackRequestedAt,
      Optional<Instant> rolledBackAt,
      Optional<Instant> verifiedAt,
      Optional<String> verification,
      int rollbackAttempts,
      Optional<String> problem) {
    /** Whether it was sent and nothing proves that it is gone. */
    public boolean mayBeInPlace() {
      return injectedAt.isPresent() && verifiedAt.isEmpty();
    }
  }

  /**
   * One degraded service.
   *
   * @param onset when the degradation began, dated back
   * @param afterInjectionSeconds onset less the injection of the fault that it is tied to; empty if
   *     nothing was injected
   * @param confirmation whether it recovered once the fault was gone
   * @param path from the injected service to this one, ends included; empty if none is known
   * @param change the restart or deploy that may explain it, in words; empty if none was near
   */
  public record FindingReport(
      String service,
      DegradationClass degradation,
      String signal,
      Unit unit,
      double baseline,
      double observed,
      Instant onset,
      OptionalDouble afterInjectionSeconds,
      Instant flaggedAt,
      Optional<Instant> recoveredAt,
      Confirmation confirmation,
      List<String> path,
      String note,
      Optional<String> change) {
    public FindingReport {
      path = List.copyOf(path);
    }

    /** Whether it recovered once the fault was gone; empty while unknown. */
    public Optional<Boolean> confirmedByRollback() {
      return confirmation.byRollback();
    }
  }

  /**
   * A restart or a deploy.
   *
   * @param at when it was seen, by the run's clock
   * @param injected whether the service is one that receives the fault
   * @param detail what the metrics said before and then
   */
  public record ChangeReport(
      Instant at, String service, Change.Kind kind, boolean injected, String detail) {
    /** Such as {@code inventory restarted}; an injected service is named as such. */
    public String inWords() {
      return service + (injected ? " (injected) " : " ") + kind.verb();
    }
  }

  /**
   * Why and when the run was ended early.
   *
   * @param breachAt when the breach was seen or the wish was heard
   */
  public record Halt(Instant at, Instant breachAt, HaltCause.Kind kind, String reason) {
    /** Whether what was seen of the services halted it, and no person, blindness or error. */
    boolean isBySight() {
      return kind == HaltCause.Kind.CASCADE || kind == HaltCause.Kind.HYPOTHESIS;
    }
  }

  /**
   * How the faults went away.
   *
   * @param breachToRollbackSeconds from the breach that halted the run to the last undo sent for
   *     the first time; empty without a halt while a fault was in place
   * @param undoneSeconds from that breach, or without one from the first undo sent, until every
   *     injector said that its fault is removed
   */
  public record Rollback(
      Proof proof, OptionalDouble breachToRollbackSeconds, OptionalDouble undoneSeconds) {
    /** What is known of the faults that were sent. */
    public enum Proof {
      NOTHING_INJECTED,
      /** Of every one it was seen that it is gone. */
      VERIFIED,
      /** At least one may still be there. */
      UNVERIFIED
    }
  }

  /**
   * How much was seen.
   *
   * @param series how many series outside had a usable baseline
   * @param looks sampling steps while a fault was in place
   * @param looksWithoutEvidence how many of them brought nothing
   * @param unwatchable series without a usable baseline, each with the reason
   * @param falseHaltBudget the share of runs in which nothing escapes that may halt nevertheless;
   *     empty if the watch never began
   * @param calibrated how often such runs halted on history without a fault; empty if nobody
   *     measured it
   * @param unseen services or targets that did not answer before the run, each with the reason
   */
  public record CoverageReport(
      List<String> servicesWatched,
      List<String> servicesWithoutData,
      int series,
      double samplingSeconds,
      int looks,
      int looksWithoutEvidence,
      List<Blindness> blind,
      List<String> packs,
      Map<String, String> unwatchable,
      Map<String, String> unseen,
      OptionalDouble falseHaltBudget,
      Optional<Calibrated> calibrated) {}

  /**
   * A stretch without evidence.
   *
   * @param until empty if sight did not come back
   */
  public record Blindness(Instant since, Optional<Instant> until, String what) {}

  /** Who calls whom. */
  public record Edge(String caller, String callee) {}

  /** Everything that was sampled, for charts. */
  public record Samples(List<Instant> at, List<Series> series) {
    public Optional<Series> find(String service, String signal) {
      return series.stream()
          .filter(one -> one.service().equals(service) && one.signal().equals(signal))
          .findFirst();
    }
  }

  /**
   * The samples of one series.
   *
   * @param values at the instants of {@link Samples#at()}; NaN where there was no evidence
   */
  public record Series(String service, String signal, Unit unit, List<Double> values) {}
}

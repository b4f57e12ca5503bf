package dev.firebreak.run;

import dev.firebreak.cascade.Calibrated;
import dev.firebreak.cascade.Finding;
import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.experiment.SmallestEffect;
import dev.firebreak.experiment.SteadyStateHypothesis;
import dev.firebreak.fault.FaultId;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.Undo;
import dev.firebreak.probe.Change;
import dev.firebreak.probe.SeriesId;
import dev.firebreak.service.CallGraph;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Something that happened in a run. A run is the list of its events; everything else, such as the
 * report, spans and annotations, is derived from it.
 */
public sealed interface RunEvent {
  Instant at();

  /** Whether it must be on disk before anybody is told; only bulk samples need not. */
  default boolean durable() {
    return true;
  }

  /**
   * The run begins.
   *
   * @param planHash SHA-256 of the resolved plan, in hex
   * @param traceId 32 hex digits; all spans of the run belong to it
   */
  record RunOpened(
      Instant at,
      RunId runId,
      String gameDay,
      String experiment,
      String owner,
      String environment,
      Trigger trigger,
      String planHash,
      String traceId,
      BlastRadius radius,
      SteadyStateHypothesis hypothesis,
      Duration samplingStep)
      implements RunEvent {}

  /** A phase begins, and the one before ends. */
  record PhaseEntered(Instant at, Phase phase) implements RunEvent {}

  /**
   * What the source has, settled for this run.
   *
   * @param series the order in which {@link SamplesTaken} lists values
   */
  record SignalsFound(
      Instant at,
      List<String> packs,
      List<SeriesId> series,
      CallGraph callGraph,
      Map<String, String> unseen)
      implements RunEvent {
    public SignalsFound {
      packs = List.copyOf(packs);
      series = List.copyOf(series);
      unseen = Map.copyOf(unseen);
    }
  }

  /**
   * What the detector was told for this run, besides the signals.
   *
   * @param smallestEffect the smallest degradation that counts
   * @param falseHaltBudget the share of runs in which nothing escapes that may halt nevertheless
   * @param declared the calls that the GameDay file declares; the others of {@link
   *     SignalsFound#callGraph()} were learned from the source
   */
  record WatchBegan(
      Instant at, SmallestEffect smallestEffect, double falseHaltBudget, CallGraph declared)
      implements RunEvent {}

  /** How often this experiment halted for nothing when it was calibrated. */
  record FalseHaltsMeasured(Instant at, Calibrated calibrated) implements RunEvent {}

  /**
   * One look at the system.
   *
   * @param values in the order of {@link SignalsFound#series()}; NaN where there was no evidence
   */
  record SamplesTaken(Instant at, List<Double> values) implements RunEvent {
    public SamplesTaken {
      values = List.copyOf(values);
    }

    @Override
    public boolean durable() {
      return false;
    }
  }

  /**
   * What can be watched outside.
   *
   * @param unwatchable series without a usable baseline, each with the reason
   */
  record BaselineTaken(
      Instant at,
      List<ServiceName> servicesWatched,
      List<ServiceName> servicesWithoutData,
      int seriesWatched,
      Map<String, String> unwatchable)
      implements RunEvent {
    public BaselineTaken {
      servicesWatched = List.copyOf(servicesWatched);
      servicesWithoutData = List.copyOf(servicesWithoutData);
      unwatchable = Map.copyOf(unwatchable);
    }
  }

  /** The hypothesis' verdict on one probe changed, or was taken for the first time. */
  record ProbeJudged(Instant at, String probe, Verdict verdict, double value) implements RunEvent {
    /** Three answers: without evidence it neither holds nor is broken. */
    public enum Verdict {
      WITHIN,
      BREACHED,
      NO_EVIDENCE
    }
  }

  /** The undo record is on disk; the fault may start. */
  record FaultArmed(
      Instant at,
      FaultId fault,
      FaultKind kind,
      ServiceName service,
      String target,
      Duration duration,
      Undo undo)
      implements RunEvent {}

  /** The injection is about to be sent: from here on the fault may be there. */
  record InjectionSent(Instant at, FaultId fault) implements RunEvent {}

  /** The injector says that the fault is in place. */
  record InjectionAcknowledged(Instant at, FaultId fault) implements RunEvent {}

  /**
   * The injector could not.
   *
   * @param ambiguous the fault may be in place nevertheless, and is treated so
   */
  record InjectionFailed(Instant at, FaultId fault, String message, boolean ambiguous)
      implements RunEvent {}

  /** The fault's effect was seen: it bites. */
  record FaultConfirmed(Instant at, FaultId fault, String evidence) implements RunEvent {}

  /** An undo is about to be sent. */
  record RollbackRequested(Instant at, FaultId fault, int attempt) implements RunEvent {}

  /** The injector says that the fault is removed. */
  record RollbackAcknowledged(Instant at, FaultId fault) implements RunEvent {}

  /** An undo failed, or a look showed the fault still there; it will be tried again. */
  record RollbackFailed(Instant at, FaultId fault, int attempt, String message)
      implements RunEvent {}

  /** Two independent looks at the effect say that the fault is gone. */
  record RollbackVerified(Instant at, FaultId fault, String evidence) implements RunEvent {}

  /** The rollback is not verified and the run no longer waits for it: a person must look. */
  record RollbackAbandoned(Instant at, FaultId fault, String message) implements RunEvent {}

  /** A finding is new or changed; the latest for a service counts. */
  record ServiceDegraded(Instant at, Finding finding) implements RunEvent {}

  /**
   * A service was restarted or deployed; by whom, the metrics do not say.
   *
   * @param at when it was seen, by the run's clock: it happened since the look before
   */
  record SystemChanged(Instant at, Change change) implements RunEvent {}

  /** No evidence came, since {@code since}. */
  record SightLost(Instant at, Instant since, String detail) implements RunEvent {}

  /** Evidence comes again. */
  record SightRegained(Instant at) implements RunEvent {}

  /** The run is ended early; the rollback follows at once. */
  record Halted(Instant at, HaltCause cause) implements RunEvent {}

  /** The run is over; nothing follows. */
  record RunClosed(Instant at, Outcome outcome, String reason) implements RunEvent {
    /** How the reason of a run begins whose process ended before it did; a later one closed it. */
    public static final String PROCESS_ENDED = "the run's process ended";

    /** Whether the run's process ended before the run did. */
    public boolean interrupted() {
      return reason.startsWith(PROCESS_ENDED);
    }
  }
}

package dev.firebreak.annotations.tracing;

import dev.firebreak.annotations.EventHandlers;
import dev.firebreak.annotations.FaultsInPlace;
import dev.firebreak.cascade.DegradationClass;
import dev.firebreak.cascade.Finding;
import dev.firebreak.fault.FaultId;
import dev.firebreak.run.Outcome;
import dev.firebreak.run.Phase;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.FaultArmed;
import dev.firebreak.run.RunEvent.FaultConfirmed;
import dev.firebreak.run.RunEvent.Halted;
import dev.firebreak.run.RunEvent.InjectionAcknowledged;
import dev.firebreak.run.RunEvent.InjectionFailed;
import dev.firebreak.run.RunEvent.InjectionSent;
import dev.firebreak.run.RunEvent.PhaseEntered;
import dev.firebreak.run.RunEvent.ProbeJudged;
import dev.firebreak.run.RunEvent.RollbackAbandoned;
import dev.firebreak.run.RunEvent.RollbackFailed;
import dev.firebreak.run.RunEvent.RollbackRequested;
import dev.firebreak.run.RunEvent.RollbackVerified;
import dev.firebreak.run.RunEvent.RunClosed;
import dev.firebreak.run.RunEvent.RunOpened;
import dev.firebreak.run.RunEvent.ServiceDegraded;
import dev.firebreak.run.RunEvent.SightLost;
import dev.firebreak.run.RunEvent.SightRegained;
import dev.firebreak.run.RunListener;
import dev.firebreak.service.ServiceName;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One run as a trace: {@code run experiment} over all, a span per phase below it, and in the phases
 * {@code inject fault} and {@code roll back fault}. Times are those of the events. Spans are sent
 * as they end, so that a crash loses no more than those that were open. How the run went is an
 * attribute; a span has the status ERROR only where Firebreak itself failed. A listener for one run
 * alone.
 */
public final class RunTracer implements RunListener {
  private final Tracer tracer;
  private final RunIds ids;
  private final FaultsInPlace faults = new FaultsInPlace();
  private final Map<FaultId, Span> injections = new HashMap<>();
  private final Map<FaultId, Span> rollbacks = new LinkedHashMap<>();
  private final Map<FaultId, Long> attempts = new HashMap<>();
  private final Map<ServiceName, Finding> findings = new LinkedHashMap<>();
  private final Set<String> breachedProbes = new TreeSet<>();
  private Optional<RunOpened> run = Optional.empty();
  private Span root = Span.getInvalid();
  private Span phase = Span.getInvalid();
  private boolean injected;

  private final EventHandlers handlers =
      new EventHandlers()
          .handle(RunOpened.class, this::opened)
          .handle(PhaseEntered.class, this::entered)
          .handle(InjectionSent.class, this::injectionSent)
          .handle(InjectionAcknowledged.class, this::acknowledged)
          .handle(InjectionFailed.class, this::injectionFailed)
          .handle(FaultConfirmed.class, this::confirmed)
          .handle(ProbeJudged.class, this::judged)
          .handle(ServiceDegraded.class, this::degraded)
          .handle(SightLost.class, this::sightLost)
          .handle(SightRegained.class, this::sightRegained)
          .handle(Halted.class, this::halted)
          .handle(RollbackRequested.class, this::rollbackRequested)
          .handle(RollbackFailed.class, this::rollbackFailed)
          .handle(RollbackVerified.class, this::rollbackVerified)
          .handle(RollbackAbandoned.class, this::rollbackAbandoned)
          .handle(RunClosed.class, this::closed);

  /**
   * Traces one run.
   *
   * @param ids those that the tracer's provider asks
   */
  RunTracer(Tracer tracer, RunIds ids) {
    this.tracer = tracer;
    this.ids = ids;
  }

  @Override
  public void on(RunEvent event) {
    faults.on(event);
    handlers.on(event);
  }

  private void opened(RunOpened event) {
    run = Optional.of(event);
    SpanBuilder builder =
        tracer
            .spanBuilder("run experiment")
            .setNoParent()
            .setStartTimestamp(event.at())
            .setAttribute(ChaosAttributes.RUN_ID, event.runId().value())
            .setAttribute(ChaosAttributes.GAMEDAY_NAME, event.gameDay())
            .setAttribute(ChaosAttributes.EXPERIMENT_NAME, event.experiment())
            .setAttribute(ChaosAttributes.RUN_OWNER, event.owner())
            .setAttribute(ChaosAttributes.ENVIRONMENT, event.environment())
            .setAttribute(ChaosAttributes.RUN_TRIGGER, lower(event.trigger()))
            .setAttribute(ChaosAttributes.PLAN_HASH, event.planHash())
            .setAttribute(ChaosAttributes.RADIUS_SERVICES, names(event.radius().inject()))
            .setAttribute(
                ChaosAttributes.RADIUS_EXPECTED, names(event.radius().expected().keySet()));
    root = ids.start(builder, event.traceId(), "run");
  }

  private void entered(PhaseEntered event) {
    phase.end(event.at());
    phase = Span.getInvalid();
    if (event.phase() != Phase.CLOSED) {
      String name = lower(event.phase());
      SpanBuilder builder =
          below(root, "run " + name + " phase", event.at())
              .setAttribute(ChaosAttributes.PHASE_NAME, name);
      phase = start(builder, "phase/" + name);
    }
  }

  private void injectionSent(InjectionSent event) {
    Optional<FaultArmed> fault = faults.find(event.fault());
    if (fault.isPresent()) {
      SpanBuilder builder = of(fault.get(), below(phase, "inject fault", event.at()));
      injections.put(event.fault(), start(builder, "inject/" + event.fault()));
      injected = true;
    }
  }

  private void acknowledged(InjectionAcknowledged event) {
    Span span = injection(event.fault());
    span.setAttribute(ChaosAttributes.FAULT_ACKNOWLEDGED, true);
    span.end(event.at());
  }

  private void injectionFailed(InjectionFailed event) {
    Span span = injection(event.fault());
    span.setAttribute(ChaosAttributes.FAULT_ACKNOWLEDGED, false);
    span.setAttribute(ChaosAttributes.FAULT_PROBLEM, event.message());
    span.end(event.at());
  }

  private void confirmed(FaultConfirmed event) {
    root.addEvent(
        ChaosAttributes.FAULT_CONFIRMED_EVENT,
        Attributes.of(
            ChaosAttributes.FAULT_ID,
            event.fault().value(),
            ChaosAttributes.FAULT_EVIDENCE,
            event.evidence()),
        event.at());
  }

  private void judged(ProbeJudged event) {
    if (injected && event.verdict() == ProbeJudged.Verdict.BREACHED) {
      breachedProbes.add(event.probe());
    }
  }

  /** Told again and again while it changes; an event when the service is first seen to escape. */
  private void degraded(ServiceDegraded event) {
    Finding finding = event.finding();
    Finding before = findings.put(finding.service(), finding);
    boolean newlyEscaped = escaped(finding) && (before == null || !escaped(before));
    if (newlyEscaped) {
      root.addEvent(
          ChaosAttributes.CASCADE_EVENT,
          Attributes.builder()
              .put(ChaosAttributes.PEER_SERVICE, finding.service().value())
              .put(ChaosAttributes.CASCADE_SIGNAL, finding.signal().name())
              .put(ChaosAttributes.CASCADE_BASELINE, finding.baseline())
              .put(ChaosAttributes.CASCADE_OBSERVED, finding.observed())
              .put(ChaosAttributes.CASCADE_ONSET, finding.onset().toString())
              .put(ChaosAttributes.CASCADE_PATH, names(finding.path()))
              .build(),
          event.at());
    }
  }

  private void sightLost(SightLost event) {
    root.addEvent(
        ChaosAttributes.SIGHT_LOST_EVENT,
        Attributes.of(ChaosAttributes.SIGHT_DETAIL, event.detail()),
        event.at());
  }

  private void sightRegained(SightRegained event) {
    root.addEvent(ChaosAttributes.SIGHT_REGAINED_EVENT, Attributes.empty(), event.at());
  }

  private void halted(Halted event) {
    String kind = lower(event.cause().kind());
    root.setAttribute(ChaosAttributes.HALT_KIND, kind);
    root.setAttribute(ChaosAttributes.HALT_REASON, event.cause().detail());
    root.addEvent(
        ChaosAttributes.HALTED_EVENT,
        Attributes.of(
            ChaosAttributes.HALT_KIND, kind, ChaosAttributes.HALT_REASON, event.cause().detail()),
        event.at());
  }

  private void rollbackRequested(RollbackRequested event) {
    attempts.merge(event.fault(), 1L, Long::sum);
    Optional<FaultArmed> fault = faults.find(event.fault());
    if (fault.isPresent() && !rollbacks.containsKey(event.fault())) {
      SpanBuilder builder = of(fault.get(), below(phase, "roll back fault", event.at()));
      rollbacks.put(event.fault(), start(builder, "roll back/" + event.fault()));
    }
  }

  private void rollbackFailed(RollbackFailed event) {
    rollback(event.fault())
        .addEvent(
            ChaosAttributes.ROLLBACK_FAILED_EVENT,
            Attributes.of(ChaosAttributes.FAULT_PROBLEM, event.message()),
            event.at());
  }

  private void rollbackVerified(RollbackVerified event) {
    Span span = rollback(event.fault());
    span.setAttribute(ChaosAttributes.ROLLBACK_VERIFIED, true);
    span.setAttribute(ChaosAttributes.FAULT_EVIDENCE, event.evidence());
    endRollback(event.fault(), span, event.at());
  }

  private void rollbackAbandoned(RollbackAbandoned event) {
    Span span = rollback(event.fault());
    span.setAttribute(ChaosAttributes.ROLLBACK_VERIFIED, false);
    span.setAttribute(ChaosAttributes.ERROR_TYPE, "rollback_not_verified");
    span.setStatus(StatusCode.ERROR, event.message());
    endRollback(event.fault(), span, event.at());
  }

  private void endRollback(FaultId fault, Span span, Instant at) {
    span.setAttribute(ChaosAttributes.ROLLBACK_ATTEMPTS, attempts.getOrDefault(fault, 0L));
    span.end(at);
  }

  private void closed(RunClosed event) {
    injections.values().forEach(span -> span.end(event.at()));
    rollbacks.values().forEach(span -> span.end(event.at()));
    phase.end(event.at());
    root.setAttribute(ChaosAttributes.RUN_OUTCOME, event.outcome().name());
    root.setAttribute(ChaosAttributes.RUN_REASON, event.reason());
    root.setAttribute(ChaosAttributes.CASCADE_SERVICES, escapedTo());
    if (injected) {
      root.setAttribute(ChaosAttributes.HYPOTHESIS_MET, breachedProbes.isEmpty());
    }
    if (event.outcome() == Outcome.FAILED) {
      root.setAttribute(ChaosAttributes.ERROR_TYPE, "run_failed");
      root.setStatus(StatusCode.ERROR, event.reason());
    }
    root.end(event.at());
  }

  private List<String> escapedTo() {
    return findings.values().stream()
        .filter(RunTracer::escaped)
        .map(finding -> finding.service().value())
        .toList();
  }

  private static boolean escaped(Finding finding) {
    return finding.degradation() == DegradationClass.ESCAPED;
  }

  private Span injection(FaultId fault) {
    return injections.getOrDefault(fault, Span.getInvalid());
  }

  private Span rollback(FaultId fault) {
    return rollbacks.getOrDefault(fault, Span.getInvalid());
  }

  /** Below the run if there is no phase. */
  private SpanBuilder below(Span parent, String name, Instant at) {
    Span above = parent.getSpanContext().isValid() ? parent : root;
    return tracer.spanBuilder(name).setParent(Context.root().with(above)).setStartTimestamp(at);
  }

  private Span start(SpanBuilder builder, String purpose) {
    return ids.start(builder, run.map(RunOpened::traceId).orElse(""), purpose);
  }

  private static SpanBuilder of(FaultArmed fault, SpanBuilder builder) {
    return builder
        .setAttribute(ChaosAttributes.FAULT_ID, fault.fault().value())
        .setAttribute(ChaosAttributes.FAULT_KIND, fault.kind().value())
        .setAttribute(ChaosAttributes.FAULT_TARGET, fault.target())
        .setAttribute(ChaosAttributes.PEER_SERVICE, fault.service().value());
  }

  private static List<String> names(Collection<ServiceName> services) {
    return services.stream().map(ServiceName::value).toList();
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }
}

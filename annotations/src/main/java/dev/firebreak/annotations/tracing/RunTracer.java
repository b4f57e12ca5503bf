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
import dev.firebreak.run.RunEvent.SystemChanged;
import dev.firebreak.run.RunListener;
import dev.firebreak.service.ServiceName;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
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
import java.util.stream.Stream;

/**
 * One run as a trace: {@code gameday …} and {@code experiment …} over all, a span per phase below
 * them, and in the phases {@code inject …}, {@code rollback}, and {@code probe …} for as long as
 * one verdict lasted. Times are those of the events. What happens at one moment is a log record
 * with an event name, in the span that it belongs to. Spans are sent as they end, so that a crash
 * loses no more than those that were open. How the run went is an attribute; a span has the status
 * ERROR only where Firebreak itself failed. A listener for one run alone.
 *
 * <p>Ids follow from the run's own, so that who recovers a run can {@link #retell retell} it, and
 * then tell what came after: sent is only what the process before had not.
 */
public final class RunTracer implements RunListener {
  private static final String SCOPE = "dev.firebreak";

  private final Tracer tracer;
  private final Logger events;
  private final RunIds ids;
  private final EarlierRuns earlierRuns;
  private final FaultsInPlace faults = new FaultsInPlace();
  private final Map<FaultId, Span> injections = new HashMap<>();
  private final Map<FaultId, Span> rollbacks = new LinkedHashMap<>();
  private final Map<FaultId, Long> attempts = new HashMap<>();
  private final Map<ServiceName, Finding> findings = new LinkedHashMap<>();
  private final Set<String> breachedProbes = new TreeSet<>();
  private final Map<String, ProbeJudged> verdicts = new LinkedHashMap<>();
  private final Map<String, Span> probes = new LinkedHashMap<>();
  private Optional<RunOpened> run = Optional.empty();
  private Span gameDay = Span.getInvalid();
  private Span experiment = Span.getInvalid();
  private Span phase = Span.getInvalid();
  private Instant last = Instant.EPOCH;
  private boolean injected;
  private boolean retelling;
  private boolean retold;
  private int probeSpans;

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
          .handle(SystemChanged.class, this::changed)
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
  RunTracer(OpenTelemetry openTelemetry, RunIds ids, EarlierRuns earlierRuns) {
    this.tracer = openTelemetry.getTracer(SCOPE);
    this.events = openTelemetry.getLogsBridge().get(SCOPE);
    this.ids = ids;
    this.earlierRuns = earlierRuns;
  }

  @Override
  public void on(RunEvent event) {
    faults.on(event);
    handlers.on(event);
    last = closes(event) ? last : event.at();
  }

  /**
   * Who recovers a run may come days later: what was left open ends with the last thing that
   * happened in it.
   */
  private Instant end(Instant closedAt) {
    return retold ? last : closedAt;
  }

  private static boolean closes(RunEvent event) {
    return event instanceof RunClosed
        || (event instanceof PhaseEntered entered && entered.phase() == Phase.CLOSED);
  }

  /** Takes in what an earlier process has told; the spans that it left open are marked so. */
  void retell(List<RunEvent> events) {
    retelling = true;
    events.forEach(this::on);
    retelling = false;
    retold = true;
    Stream.of(Stream.of(gameDay, experiment, phase), probes.values().stream(), open())
        .flatMap(spans -> spans)
        .forEach(span -> span.setAttribute(ChaosAttributes.INTERRUPTED, true));
  }

  private Stream<Span> open() {
    return Stream.concat(injections.values().stream(), rollbacks.values().stream());
  }

  /** A span that was sent before can be a parent, and is not sent again. */
  private Span ended(Span span, Instant at) {
    if (retelling) {
      return Span.wrap(span.getSpanContext());
    }
    span.end(at);
    return span;
  }

  private void opened(RunOpened event) {
    run = Optional.of(event);
    SpanBuilder whole =
        tracer
            .spanBuilder("gameday " + event.gameDay())
            .setNoParent()
            .setStartTimestamp(event.at())
            .setAttribute(ChaosAttributes.GAMEDAY_NAME, event.gameDay())
            .setAttribute(ChaosAttributes.RUN_ID, event.runId().value())
            .setAttribute(ChaosAttributes.RUN_OWNER, event.owner())
            .setAttribute(ChaosAttributes.RUN_TRIGGER, lower(event.trigger()))
            .setAttribute(ChaosAttributes.ENVIRONMENT, event.environment());
    if (!retelling) {
      earlierRuns.opened(event).ifPresent(earlier -> link(whole, earlier));
    }
    gameDay = ids.start(whole, event.traceId(), SpanIds.ROOT);
    SpanBuilder builder =
        below(gameDay, "experiment " + event.experiment(), event.at())
            .setAttribute(ChaosAttributes.RUN_ID, event.runId().value())
            .setAttribute(ChaosAttributes.EXPERIMENT_NAME, event.experiment())
            .setAttribute(ChaosAttributes.PLAN_HASH, event.planHash())
            .setAttribute(ChaosAttributes.RADIUS_SERVICES, names(event.radius().inject()))
            .setAttribute(
                ChaosAttributes.RADIUS_EXPECTED, names(event.radius().expected().keySet()));
    experiment = start(builder, SpanIds.EXPERIMENT);
  }

  private static void link(SpanBuilder whole, EarlierRuns.Earlier earlier) {
    whole.addLink(
        SpanContext.create(
            earlier.traceId(),
            SpanIds.of(earlier.traceId(), SpanIds.ROOT),
            TraceFlags.getSampled(),
            TraceState.getDefault()),
        Attributes.of(ChaosAttributes.LINK_KIND, earlier.end().label()));
  }

  private void entered(PhaseEntered event) {
    endPhase(event.phase() == Phase.CLOSED ? end(event.at()) : event.at());
    if (event.phase() != Phase.CLOSED) {
      String name = lower(event.phase());
      SpanBuilder builder =
          below(experiment, "phase " + name, event.at())
              .setAttribute(ChaosAttributes.PHASE_NAME, name);
      phase = start(builder, "phase/" + name);
      verdicts.values().forEach(verdict -> startProbe(verdict, event.at()));
    }
  }

  private void endPhase(Instant at) {
    probes.values().forEach(span -> ended(span, at));
    probes.clear();
    ended(phase, at);
    phase = Span.getInvalid();
  }

  private void injectionSent(InjectionSent event) {
    Optional<FaultArmed> fault = faults.find(event.fault());
    if (fault.isPresent()) {
      SpanBuilder builder =
          of(fault.get(), below(phase, "inject " + fault.get().kind(), event.at()));
      Span span = start(builder, "inject/" + event.fault());
      injections.put(event.fault(), span);
      injected = true;
      tell(
          ChaosAttributes.INJECTION_STARTED_EVENT,
          span,
          event.at(),
          attributes(fault.get()).build());
    }
  }

  private void acknowledged(InjectionAcknowledged event) {
    Span span = injection(event.fault());
    span.setAttribute(ChaosAttributes.FAULT_ACKNOWLEDGED, true);
    injections.put(event.fault(), ended(span, event.at()));
  }

  private void injectionFailed(InjectionFailed event) {
    Span span = injection(event.fault());
    span.setAttribute(ChaosAttributes.FAULT_ACKNOWLEDGED, false);
    span.setAttribute(ChaosAttributes.FAULT_PROBLEM, event.message());
    injections.put(event.fault(), ended(span, event.at()));
  }

  private void confirmed(FaultConfirmed event) {
    tell(
        ChaosAttributes.FAULT_CONFIRMED_EVENT,
        phase,
        event.at(),
        attributes(event.fault()).put(ChaosAttributes.FAULT_EVIDENCE, event.evidence()).build());
  }

  private void judged(ProbeJudged event) {
    if (injected && event.verdict() == ProbeJudged.Verdict.BREACHED) {
      breachedProbes.add(event.probe());
    }
    Span before = probes.getOrDefault(event.probe(), Span.getInvalid());
    ended(before, event.at());
    verdicts.put(event.probe(), event);
    startProbe(event, event.at());
  }

  private void startProbe(ProbeJudged verdict, Instant at) {
    probeSpans++;
    SpanBuilder builder =
        below(phase, "probe " + verdict.probe(), at)
            .setAttribute(ChaosAttributes.PROBE_NAME, verdict.probe())
            .setAttribute(ChaosAttributes.PROBE_VERDICT, lower(verdict.verdict()));
    if (Double.isFinite(verdict.value())) {
      builder.setAttribute(ChaosAttributes.PROBE_VALUE, verdict.value());
    }
    probes.put(verdict.probe(), start(builder, "probe/" + probeSpans));
  }

  /** Told again and again while it changes; an event when the service is first seen to escape. */
  private void degraded(ServiceDegraded event) {
    Finding finding = event.finding();
    Finding before = findings.put(finding.service(), finding);
    boolean newlyEscaped = escaped(finding) && (before == null || !escaped(before));
    if (newlyEscaped) {
      tell(
          ChaosAttributes.CASCADE_EVENT,
          phase,
          event.at(),
          Attributes.builder()
              .put(ChaosAttributes.PEER_SERVICE, finding.service().value())
              .put(ChaosAttributes.CASCADE_SIGNAL, finding.signal().name())
              .put(ChaosAttributes.CASCADE_BASELINE, finding.baseline())
              .put(ChaosAttributes.CASCADE_OBSERVED, finding.observed())
              .put(ChaosAttributes.CASCADE_ONSET, finding.onset().toString())
              .put(ChaosAttributes.CASCADE_PATH, names(finding.path()))
              .build());
    }
  }

  private void changed(SystemChanged event) {
    tell(
        ChaosAttributes.SYSTEM_CHANGED_EVENT,
        phase,
        event.at(),
        Attributes.of(
            ChaosAttributes.PEER_SERVICE,
            event.change().service().value(),
            ChaosAttributes.CHANGE_KIND,
            lower(event.change().kind()),
            ChaosAttributes.CHANGE_DETAIL,
            event.change().detail()));
  }

  private void sightLost(SightLost event) {
    tell(
        ChaosAttributes.SIGHT_LOST_EVENT,
        phase,
        event.at(),
        Attributes.of(ChaosAttributes.SIGHT_DETAIL, event.detail()));
  }

  private void sightRegained(SightRegained event) {
    tell(ChaosAttributes.SIGHT_REGAINED_EVENT, phase, event.at(), Attributes.empty());
  }

  private void halted(Halted event) {
    Attributes why =
        Attributes.of(
            ChaosAttributes.HALT_KIND,
            lower(event.cause().kind()),
            ChaosAttributes.HALT_REASON,
            event.cause().detail());
    experiment.setAllAttributes(why);
    tell(ChaosAttributes.HALTED_EVENT, phase, event.at(), why);
  }

  private void rollbackRequested(RollbackRequested event) {
    attempts.merge(event.fault(), 1L, Long::sum);
    Optional<FaultArmed> fault = faults.find(event.fault());
    if (fault.isPresent() && !rollbacks.containsKey(event.fault())) {
      SpanBuilder builder = of(fault.get(), below(phase, "rollback", event.at()));
      rollbacks.put(event.fault(), start(builder, "rollback/" + event.fault()));
    }
  }

  private void rollbackFailed(RollbackFailed event) {
    if (!rollbacks.containsKey(event.fault())) {
      return;
    }
    tell(
        ChaosAttributes.ROLLBACK_FAILED_EVENT,
        rollback(event.fault()),
        event.at(),
        attributes(event.fault()).put(ChaosAttributes.FAULT_PROBLEM, event.message()).build());
  }

  private void rollbackVerified(RollbackVerified event) {
    if (!rollbacks.containsKey(event.fault())) {
      return;
    }
    Span span = rollback(event.fault());
    span.setAttribute(ChaosAttributes.ROLLBACK_VERIFIED, true);
    span.setAttribute(ChaosAttributes.FAULT_EVIDENCE, event.evidence());
    tell(
        ChaosAttributes.ROLLBACK_VERIFIED_EVENT,
        span,
        event.at(),
        attributes(event.fault()).put(ChaosAttributes.FAULT_EVIDENCE, event.evidence()).build());
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
    rollbacks.put(fault, ended(span, at));
  }

  private void closed(RunClosed event) {
    Instant end = end(event.at());
    open().forEach(span -> ended(span, end));
    endPhase(end);
    experiment.setAttribute(ChaosAttributes.CASCADE_SERVICES, escapedTo());
    if (injected) {
      experiment.setAttribute(ChaosAttributes.HYPOTHESIS_MET, breachedProbes.isEmpty());
    }
    for (Span span : List.of(experiment, gameDay)) {
      span.setAttribute(ChaosAttributes.RUN_OUTCOME, event.outcome().name());
      span.setAttribute(ChaosAttributes.RUN_REASON, event.reason());
      if (event.outcome() == Outcome.FAILED) {
        span.setAttribute(ChaosAttributes.ERROR_TYPE, "run_failed");
        span.setStatus(StatusCode.ERROR, event.reason());
      }
      ended(span, end);
    }
    // A run that was interrupted stays so for the one that is linked to it.
    run.filter(any -> !event.interrupted()).ifPresent(earlierRuns::closed);
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

  /** Below the experiment if there is no phase. */
  private SpanBuilder below(Span parent, String name, Instant at) {
    return tracer.spanBuilder(name).setParent(in(parent)).setStartTimestamp(at);
  }

  private Context in(Span span) {
    return Context.root().with(span.getSpanContext().isValid() ? span : experiment);
  }

  private Span start(SpanBuilder builder, String purpose) {
    return ids.start(builder, run.map(RunOpened::traceId).orElse(""), purpose);
  }

  private void tell(String event, Span span, Instant at, Attributes attributes) {
    if (retelling) {
      return;
    }
    events
        .logRecordBuilder()
        .setEventName(event)
        .setContext(in(span))
        .setTimestamp(at)
        .setSeverity(Severity.INFO)
        .setAllAttributes(attributes)
        .emit();
  }

  private static SpanBuilder of(FaultArmed fault, SpanBuilder builder) {
    return builder.setAllAttributes(attributes(fault).build());
  }

  private AttributesBuilder attributes(FaultId fault) {
    return faults.find(fault).map(RunTracer::attributes).orElseGet(Attributes::builder);
  }

  private static AttributesBuilder attributes(FaultArmed fault) {
    return Attributes.builder()
        .put(ChaosAttributes.FAULT_ID, fault.fault().value())
        .put(ChaosAttributes.FAULT_KIND, fault.kind().value())
        .put(ChaosAttributes.FAULT_TARGET, fault.target())
        .put(ChaosAttributes.PEER_SERVICE, fault.service().value());
  }

  private static List<String> names(Collection<ServiceName> services) {
    return services.stream().map(ServiceName::value).toList();
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }
}

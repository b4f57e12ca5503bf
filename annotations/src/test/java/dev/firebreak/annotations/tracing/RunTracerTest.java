package dev.firebreak.annotations.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.firebreak.annotations.Story;
import dev.firebreak.fault.FaultId;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.probe.Change;
import dev.firebreak.run.Outcome;
import dev.firebreak.run.Phase;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.InjectionFailed;
import dev.firebreak.run.RunEvent.InjectionSent;
import dev.firebreak.run.RunEvent.ProbeJudged;
import dev.firebreak.run.RunEvent.RollbackAbandoned;
import dev.firebreak.run.RunEvent.RollbackFailed;
import dev.firebreak.run.RunEvent.RollbackRequested;
import dev.firebreak.run.RunEvent.RunClosed;
import dev.firebreak.run.RunEvent.RunOpened;
import dev.firebreak.run.RunEvent.SightLost;
import dev.firebreak.run.RunEvent.SightRegained;
import dev.firebreak.run.RunEvent.SystemChanged;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunTracerTest {
  private static final String GAMEDAY = "gameday checkout-weekly";
  private static final String EXPERIMENT = "experiment payments answers slowly";
  private static final Pattern FORM = Pattern.compile("[a-z][a-z_]*(\\.[a-z][a-z_]*)+");

  /** Those of OpenTelemetry's conventions; all others are ours and say so. */
  private static final Set<String> BORROWED =
      Set.of("deployment.environment.name", "service.peer.name", "error.type");

  @TempDir private Path memory = Path.of("unset");

  @Test
  void aRunIsOneTraceUnderItsOwnTraceIdWithOneRoot() {
    List<SpanData> spans = trace(Story.cascaded());
    assertThat(spans).extracting(SpanData::getTraceId).containsOnly(Story.TRACE);
    assertThat(spans)
        .filteredOn(span -> !span.getParentSpanContext().isValid())
        .extracting(SpanData::getName)
        .containsExactly(GAMEDAY);
    assertThat(named(spans, EXPERIMENT).getParentSpanId())
        .isEqualTo(named(spans, GAMEDAY).getSpanId());
  }

  @Test
  void eachPhaseIsASpanBelowTheRunThatEndsWhereTheNextBegins() {
    List<SpanData> spans = trace(Story.cascaded());
    SpanData root = named(spans, EXPERIMENT);
    assertThat(spans)
        .filteredOn(span -> span.getParentSpanId().equals(root.getSpanId()))
        .extracting(SpanData::getName)
        .containsExactly(
            "phase preflight",
            "phase baseline",
            "phase inject",
            "phase observe",
            "phase rollback",
            "phase recovery");
    assertThat(start(named(spans, "phase observe"))).isEqualTo(Story.at(34));
    assertThat(end(named(spans, "phase observe"))).isEqualTo(Story.at(43));
    assertThat(start(root)).isEqualTo(Story.START);
    assertThat(end(root)).isEqualTo(Story.at(60));
  }

  @Test
  void injectionAndRollbackAreSpansInThePhaseInWhichTheyBegan() {
    List<SpanData> spans = trace(Story.cascaded());
    SpanData inject = named(spans, "inject chaos-monkey/latency");
    assertThat(inject.getParentSpanId()).isEqualTo(named(spans, "phase inject").getSpanId());
    assertThat(inject.getAttributes().get(ChaosAttributes.FAULT_KIND))
        .isEqualTo("chaos-monkey/latency");
    assertThat(inject.getAttributes().get(ChaosAttributes.PEER_SERVICE)).isEqualTo("payments");
    SpanData rollBack = named(spans, "rollback");
    assertThat(rollBack.getParentSpanId()).isEqualTo(named(spans, "phase rollback").getSpanId());
    assertThat(start(rollBack)).isEqualTo(Story.at(43));
    assertThat(end(rollBack)).isEqualTo(Story.at(46));
    assertThat(rollBack.getAttributes().get(ChaosAttributes.ROLLBACK_ATTEMPTS)).isEqualTo(1);
    assertThat(rollBack.getAttributes().get(ChaosAttributes.ROLLBACK_VERIFIED)).isTrue();
  }

  @Test
  void howTheRunWentIsInItsAttributesAndNotAnError() {
    SpanData root = named(trace(Story.cascaded()), EXPERIMENT);
    assertThat(root.getAttributes().get(ChaosAttributes.RUN_OUTCOME)).isEqualTo("CASCADED");
    assertThat(root.getAttributes().get(ChaosAttributes.CASCADE_SERVICES))
        .containsExactly("gateway");
    assertThat(root.getAttributes().get(ChaosAttributes.HALT_KIND)).isEqualTo("cascade");
    assertThat(root.getAttributes().get(ChaosAttributes.RADIUS_SERVICES))
        .containsExactly("payments");
    assertThat(root.getAttributes().get(ChaosAttributes.HYPOTHESIS_MET)).isTrue();
    assertThat(root.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    assertThat(root.getAttributes().get(ChaosAttributes.ERROR_TYPE)).isNull();
  }

  @Test
  void whatHappenedAtOneMomentIsALogRecordInTheSpanThatItBelongsTo() {
    Recorded recorded = record(Story.cascaded());
    assertThat(recorded.spans()).allSatisfy(span -> assertThat(span.getEvents()).isEmpty());
    assertThat(recorded.events())
        .extracting(LogRecordData::getEventName)
        .containsExactly(
            "chaos.injection.started",
            "chaos.fault.confirmed",
            "chaos.cascade.detected",
            "chaos.halted",
            "chaos.rollback.verified");
    assertThat(recorded.events())
        .extracting(event -> event.getSpanContext().getTraceId())
        .containsOnly(Story.TRACE);
    LogRecordData started = recorded.events().get(0);
    assertThat(started.getSpanContext().getSpanId())
        .isEqualTo(named(recorded.spans(), "inject chaos-monkey/latency").getSpanId());
    assertThat(Instant.ofEpochSecond(0, started.getTimestampEpochNanos())).isEqualTo(Story.at(31));
    LogRecordData escaped = recorded.events().get(2);
    assertThat(escaped.getAttributes().get(ChaosAttributes.PEER_SERVICE)).isEqualTo("gateway");
    assertThat(escaped.getSpanContext().getSpanId())
        .isEqualTo(named(recorded.spans(), "phase observe").getSpanId());
  }

  @Test
  void aProbeIsASpanForAsLongAsOneVerdictLastedInOnePhase() {
    List<SpanData> spans = trace(everything());
    assertThat(spans)
        .filteredOn(span -> span.getName().equals("probe checkout answers"))
        .extracting(
            span -> span.getAttributes().get(ChaosAttributes.PROBE_VERDICT),
            RunTracerTest::start,
            RunTracerTest::end)
        .contains(
            tuple("within", Story.at(2), Story.at(30)),
            tuple("within", Story.at(34), Story.at(36)),
            tuple("breached", Story.at(36), Story.at(38)),
            tuple("no_evidence", Story.at(38), Story.at(60)));
    assertThat(named(spans, EXPERIMENT).getAttributes().get(ChaosAttributes.HYPOTHESIS_MET))
        .isFalse();
  }

  @Test
  void theRunBeforeIsLinkedAndOneThatWasInterruptedIsCalledSo() {
    RunOpened first = withTrace("1".repeat(32));
    trace(List.of(first));
    LinkData toInterrupted = theLink(trace(Story.held()));
    assertThat(toInterrupted.getSpanContext().getTraceId()).isEqualTo(first.traceId());
    assertThat(toInterrupted.getAttributes().get(ChaosAttributes.LINK_KIND))
        .isEqualTo("interrupted_run");
    LinkData toPrevious = theLink(trace(closedAtOnce("2".repeat(32))));
    assertThat(toPrevious.getSpanContext().getTraceId()).isEqualTo(Story.TRACE);
    assertThat(toPrevious.getSpanContext().getSpanId())
        .isEqualTo(theRoot(trace(Story.held())).getSpanId());
    assertThat(toPrevious.getAttributes().get(ChaosAttributes.LINK_KIND)).isEqualTo("previous_run");
  }

  @Test
  void aMemoryThatCannotBeUsedCostsNothingButTheLink() throws IOException {
    EarlierRuns unusable = new EarlierRuns(Files.createFile(memory.resolve("in-the-way")));
    assertThat(record(Story.held(), unusable).spans()).isNotEmpty();
  }

  @Test
  void onlyARunThatFirebreakItselfFailedIsAnError() {
    for (Outcome outcome : Outcome.values()) {
      SpanData root =
          named(
              trace(List.of(Story.opened(), new RunClosed(Story.at(5), outcome, "so"))),
              EXPERIMENT);
      assertThat(root.getStatus().getStatusCode())
          .isEqualTo(outcome == Outcome.FAILED ? StatusCode.ERROR : StatusCode.UNSET);
    }
  }

  @Test
  void aRollbackThatIsNotVerifiedIsAnError() {
    List<SpanData> spans =
        trace(
            List.of(
                Story.opened(),
                Story.entered(1, Phase.INJECT),
                Story.armed(Story.FAULT, FaultKind.PLACEBO, Story.PAYMENTS, 1),
                new InjectionSent(Story.at(1), Story.FAULT),
                new RollbackRequested(Story.at(2), Story.FAULT, 1),
                new RollbackAbandoned(Story.at(60), Story.FAULT, "HTTP 503"),
                new RunClosed(Story.at(61), Outcome.FAILED, "the rollback is not verified")));
    assertThat(named(spans, "rollback").getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
  }

  @Test
  void theSameEventsGiveTheSameSpans() {
    List<SpanData> first = trace(Story.cascaded());
    List<SpanData> second = trace(Story.cascaded());
    assertThat(second)
        .usingRecursiveComparison()
        .comparingOnlyFields("name", "startEpochNanos", "endEpochNanos", "attributes", "events")
        .isEqualTo(first);
    assertThat(second)
        .extracting(SpanData::getSpanId)
        .doesNotHaveDuplicates()
        .isEqualTo(first.stream().map(SpanData::getSpanId).toList());
  }

  @Test
  void whatEndedBeforeACrashHasBeenSent() {
    List<RunEvent> events = Story.cascaded();
    List<SpanData> spans = trace(events.subList(0, events.size() - 1));
    assertThat(spans)
        .extracting(SpanData::getName)
        .contains("phase recovery", "rollback")
        .doesNotContain(EXPERIMENT);
  }

  @Test
  void whoRecoversARunSendsWhatItsProcessHadNotAndNothingTwice() {
    List<RunEvent> events = Story.interrupted();
    Recorded whole = record(events);
    for (int died = 1; died < events.size() - 1; died++) {
      Recorded before = record(events.subList(0, died));
      Recorded after = recovered(events, died);
      assertThat(Stream.of(before, after).flatMap(part -> part.spans().stream()))
          .extracting(SpanData::getSpanId)
          .doesNotHaveDuplicates()
          .containsExactlyInAnyOrderElementsOf(
              whole.spans().stream().map(SpanData::getSpanId).toList());
      assertThat(Stream.of(before, after).flatMap(part -> part.events().stream()))
          .extracting(LogRecordData::getEventName)
          .isEqualTo(whole.events().stream().map(LogRecordData::getEventName).toList());
    }
  }

  @Test
  void whatWasOpenIsMarkedAsInterruptedAndEndsWithTheLastThatHappened() {
    List<SpanData> spans = recovered(Story.interrupted(), 8).spans();
    assertThat(spans)
        .filteredOn(
            span -> Boolean.TRUE.equals(span.getAttributes().get(ChaosAttributes.INTERRUPTED)))
        .extracting(SpanData::getName)
        .containsExactlyInAnyOrder(GAMEDAY, EXPERIMENT, "phase observe");
    assertThat(spans).extracting(SpanData::getTraceId).containsOnly(Story.TRACE);
    assertThat(end(named(spans, "phase observe"))).isEqualTo(Story.at(52));
    // It was closed an hour later.
    assertThat(end(named(spans, GAMEDAY))).isEqualTo(Story.at(55));
    assertThat(end(named(spans, "phase rollback"))).isEqualTo(Story.at(55));
  }

  @Test
  void aRunThatIsRecoveredStaysAnInterruptedOneForTheNext() {
    List<RunEvent> events = Story.interrupted();
    record(events.subList(0, 8));
    recovered(events, 8);
    assertThat(
            theLink(trace(closedAtOnce("2".repeat(32))))
                .getAttributes()
                .get(ChaosAttributes.LINK_KIND))
        .isEqualTo("interrupted_run");
  }

  private Recorded recovered(List<RunEvent> events, int byRun) {
    RunIds ids = new RunIds();
    try (Recorder recorder = new Recorder(ids)) {
      RunTracer tracer = new RunTracer(recorder.openTelemetry(), ids, new EarlierRuns(memory));
      tracer.retell(events.subList(0, byRun));
      events.subList(byRun, events.size()).forEach(tracer::on);
      return recorder.recorded();
    }
  }

  @Test
  void whatIsEmittedIsWhatIsRegisteredAndFollowsTheConventions() {
    Set<String> emitted = new TreeSet<>();
    for (Recorded recorded :
        List.of(
            record(Story.cascaded()), record(everything()), recovered(Story.interrupted(), 8))) {
      for (SpanData span : recorded.spans()) {
        span.getAttributes().forEach((key, value) -> emitted.add(key.getKey()));
        for (LinkData link : span.getLinks()) {
          link.getAttributes().forEach((key, value) -> emitted.add(key.getKey()));
        }
      }
      for (LogRecordData event : recorded.events()) {
        emitted.add(event.getEventName());
        event.getAttributes().forEach((key, value) -> emitted.add(key.getKey()));
      }
    }
    assertThat(emitted).isEqualTo(new TreeSet<>(AttributeNames.all()));
    assertThat(emitted).allMatch(FORM.asMatchPredicate());
    assertThat(emitted).allMatch(name -> name.startsWith("chaos.") || BORROWED.contains(name));
  }

  /** What {@link Story#cascaded} spares itself. */
  private static List<RunEvent> everything() {
    FaultId fault = Story.FAULT;
    return Stream.<List<RunEvent>>of(
            List.of(withTrace("e".repeat(32)), Story.entered(1, Phase.BASELINE)),
            List.of(judged(2, ProbeJudged.Verdict.WITHIN, 0.1), Story.entered(30, Phase.INJECT)),
            List.of(
                Story.armed(fault, FaultKind.of("http/flag"), Story.PAYMENTS, 31),
                new InjectionSent(Story.at(31), fault),
                new InjectionFailed(Story.at(33), fault, "timed out", true),
                Story.entered(34, Phase.OBSERVE),
                judged(36, ProbeJudged.Verdict.BREACHED, 1.5),
                judged(38, ProbeJudged.Verdict.NO_EVIDENCE, Double.NaN),
                new SightLost(Story.at(39), Story.at(38), "no answer"),
                new SightRegained(Story.at(40)),
                new SystemChanged(
                    Story.at(41),
                    new Change(Story.GATEWAY, Change.Kind.RESTART, "1 process, before 2")),
                Story.entered(60, Phase.ROLLBACK),
                new RollbackRequested(Story.at(60), fault, 1),
                new RollbackFailed(Story.at(61), fault, 1, "HTTP 503"),
                new RollbackRequested(Story.at(62), fault, 2),
                new RollbackAbandoned(Story.at(70), fault, "HTTP 503"),
                new RunClosed(Story.at(71), Outcome.FAILED, "the rollback is not verified")))
        .flatMap(List::stream)
        .toList();
  }

  private static ProbeJudged judged(int second, ProbeJudged.Verdict verdict, double value) {
    return new ProbeJudged(Story.at(second), "checkout answers", verdict, value);
  }

  private static List<RunEvent> closedAtOnce(String traceId) {
    return List.of(withTrace(traceId), new RunClosed(Story.at(5), Outcome.REFUSED, "so"));
  }

  private static RunOpened withTrace(String traceId) {
    RunOpened opened = Story.opened();
    return new RunOpened(
        opened.at(),
        opened.runId(),
        opened.gameDay(),
        opened.experiment(),
        opened.owner(),
        opened.environment(),
        opened.trigger(),
        opened.planHash(),
        traceId,
        opened.radius(),
        opened.hypothesis(),
        opened.samplingStep());
  }

  private static SpanData theRoot(List<SpanData> spans) {
    return named(spans, GAMEDAY);
  }

  private static LinkData theLink(List<SpanData> spans) {
    assertThat(theRoot(spans).getLinks()).hasSize(1);
    return theRoot(spans).getLinks().get(0);
  }

  private List<SpanData> trace(List<RunEvent> events) {
    return record(events).spans();
  }

  private Recorded record(List<RunEvent> events) {
    return record(events, new EarlierRuns(memory));
  }

  private static Recorded record(List<RunEvent> events, EarlierRuns earlierRuns) {
    RunIds ids = new RunIds();
    try (Recorder recorder = new Recorder(ids)) {
      RunTracer tracer = new RunTracer(recorder.openTelemetry(), ids, earlierRuns);
      events.forEach(tracer::on);
      return recorder.recorded();
    }
  }

  private static SpanData named(List<SpanData> spans, String name) {
    return spans.stream().filter(span -> span.getName().equals(name)).findFirst().orElseThrow();
  }

  private static Instant start(SpanData span) {
    return Instant.ofEpochSecond(0, span.getStartEpochNanos());
  }

  private static Instant end(SpanData span) {
    return Instant.ofEpochSecond(0, span.getEndEpochNanos());
  }
}

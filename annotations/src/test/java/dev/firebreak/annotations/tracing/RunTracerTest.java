package dev.firebreak.annotations.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.annotations.Story;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.run.Outcome;
import dev.firebreak.run.Phase;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.InjectionSent;
import dev.firebreak.run.RunEvent.RollbackAbandoned;
import dev.firebreak.run.RunEvent.RollbackRequested;
import dev.firebreak.run.RunEvent.RunClosed;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class RunTracerTest {
  @Test
  void aRunIsOneTraceUnderItsOwnTraceIdWithOneRoot() {
    List<SpanData> spans = trace(Story.cascaded());
    assertThat(spans).extracting(SpanData::getTraceId).containsOnly(Story.TRACE);
    assertThat(spans)
        .filteredOn(span -> !span.getParentSpanContext().isValid())
        .extracting(SpanData::getName)
        .containsExactly("run experiment");
  }

  @Test
  void eachPhaseIsASpanBelowTheRunThatEndsWhereTheNextBegins() {
    List<SpanData> spans = trace(Story.cascaded());
    SpanData root = named(spans, "run experiment");
    assertThat(spans)
        .filteredOn(span -> span.getParentSpanId().equals(root.getSpanId()))
        .extracting(SpanData::getName)
        .containsExactly(
            "run preflight phase",
            "run baseline phase",
            "run inject phase",
            "run observe phase",
            "run rollback phase",
            "run recovery phase");
    assertThat(start(named(spans, "run observe phase"))).isEqualTo(Story.at(34));
    assertThat(end(named(spans, "run observe phase"))).isEqualTo(Story.at(43));
    assertThat(start(root)).isEqualTo(Story.START);
    assertThat(end(root)).isEqualTo(Story.at(60));
  }

  @Test
  void injectionAndRollbackAreSpansInThePhaseInWhichTheyBegan() {
    List<SpanData> spans = trace(Story.cascaded());
    SpanData inject = named(spans, "inject fault");
    assertThat(inject.getParentSpanId()).isEqualTo(named(spans, "run inject phase").getSpanId());
    assertThat(inject.getAttributes().get(ChaosAttributes.FAULT_KIND))
        .isEqualTo("chaos-monkey/latency");
    assertThat(inject.getAttributes().get(ChaosAttributes.PEER_SERVICE)).isEqualTo("payments");
    SpanData rollBack = named(spans, "roll back fault");
    assertThat(rollBack.getParentSpanId())
        .isEqualTo(named(spans, "run rollback phase").getSpanId());
    assertThat(start(rollBack)).isEqualTo(Story.at(43));
    assertThat(end(rollBack)).isEqualTo(Story.at(46));
    assertThat(rollBack.getAttributes().get(ChaosAttributes.ROLLBACK_ATTEMPTS)).isEqualTo(1);
    assertThat(rollBack.getAttributes().get(ChaosAttributes.ROLLBACK_VERIFIED)).isTrue();
  }

  @Test
  void howTheRunWentIsInItsAttributesAndNotAnError() {
    SpanData root = named(trace(Story.cascaded()), "run experiment");
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
  void theEscapeIsToldOnceAlthoughItsFindingChanged() {
    SpanData root = named(trace(Story.cascaded()), "run experiment");
    assertThat(root.getEvents())
        .extracting(EventData::getName)
        .containsExactly("chaos.fault.confirmed", "chaos.cascade.detected", "chaos.run.halted");
  }

  @Test
  void onlyARunThatFirebreakItselfFailedIsAnError() {
    for (Outcome outcome : Outcome.values()) {
      SpanData root =
          named(
              trace(List.of(Story.opened(), new RunClosed(Story.at(5), outcome, "so"))),
              "run experiment");
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
    assertThat(named(spans, "roll back fault").getStatus().getStatusCode())
        .isEqualTo(StatusCode.ERROR);
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
        .contains("run recovery phase", "roll back fault")
        .doesNotContain("run experiment");
  }

  @Test
  void allNamesFollowTheConventions() {
    Pattern form = Pattern.compile("[a-z][a-z_]*(\\.[a-z][a-z_]*)+");
    for (SpanData span : trace(Story.cascaded())) {
      span.getAttributes().forEach((key, value) -> assertThat(key.getKey()).matches(form));
      for (EventData event : span.getEvents()) {
        assertThat(event.getName()).matches(form);
        event.getAttributes().forEach((key, value) -> assertThat(key.getKey()).matches(form));
      }
    }
  }

  private static List<SpanData> trace(List<RunEvent> events) {
    RunIds ids = new RunIds();
    InMemorySpanExporter exporter = InMemorySpanExporter.create();
    try (SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .setIdGenerator(ids)
            .addSpanProcessor(SimpleSpanProcessor.create(exporter))
            .build()) {
      RunTracer tracer = new RunTracer(provider.get("test"), ids);
      events.forEach(tracer::on);
      provider.forceFlush().join(10, TimeUnit.SECONDS);
      return List.copyOf(exporter.getFinishedSpanItems());
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

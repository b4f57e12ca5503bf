package dev.firebreak.annotations.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.firebreak.annotations.Story;
import dev.firebreak.annotations.tracing.OtlpSink.Export;
import dev.firebreak.run.RunListener;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TelemetryTest {
  @TempDir private Path memory = Path.of("unset");

  @Test
  void aRunIsExportedOverOtlpAsProtobuf() throws IOException {
    try (OtlpSink sink = OtlpSink.start()) {
      run(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", sink.endpoint()));
      assertThat(sink.exports()).isNotEmpty();
      assertThat(sink.exports()).extracting(Export::path).contains("/v1/traces", "/v1/logs");
      assertThat(sink.exports())
          .allSatisfy(
              export ->
                  assertThat(export.headers().get("Content-type"))
                      .containsExactly("application/x-protobuf"));
      assertThat(spans(sink))
          .extracting(Span::getName)
          .contains("gameday checkout-weekly", "phase observe", "inject chaos-monkey/latency");
      assertThat(spans(sink)).extracting(span -> hex(span.getTraceId())).containsOnly(Story.TRACE);
      assertThat(sink.events())
          .extracting(LogRecord::getEventName)
          .contains("chaos.injection.started", "chaos.cascade.detected");
      assertThat(sink.events())
          .extracting(event -> hex(event.getTraceId()))
          .containsOnly(Story.TRACE);
      assertThat(resource(sink))
          .containsEntry("service.name", "firebreak")
          .containsEntry("service.version", "0.1.0")
          .containsKey("service.instance.id");
    }
  }

  @Test
  void theUsualVariablesAreHonoured() throws IOException {
    try (OtlpSink sink = OtlpSink.start()) {
      run(
          Map.of(
              "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", sink.endpoint() + "/own/path",
              "OTEL_EXPORTER_OTLP_HEADERS", "x-tenant=gamedays",
              "OTEL_SERVICE_NAME", "our-firebreak",
              "OTEL_RESOURCE_ATTRIBUTES", "team=sre"));
      Export export = sink.exports().get(0);
      assertThat(export.path()).isEqualTo("/own/path");
      assertThat(export.headers().get("X-tenant")).containsExactly("gamedays");
      assertThat(resource(sink))
          .containsEntry("service.name", "our-firebreak")
          .containsEntry("team", "sre");
      assertThat(sink.events()).isEmpty();
    }
  }

  @Test
  void eventsCanBeTurnedOffByThemselves() throws IOException {
    try (OtlpSink sink = OtlpSink.start()) {
      run(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", sink.endpoint(), "OTEL_LOGS_EXPORTER", "none"));
      assertThat(spans(sink)).isNotEmpty();
      assertThat(sink.events()).isEmpty();
    }
  }

  /** What the phases do not cover of a run, nobody can explain from its trace. */
  @Test
  void theSpansOfThePhasesCoverTheWholeRun() throws IOException {
    try (OtlpSink sink = OtlpSink.start()) {
      run(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", sink.endpoint()));
      assertThat(Coverage.ofPhases(spans(sink))).isGreaterThanOrEqualTo(0.99);
    }
  }

  @Test
  void withoutAnEndpointNothingIsSetUp() {
    for (Map<String, String> environment :
        List.of(
            Map.<String, String>of(),
            Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", " "),
            Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT", "http://x",
                "OTEL_TRACES_EXPORTER", "none",
                "OTEL_LOGS_EXPORTER", "none"),
            Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://x", "OTEL_SDK_DISABLED", "true"))) {
      try (Telemetry telemetry = Telemetry.start(environment, "0.1.0", memory)) {
        assertThat(telemetry.isOn()).isFalse();
        assertThat(telemetry.problem()).isEmpty();
        Story.cascaded().forEach(telemetry.runTracer()::on);
      }
    }
  }

  @Test
  void aProtocolThatIsNotSupportedTurnsTracesOffAndSaysWhy() {
    try (Telemetry telemetry =
        Telemetry.start(
            Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4317",
                "OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
            "0.1.0",
            memory)) {
      assertThat(telemetry.isOn()).isFalse();
      assertThat(telemetry.problem().orElseThrow())
          .contains("OTEL_EXPORTER_OTLP_PROTOCOL is grpc")
          .contains("http/protobuf");
    }
  }

  @Test
  void settingsThatMakeNoSenseTurnTracesOffAndSayWhy() {
    for (Map<String, String> environment :
        List.of(
            Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "not a url"),
            Map.of("OTEL_TRACES_EXPORTER", "zipkin"),
            Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://x", "OTEL_BSP_SCHEDULE_DELAY", "soon"))) {
      try (Telemetry telemetry = Telemetry.start(environment, "0.1.0", memory)) {
        assertThat(telemetry.isOn()).isFalse();
        assertThat(telemetry.problem()).isPresent();
      }
    }
  }

  @Test
  void aBackendThatDoesNotAnswerHoldsUpNoRunAndNoEnd() throws IOException {
    // The sink answers only after close() has returned: were close() to wait for it, it never
    // would.
    try (OtlpSink sink = OtlpSink.hanging()) {
      run(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", sink.endpoint()));
      assertThat(sink.exports()).isNotEmpty();
    }
  }

  @Test
  void aBackendThatIsDownHoldsUpNoRunAndNoEnd() throws IOException {
    String endpoint;
    try (OtlpSink sink = OtlpSink.start()) {
      endpoint = sink.endpoint();
    }
    run(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint));
  }

  private void run(Map<String, String> environment) {
    try (Telemetry telemetry = Telemetry.start(environment, "0.1.0", memory)) {
      assertThat(telemetry.problem()).isEmpty();
      assertThat(telemetry.isOn()).isTrue();
      RunListener tracer = telemetry.runTracer();
      Story.cascaded().forEach(tracer::on);
    }
  }

  private static List<Span> spans(OtlpSink sink) {
    return sink.spans().stream()
        .flatMap(resource -> resource.getScopeSpansList().stream())
        .flatMap(scope -> scope.getSpansList().stream())
        .toList();
  }

  private static Map<String, String> resource(OtlpSink sink) {
    Map<String, String> attributes = new HashMap<>();
    for (KeyValue each : sink.spans().get(0).getResource().getAttributesList()) {
      attributes.put(each.getKey(), each.getValue().getStringValue());
    }
    return attributes;
  }

  private static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }
}

package dev.firebreak.annotations.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.annotations.Story;
import dev.firebreak.annotations.tracing.OtlpSink.Export;
import dev.firebreak.run.RunListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TelemetryTest {
  @Test
  void aRunIsExportedOverOtlpAsProtobuf() throws IOException {
    try (OtlpSink sink = OtlpSink.start()) {
      run(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", sink.endpoint()));
      assertThat(sink.exports()).isNotEmpty();
      Export export = sink.exports().get(0);
      assertThat(export.path()).isEqualTo("/v1/traces");
      assertThat(export.headers().get("Content-type")).containsExactly("application/x-protobuf");
      String traceId =
          new String(HexFormat.of().parseHex(Story.TRACE), StandardCharsets.ISO_8859_1);
      assertThat(export.body())
          .contains(traceId, "run experiment", "inject fault", "chaos.run.id", "CASCADED")
          .contains("service.name", "firebreak", "service.version", "0.1.0");
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
      assertThat(export.body()).contains("our-firebreak", "team", "sre");
    }
  }

  @Test
  void withoutAnEndpointNothingIsSetUp() {
    for (Map<String, String> environment :
        List.of(
            Map.<String, String>of(),
            Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", " "),
            Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://x", "OTEL_TRACES_EXPORTER", "none"),
            Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://x", "OTEL_SDK_DISABLED", "true"))) {
      try (Telemetry telemetry = Telemetry.start(environment, "0.1.0")) {
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
            "0.1.0")) {
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
      try (Telemetry telemetry = Telemetry.start(environment, "0.1.0")) {
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

  private static void run(Map<String, String> environment) {
    try (Telemetry telemetry = Telemetry.start(environment, "0.1.0")) {
      assertThat(telemetry.problem()).isEmpty();
      assertThat(telemetry.isOn()).isTrue();
      RunListener tracer = telemetry.runTracer();
      Story.cascaded().forEach(tracer::on);
    }
  }
}

package dev.firebreak.annotations.tracing;

import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunListener;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The OpenTelemetry SDK, set up by the {@code OTEL_*} variables that everybody knows. Without an
 * endpoint or an exporter named there it is off: then it loads no SDK and costs nothing. What is
 * wrong with the settings turns it off too, see {@link #problem}; a run never fails by it.
 */
public final class Telemetry implements AutoCloseable {
  /** What a person waits for at the end of a run when nobody takes the spans. */
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(3);

  private static final Logger LOG = LoggerFactory.getLogger(Telemetry.class);
  private static final String PROTOCOL = "http/protobuf";
  private static final List<String> PROTOCOL_KEYS =
      List.of(
          "otel.exporter.otlp.protocol",
          "otel.exporter.otlp.traces.protocol",
          "otel.exporter.otlp.logs.protocol");

  private final OpenTelemetry openTelemetry;
  private final Optional<OpenTelemetrySdk> sdk;
  private final RunIds ids;
  private final EarlierRuns earlierRuns;
  private final Optional<String> problem;

  private Telemetry(
      OpenTelemetry openTelemetry,
      Optional<OpenTelemetrySdk> sdk,
      RunIds ids,
      EarlierRuns earlierRuns,
      Optional<String> problem) {
    this.openTelemetry = openTelemetry;
    this.sdk = sdk;
    this.ids = ids;
    this.earlierRuns = earlierRuns;
    this.problem = problem;
  }

  /**
   * Sets the SDK up.
   *
   * @param environment variables such as {@code OTEL_EXPORTER_OTLP_ENDPOINT}, or properties such as
   *     {@code otel.exporter.otlp.endpoint}; others are passed over
   * @param version of Firebreak
   * @param memory the directory in which it is remembered which run of a GameDay was the last, so
   *     that the next one can be linked to it; made when it is first needed
   */
  public static Telemetry start(Map<String, String> environment, String version, Path memory) {
    EarlierRuns earlierRuns = new EarlierRuns(memory);
    Map<String, String> properties = OtelVariables.properties(environment);
    if (!OtelVariables.isWanted(properties)) {
      return off(earlierRuns, Optional.empty());
    }
    Optional<String> unsupported = unsupportedProtocol(properties);
    if (unsupported.isPresent()) {
      return off(earlierRuns, unsupported);
    }
    try {
      RunIds ids = new RunIds();
      OpenTelemetrySdk sdk = sdk(properties, version, ids);
      return new Telemetry(sdk, Optional.of(sdk), ids, earlierRuns, Optional.empty());
    } catch (RuntimeException e) {
      LOG.debug("OpenTelemetry cannot be set up", e);
      return off(earlierRuns, Optional.of(String.valueOf(e.getMessage())));
    }
  }

  /** Why it is off although it was wanted. */
  public Optional<String> problem() {
    return problem;
  }

  public boolean isOn() {
    return sdk.isPresent();
  }

  /** For libraries that trace; does nothing while off. */
  public OpenTelemetry openTelemetry() {
    return openTelemetry;
  }

  /** A listener that traces one run. */
  public RunListener runTracer() {
    return isOn() ? new RunTracer(openTelemetry, ids, earlierRuns) : event -> {};
  }

  /**
   * Sends what is missing of a run whose process ended before it did: the spans that were open
   * then, and what came after.
   *
   * @param events all of the run
   * @param byRun how many of them, from the first on, were told by the run's own process
   */
  public void recovered(List<RunEvent> events, int byRun) {
    if (isOn()) {
      RunTracer tracer = new RunTracer(openTelemetry, ids, earlierRuns);
      tracer.retell(events.subList(0, byRun));
      events.subList(byRun, events.size()).forEach(tracer::on);
    }
  }

  /** Sends what is left, for at most three seconds, and ends. */
  @Override
  public void close() {
    if (sdk.isPresent()
        && !sdk.get()
            .shutdown()
            .join(LONGEST_CLOSE.toMillis(), TimeUnit.MILLISECONDS)
            .isSuccess()) {
      LOG.warn("spans and events were not all sent within {} s", LONGEST_CLOSE.toSeconds());
    }
  }

  private static Telemetry off(EarlierRuns earlierRuns, Optional<String> problem) {
    problem.ifPresent(why -> LOG.warn("traces are off reason={}", why));
    return new Telemetry(
        OpenTelemetry.noop(), Optional.empty(), new RunIds(), earlierRuns, problem);
  }

  private static OpenTelemetrySdk sdk(Map<String, String> properties, String version, RunIds ids) {
    return AutoConfiguredOpenTelemetrySdk.builder()
        // What we were handed counts, whatever this process' own environment says.
        .addPropertiesCustomizer(config -> withDefaults(properties))
        .addTracerProviderCustomizer((builder, config) -> builder.setIdGenerator(ids))
        .addResourceCustomizer((resource, config) -> about(version).merge(resource))
        .disableShutdownHook()
        .build()
        .getOpenTelemetrySdk();
  }

  private static Map<String, String> withDefaults(Map<String, String> properties) {
    Map<String, String> all = new HashMap<>();
    all.put("otel.service.name", "firebreak");
    all.put("otel.traces.exporter", OtelVariables.sends(properties, "traces") ? "otlp" : "none");
    all.put("otel.metrics.exporter", "none");
    all.put("otel.logs.exporter", OtelVariables.sends(properties, "logs") ? "otlp" : "none");
    // A crash loses what was not sent yet.
    all.put("otel.bsp.schedule.delay", "1000");
    all.put("otel.blrp.schedule.delay", "1000");
    all.put("otel.exporter.otlp.protocol", PROTOCOL);
    // Runs are rare: each of them is wanted.
    all.put("otel.traces.sampler", "parentbased_always_on");
    if (String.valueOf(properties.get("otel.resource.attributes")).contains("service.name=")) {
      all.remove("otel.service.name");
    }
    all.putAll(properties);
    return all;
  }

  private static Resource about(String version) {
    return Resource.create(Attributes.of(AttributeKey.stringKey("service.version"), version));
  }

  private static Optional<String> unsupportedProtocol(Map<String, String> properties) {
    return PROTOCOL_KEYS.stream()
        .filter(key -> !properties.getOrDefault(key, PROTOCOL).equals(PROTOCOL))
        .map(
            key ->
                "%s is %s, only %s is supported (port 4318, not 4317)"
                    .formatted(variable(key), properties.get(key), PROTOCOL))
        .findFirst();
  }

  private static String variable(String key) {
    return key.toUpperCase(Locale.ROOT).replace('.', '_');
  }
}

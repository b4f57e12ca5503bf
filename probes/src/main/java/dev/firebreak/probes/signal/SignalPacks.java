package dev.firebreak.probes.signal;

import static dev.firebreak.probe.Signal.Kind.ERROR_RATIO;
import static dev.firebreak.probe.Signal.Kind.LATENCY;
import static dev.firebreak.probe.Signal.Kind.RESOURCE;
import static dev.firebreak.probe.Signal.Kind.SATURATION;
import static dev.firebreak.probe.Signal.Kind.TRAFFIC;

import dev.firebreak.probes.signal.Gauge.Aggregation;
import java.util.List;
import java.util.Optional;

/** The packs that need no configuration. */
public final class SignalPacks {
  private static final List<String> SERVICE_LABELS =
      List.of("application", "service", "service_name", "job");

  private SignalPacks() {}

  /**
   * In order of precedence: where two of them tell the same signal of a service, the first counts.
   */
  public static List<SignalPack> builtIn() {
    return List.of(springBoot(), openTelemetryHttp(), pools(), process(), serviceGraph());
  }

  /** Spring Boot with Micrometer's Prometheus registry; its own management pages do not count. */
  private static SignalPack springBoot() {
    Matcher noActuator = Matcher.matchesNot("uri", "/actuator.*");
    return http(
        "spring-boot",
        SERVICE_LABELS,
        "http_server_requests_seconds",
        noActuator,
        Matcher.matches("status", "5.."));
  }

  /** The stable HTTP semantic conventions of OpenTelemetry, in Prometheus' spelling. */
  private static SignalPack openTelemetryHttp() {
    return http(
        "opentelemetry-http",
        List.of("service_name", "service", "application", "job"),
        "http_server_request_duration_seconds",
        Matcher.matchesNot("http_route", "/actuator.*"),
        Matcher.matches("http_response_status_code", "5.."));
  }

  private static SignalPack http(
      String name, List<String> labels, String metric, Matcher counted, Matcher failed) {
    Selector count = Selector.of(metric + "_count", counted);
    Selector sum = Selector.of(metric + "_sum", counted);
    Selector buckets = Selector.of(metric + "_bucket", counted);
    return new SignalPack(
        name,
        labels,
        List.of(
            SignalDefinition.of("http.latency.p50", LATENCY, new Quantile(0.5, buckets)),
            SignalDefinition.of("http.latency.p95", LATENCY, new Quantile(0.95, buckets)),
            SignalDefinition.of("http.latency.p99", LATENCY, new Quantile(0.99, buckets)),
            SignalDefinition.of("http.latency.mean", LATENCY, new Mean(sum, count)),
            SignalDefinition.of(
                "http.error-ratio", ERROR_RATIO, new RateRatio(count.and(failed), count)),
            SignalDefinition.of("http.rate", TRAFFIC, new Rate(count))),
        Optional.empty());
  }

  /** Pools of threads and connections: the fullest counts. */
  private static SignalPack pools() {
    Formula fullest =
        new Greatest(
            List.of(
                pool("hikaricp_connections_active", "hikaricp_connections_max", 0),
                pool("jdbc_connections_active", "jdbc_connections_max", 0),
                pool("executor_active_threads", "executor_pool_max_threads", 1),
                pool("tomcat_threads_busy_threads", "tomcat_threads_config_max_threads", 1),
                pool("jetty_threads_busy", "jetty_threads_config_max", 1),
                pool("*_pool_active", "*_pool_max", 0)));
    return new SignalPack(
        "pools",
        SERVICE_LABELS,
        List.of(SignalDefinition.of("pool.saturation", SATURATION, fullest)),
        Optional.empty());
  }

  private static Formula pool(String used, String limit, double limitAbove) {
    return new GaugeRatio(Selector.of(used), Selector.of(limit), limitAbove);
  }

  /** What a process uses; evidence for the report. */
  private static SignalPack process() {
    return new SignalPack(
        "process",
        SERVICE_LABELS,
        List.of(
            SignalDefinition.of(
                "process.cpu.usage",
                RESOURCE,
                new Gauge(Selector.of("process_cpu_usage"), Aggregation.MAX)),
            SignalDefinition.of(
                "process.cpu.cores", RESOURCE, new Rate(Selector.of("process_cpu_seconds_total"))),
            SignalDefinition.of(
                "jvm.memory.used",
                RESOURCE,
                new Gauge(Selector.of("jvm_memory_used_bytes"), Aggregation.SUM))),
        Optional.empty());
  }

  /**
   * The service graph of Tempo and of the OpenTelemetry collector. Virtual nodes stand for callers
   * that are not traced, not for services.
   */
  private static SignalPack serviceGraph() {
    Selector calls =
        Selector.of(
            "traces_service_graph_request_total",
            Matcher.notEqual("connection_type", "virtual_node"),
            Matcher.notEqual("client", "user"));
    return new SignalPack(
        "service-graph",
        SERVICE_LABELS,
        List.of(),
        Optional.of(new CallEdges(calls, "client", "server")));
  }
}

package dev.firebreak.probes.signal;

import static dev.firebreak.probe.Signal.Kind.ERROR_RATIO;
import static dev.firebreak.probe.Signal.Kind.LATENCY;
import static dev.firebreak.probe.Signal.Kind.RESOURCE;
import static dev.firebreak.probe.Signal.Kind.SATURATION;
import static dev.firebreak.probe.Signal.Kind.TRAFFIC;

import dev.firebreak.probes.signal.Gauge.Aggregation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The packs that need no configuration. */
public final class SignalPacks {
  private static final List<String> SERVICE_LABELS =
      List.of("application", "service", "service_name", "job");

  /** Status codes of gRPC that the server is to blame for; the others are its caller's doing. */
  private static final String SERVER_FAULTS = "2|4|12|13|14|15";

  private static final String SERVER_FAULT_NAMES =
      "Unknown|DeadlineExceeded|Unimplemented|Internal|Unavailable|DataLoss"
          + "|UNKNOWN|DEADLINE_EXCEEDED|UNIMPLEMENTED|INTERNAL|UNAVAILABLE|DATA_LOSS";

  private static final String ENVOYS_OWN =
      "|.*xds.*|sds-grpc|agent|prometheus_stats|zipkin|BlackHoleCluster|.*PassthroughCluster.*"
          + "|(?:inbound|outbound)[|_].*";

  private SignalPacks() {}

  /**
   * In order of precedence: where two of them tell the same signal of a service, the first counts.
   */
  public static List<SignalPack> builtIn() {
    return List.of(
        springBoot(),
        openTelemetryHttp(),
        openTelemetryRpc(),
        grpc(),
        istio(),
        envoy(),
        pools(),
        redis(),
        postgres(),
        process(),
        containers(),
        kafka(),
        serviceGraph());
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
    List<SignalDefinition> definitions =
        new ArrayList<>(latencies("http", metric, 1, List.of(counted)));
    definitions.addAll(outcomes("http", count, failed));
    return new SignalPack(name, labels, definitions, Optional.empty());
  }

  /**
   * What a histogram of durations tells.
   *
   * @param unitsPerSecond 1,000 for milliseconds
   */
  private static List<SignalDefinition> latencies(
      String prefix, String metric, int unitsPerSecond, List<Matcher> counted) {
    Selector buckets = Selector.of(metric + "_bucket").and(counted);
    Formula mean =
        new Mean(
            Selector.of(metric + "_sum").and(counted), Selector.of(metric + "_count").and(counted));
    return List.of(
        latency(prefix + ".latency.p50", new Quantile(0.5, buckets), unitsPerSecond),
        latency(prefix + ".latency.p95", new Quantile(0.95, buckets), unitsPerSecond),
        latency(prefix + ".latency.p99", new Quantile(0.99, buckets), unitsPerSecond),
        latency(prefix + ".latency.mean", mean, unitsPerSecond));
  }

  private static SignalDefinition latency(String name, Formula formula, int unitsPerSecond) {
    return SignalDefinition.of(
        name, LATENCY, unitsPerSecond == 1 ? formula : new Scaled(formula, unitsPerSecond));
  }

  private static List<SignalDefinition> outcomes(String prefix, Selector count, Matcher failed) {
    return List.of(
        SignalDefinition.of(
            prefix + ".error-ratio", ERROR_RATIO, new RateRatio(count.and(failed), count)),
        SignalDefinition.of(prefix + ".rate", TRAFFIC, new Rate(count)));
  }

  /** RPC servers in OpenTelemetry's conventions, the older ones in milliseconds. */
  private static SignalPack openTelemetryRpc() {
    String metric = "rpc_server_duration_milliseconds";
    List<SignalDefinition> definitions =
        new ArrayList<>(latencies("rpc", metric, 1_000, List.of()));
    definitions.addAll(
        outcomes(
            "rpc",
            Selector.of(metric + "_count"),
            Matcher.matches("rpc_grpc_status_code", SERVER_FAULTS)));
    return new SignalPack(
        "opentelemetry-rpc",
        List.of("service_name", "service", "application", "job"),
        definitions,
        Optional.empty());
  }

  /**
   * The gRPC ecosystem's own metrics. Streams last as long as they like: only single calls have a
   * latency. Health checks are not traffic.
   */
  private static SignalPack grpc() {
    Matcher noChecks = Matcher.notEqual("grpc_service", "grpc.health.v1.Health");
    List<SignalDefinition> definitions =
        new ArrayList<>(
            latencies(
                "rpc",
                "grpc_server_handling_seconds",
                1,
                List.of(noChecks, Matcher.matches("grpc_type", "unary|UNARY"))));
    definitions.addAll(
        outcomes(
            "rpc",
            Selector.of("grpc_server_handled_total", noChecks),
            Matcher.matches("grpc_code", SERVER_FAULT_NAMES)));
    return new SignalPack("grpc", SERVICE_LABELS, definitions, Optional.empty());
  }

  /** The standard metrics of Istio, as the proxy before the called service tells them. */
  private static SignalPack istio() {
    Matcher atCallee = Matcher.matches("reporter", "destination|waypoint");
    Matcher known = Matcher.notEqual("destination_canonical_service", "unknown");
    Selector count = Selector.of("istio_requests_total", atCallee, known);
    List<SignalDefinition> definitions =
        new ArrayList<>(
            latencies(
                "http", "istio_request_duration_milliseconds", 1_000, List.of(atCallee, known)));
    definitions.addAll(outcomes("http", count, Matcher.matches("response_code", "5..")));
    Selector calls = count.and(Matcher.notEqual("source_canonical_service", "unknown"));
    return SignalPack.aboutOthers(
        "istio",
        List.of("destination_canonical_service", "destination_workload"),
        definitions,
        Optional.of(
            new CallEdges(calls, "source_canonical_service", "destination_canonical_service")),
        known);
  }

  /**
   * Envoy as a proxy of its own: its clusters are the services. Those that Istio names, and Envoy's
   * own, do not count. An open circuit breaker is a full pool.
   */
  private static SignalPack envoy() {
    Matcher services = Matcher.matchesNot("envoy_cluster_name", ENVOYS_OWN);
    List<SignalDefinition> definitions =
        new ArrayList<>(
            latencies("http", "envoy_cluster_upstream_rq_time", 1_000, List.of(services)));
    definitions.addAll(
        outcomes(
            "http",
            Selector.of("envoy_cluster_upstream_rq_xx", services),
            Matcher.equal("envoy_response_code_class", "5")));
    Formula open =
        new Greatest(
            List.of(
                breaker("envoy_cluster_circuit_breakers_default_cx_open", services),
                breaker("envoy_cluster_circuit_breakers_default_rq_open", services),
                breaker("envoy_cluster_circuit_breakers_default_rq_pending_open", services)));
    definitions.add(SignalDefinition.of("pool.saturation", SATURATION, open));
    return SignalPack.aboutOthers(
        "envoy", List.of("envoy_cluster_name"), definitions, Optional.empty(), services);
  }

  private static Formula breaker(String metric, Matcher services) {
    return new Gauge(Selector.of(metric, services), Aggregation.MAX);
  }

  /** Redis by its exporter: the connections it may have are a pool, the rest is evidence. */
  private static SignalPack redis() {
    return new SignalPack(
        "redis",
        SERVICE_LABELS,
        List.of(
            SignalDefinition.of(
                "pool.saturation",
                SATURATION,
                new SumRatio(
                    Selector.of("redis_connected_clients"),
                    Selector.of("redis_config_maxclients"))),
            evidence("redis.memory.used", "redis_memory_used_bytes"),
            evidence("redis.clients.blocked", "redis_blocked_clients")),
        Optional.empty());
  }

  /** PostgreSQL by its exporter: the connections it may have are a pool, locks are evidence. */
  private static SignalPack postgres() {
    return new SignalPack(
        "postgresql",
        SERVICE_LABELS,
        List.of(
            SignalDefinition.of(
                "pool.saturation",
                SATURATION,
                new SumRatio(
                    Selector.of("pg_stat_activity_count"),
                    Selector.of("pg_settings_max_connections"))),
            evidence("postgresql.locks", "pg_locks_count"),
            SignalDefinition.of(
                "postgresql.deadlocks",
                RESOURCE,
                new Rate(Selector.of("pg_stat_database_deadlocks")))),
        Optional.empty());
  }

  /** What cAdvisor says of a service's containers; the sandbox and the sums have no name. */
  private static SignalPack containers() {
    Matcher real = Matcher.matchesNot("container", "POD|");
    return SignalPack.aboutOthers(
        "cadvisor",
        List.of("container"),
        List.of(
            SignalDefinition.of(
                "container.cpu.cores",
                RESOURCE,
                new Rate(Selector.of("container_cpu_usage_seconds_total", real))),
            SignalDefinition.of(
                "container.cpu.throttled",
                RESOURCE,
                new RateRatio(
                    Selector.of("container_cpu_cfs_throttled_periods_total", real),
                    Selector.of("container_cpu_cfs_periods_total", real))),
            SignalDefinition.of(
                "container.memory.used",
                RESOURCE,
                new Gauge(
                    Selector.of("container_memory_working_set_bytes", real), Aggregation.SUM))),
        Optional.empty(),
        real);
  }

  /** How far the consumers of Kafka are behind: evidence for the service named as their group. */
  private static SignalPack kafka() {
    return SignalPack.aboutOthers(
        "kafka",
        List.of("consumergroup"),
        List.of(evidence("kafka.lag", "kafka_consumergroup_lag")),
        Optional.empty());
  }

  private static SignalDefinition evidence(String name, String gauge) {
    return SignalDefinition.of(name, RESOURCE, new Gauge(Selector.of(gauge), Aggregation.SUM));
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

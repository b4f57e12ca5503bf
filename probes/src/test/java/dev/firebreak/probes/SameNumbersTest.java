package dev.firebreak.probes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.experiment.Telemetry;
import dev.firebreak.experiment.Telemetry.Prometheus;
import dev.firebreak.experiment.Telemetry.Scrape;
import dev.firebreak.experiment.Telemetry.ScrapeTarget;
import dev.firebreak.probe.HistoricalSource;
import dev.firebreak.probe.History;
import dev.firebreak.probe.MetricSource;
import dev.firebreak.probe.ProbeException;
import dev.firebreak.probe.Reading;
import dev.firebreak.probe.Reading.Sample;
import dev.firebreak.probe.SeriesId;
import dev.firebreak.probes.http.LocalServer;
import dev.firebreak.probes.prometheus.RealPrometheus;
import dev.firebreak.service.CallGraph;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the real {@code prometheus} beside the source that reads pages itself, both on a page whose
 * counters are functions of time, so that what they must say is known.
 */
class SameNumbersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Looks until the windows of both are full: half-full ones differ, by Prometheus' design. */
  private static final int LOOKS_TO_FILL = 6;

  /** Looks after that: one page that is late touches two of them, as newest and as oldest. */
  private static final int LOOKS = 9;

  /**
   * Of the median over the looks. A page that a busy machine writes 50 ms after it was asked for
   * makes one rate over four seconds wrong by more than a percent, in either source, and another
   * one by as much in the other direction; what both sources are wrong by always would show here.
   */
  private static final Percentage SAMPLING = Percentage.withPercentage(2);

  private static final long STARTED_NANOS = System.nanoTime();

  private final Path directory;

  /** Is released with each page: the rhythm of the test without a sleep. */
  private final Semaphore pages = new Semaphore(0);

  SameNumbersTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void bothSourcesGiveTheSameNumbers() throws Exception {
    try (LocalServer service = new LocalServer((path, body) -> page());
        RealPrometheus prometheus =
            RealPrometheus.startOrSkip(directory, List.of(service.url("/metrics")));
        MetricSource asked = open(new Prometheus(prometheus.url(), Map.of()));
        MetricSource scraped = open(scrapeOf(service))) {
      Map<SeriesId, Double> own = compare(prometheus, asked, scraped);
      assertThat(own).hasSize(11);
      assertTruth(own);
      assertThePastSaysTheSame((HistoricalSource) asked, own);
    }
  }

  private static void assertThePastSaysTheSame(HistoricalSource asked, Map<SeriesId, Double> own)
      throws ProbeException {
    Instant now = Instant.now();
    History history = asked.history(now.minusSeconds(LOOKS), now, Duration.ofSeconds(1));
    List<Map<SeriesId, Double>> looks = new ArrayList<>();
    for (History.Look look : history.looks()) {
      Map<SeriesId, Double> values = new TreeMap<>();
      for (int i = 0; i < history.series().size(); i++) {
        values.put(history.series().get(i), look.values()[i]);
      }
      looks.add(values);
    }
    assertThat(looks).hasSize(LOOKS + 1);
    Map<SeriesId, Double> past = medians(looks);
    assertThat(past.keySet()).isEqualTo(own.keySet());
    past.forEach(
        (id, value) ->
            assertThat(value)
                .as(id.toString())
                .isCloseTo(own.getOrDefault(id, Double.NaN), SAMPLING));
  }

  @Test
  void everyPackGivesTheSameNumbersByBothSources() throws Exception {
    try (LocalServer service = new LocalServer((path, body) -> pageOfManyPacks());
        RealPrometheus prometheus =
            RealPrometheus.startOrSkip(directory, List.of(service.url("/metrics")));
        MetricSource asked = open(new Prometheus(prometheus.url(), Map.of()));
        MetricSource scraped = open(scrapeOf(service))) {
      Map<SeriesId, Double> own = compare(prometheus, asked, scraped);
      assertThat(of(own, "ledger", "rpc.rate")).isCloseTo(40.0, SAMPLING);
      assertThat(of(own, "ledger", "rpc.error-ratio")).isCloseTo(0.25, SAMPLING);
      assertThat(of(own, "ledger", "rpc.latency.mean")).isCloseTo(0.05, SAMPLING);
      assertThat(of(own, "ledger", "container.cpu.cores")).isCloseTo(0.5, SAMPLING);
      assertThat(of(own, "ledger", "kafka.lag")).isEqualTo(12);
      assertThat(of(own, "cache", "pool.saturation")).isEqualTo(0.25);
      assertThat(of(own, "base", "pool.saturation")).isEqualTo(0.5);
      assertThat(of(own, "mesh", "http.rate")).isCloseTo(20.0, SAMPLING);
      assertThat(of(own, "mesh", "http.error-ratio")).isCloseTo(0.1, SAMPLING);
      assertThat(of(own, "mesh", "http.latency.mean")).isCloseTo(0.08, SAMPLING);
      assertThat(of(own, "bank", "http.error-ratio")).isCloseTo(0.2, SAMPLING);
      assertThat(of(own, "bank", "pool.saturation")).isEqualTo(1);
      assertThat(own.keySet())
          .extracting(id -> id.service().value())
          .containsOnly("ledger", "otel", "cache", "base", "mesh", "bank");
      assertThat(scraped.discover().callGraph()).isEqualTo(asked.discover().callGraph());
      assertThat(scraped.discover().callGraph().edges()).hasSize(1);
    }
  }

  private static double of(Map<SeriesId, Double> values, String service, String signal) {
    return values.entrySet().stream()
        .filter(entry -> entry.getKey().service().value().equals(service))
        .filter(entry -> entry.getKey().signal().name().equals(signal))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow();
  }

  /** As servers, sidecars and exporters write them; what is not of a service must not count. */
  private LocalServer.Reply pageOfManyPacks() {
    double seconds = secondsRunning();
    pages.release();
    StringBuilder page = new StringBuilder();
    String grpc = "application=\"ledger\",grpc_type=\"unary\",grpc_service=\"l.Ledger\"";
    metric(page, "grpc_server_handled_total", grpc + ",grpc_code=\"OK\"", 30 * seconds);
    metric(page, "grpc_server_handled_total", grpc + ",grpc_code=\"Unavailable\"", 10 * seconds);
    metric(
        page,
        "grpc_server_handled_total",
        "application=\"ledger\",grpc_service=\"grpc.health.v1.Health\",grpc_code=\"OK\"",
        5 * seconds);
    histogram(page, "grpc_server_handling_seconds", grpc, "0.1", 40 * seconds, 0.05);
    String rpc = "service_name=\"otel\",rpc_system=\"grpc\"";
    histogram(
        page,
        "rpc_server_duration_milliseconds",
        rpc + ",rpc_grpc_status_code=\"0\"",
        "100",
        8 * seconds,
        25);
    histogram(
        page,
        "rpc_server_duration_milliseconds",
        rpc + ",rpc_grpc_status_code=\"14\"",
        "100",
        2 * seconds,
        25);
    istio(page, seconds);
    envoy(page, seconds);
    exporters(page, seconds);
    return LocalServer.ok("text/plain; version=0.0.4", page.toString());
  }

  private static void istio(StringBuilder page, double seconds) {
    String call =
        "source_canonical_service=\"ledger\",destination_canonical_service=\"mesh\",reporter=";
    for (String reporter : List.of("source", "destination")) {
      String labels = call + "\"" + reporter + "\",response_code=";
      metric(page, "istio_requests_total", labels + "\"200\"", 18 * seconds);
      metric(page, "istio_requests_total", labels + "\"503\"", 2 * seconds);
    }
    metric(
        page,
        "istio_requests_total",
        "destination_canonical_service=\"unknown\",reporter=\"source\",response_code=\"200\"",
        seconds);
    histogram(
        page,
        "istio_request_duration_milliseconds",
        call + "\"destination\"",
        "100",
        20 * seconds,
        80);
  }

  private static void envoy(StringBuilder page, double seconds) {
    String name = "envoy_cluster_name=\"bank\"";
    String code = ",envoy_response_code_class=";
    metric(page, "envoy_cluster_upstream_rq_xx", name + code + "\"2\"", 8 * seconds);
    metric(page, "envoy_cluster_upstream_rq_xx", name + code + "\"5\"", 2 * seconds);
    metric(
        page,
        "envoy_cluster_upstream_rq_xx",
        "envoy_cluster_name=\"xds-grpc\"" + code + "\"2\"",
        seconds);
    histogram(page, "envoy_cluster_upstream_rq_time", name, "50", 10 * seconds, 20);
    metric(page, "envoy_cluster_circuit_breakers_default_rq_open", name, 1);
    metric(page, "envoy_cluster_circuit_breakers_default_cx_open", name, 0);
  }

  private static void exporters(StringBuilder page, double seconds) {
    String redis = "application=\"cache\"";
    metric(page, "redis_connected_clients", redis, 25);
    metric(page, "redis_config_maxclients", redis, 100);
    metric(page, "redis_memory_used_bytes", redis, 1e6);
    String postgres = "application=\"base\"";
    metric(page, "pg_stat_activity_count", postgres + ",state=\"active\"", 30);
    metric(page, "pg_stat_activity_count", postgres + ",state=\"idle\"", 20);
    metric(page, "pg_settings_max_connections", postgres, 100);
    metric(page, "kafka_consumergroup_lag", "consumergroup=\"ledger\",partition=\"0\"", 7);
    metric(page, "kafka_consumergroup_lag", "consumergroup=\"ledger\",partition=\"1\"", 5);
    metric(page, "kafka_consumergroup_lag", "consumergroup=\"nobody\"", 5);
    for (String container : List.of("ledger", "POD", "")) {
      metric(
          page,
          "container_cpu_usage_seconds_total",
          "container=\"" + container + "\",pod=\"p\"",
          seconds / 2);
    }
  }

  private static void histogram(
      StringBuilder page, String name, String labels, String le, double count, double mean) {
    metric(page, name + "_bucket", labels + ",le=\"" + le + "\"", count);
    metric(page, name + "_bucket", labels + ",le=\"+Inf\"", count);
    metric(page, name + "_count", labels, count);
    metric(page, name + "_sum", labels, count * mean);
  }

  private static void metric(StringBuilder page, String name, String labels, double value) {
    page.append(String.format(Locale.ROOT, "%s{%s} %.6f\n", name, labels, value));
  }

  private static Scrape scrapeOf(LocalServer service) {
    return new Scrape(List.of(new ScrapeTarget(service.url("/metrics"), Optional.empty())));
  }

  private static MetricSource open(Telemetry.Source source) {
    return MetricSources.open(
        new Telemetry(source, Duration.ofSeconds(1), CallGraph.empty()),
        InstantSource.system(),
        System::nanoTime);
  }

  private Map<SeriesId, Double> compare(
      RealPrometheus prometheus, MetricSource asked, MetricSource scraped) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    List<Map<SeriesId, Double>> own = new ArrayList<>();
    List<Map<SeriesId, Double>> theirs = new ArrayList<>();
    while (own.size() < LOOKS_TO_FILL + LOOKS) {
      assertThat(System.nanoTime()).as(prometheus.log()).isLessThan(deadline);
      // Prometheus asks each second, and gives the beat.
      pages.drainPermits();
      pages.tryAcquire(5, TimeUnit.SECONDS);
      Map<SeriesId, Double> ownLook = valuesOf(scraped);
      Map<SeriesId, Double> theirLook = valuesOf(asked);
      if (hasRates(ownLook) && hasRates(theirLook)) {
        own.add(ownLook);
        theirs.add(theirLook);
      }
    }
    Map<SeriesId, Double> ownMedian = medians(own.subList(LOOKS_TO_FILL, own.size()));
    Map<SeriesId, Double> theirMedian = medians(theirs.subList(LOOKS_TO_FILL, theirs.size()));
    assertThat(ownMedian.keySet()).isEqualTo(theirMedian.keySet());
    ownMedian.forEach(
        (id, value) ->
            assertThat(value)
                .as(id.toString())
                .isCloseTo(theirMedian.getOrDefault(id, Double.NaN), SAMPLING));
    return ownMedian;
  }

  private static void assertTruth(Map<SeriesId, Double> values) {
    assertThat(named(values, "http.rate")).isCloseTo(100.0, SAMPLING);
    assertThat(named(values, "http.error-ratio")).isCloseTo(0.1, SAMPLING);
    assertThat(named(values, "http.latency.p95")).isCloseTo(0.3, SAMPLING);
    assertThat(named(values, "http.latency.mean")).isCloseTo(0.075, SAMPLING);
    assertThat(named(values, "process.cpu.cores")).isCloseTo(0.5, SAMPLING);
    assertThat(named(values, "pool.saturation")).isEqualTo(0.75);
    assertThat(named(values, "up")).isEqualTo(1);
  }

  /** Of each series; one that was missing once has none. */
  private static Map<SeriesId, Double> medians(List<Map<SeriesId, Double>> looks) {
    Map<SeriesId, Double> medians = new TreeMap<>();
    for (SeriesId id : looks.get(0).keySet()) {
      double[] values =
          looks.stream().mapToDouble(look -> look.getOrDefault(id, Double.NaN)).sorted().toArray();
      if (!Double.isNaN(values[values.length - 1])) {
        medians.put(id, values[values.length / 2]);
      }
    }
    return medians;
  }

  private static double named(Map<SeriesId, Double> values, String signal) {
    return values.entrySet().stream()
        .filter(entry -> entry.getKey().signal().name().equals(signal))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow();
  }

  private static boolean hasRates(Map<SeriesId, Double> values) {
    return values.keySet().stream().anyMatch(id -> id.signal().name().equals("http.rate"));
  }

  private static Map<SeriesId, Double> valuesOf(MetricSource source) {
    Map<SeriesId, Double> values = new TreeMap<>();
    try {
      Reading reading = source.read();
      for (Sample sample : reading.samples()) {
        values.put(sample.series(), sample.value());
      }
    } catch (ProbeException e) {
      // Prometheus is still starting: asked again at the next beat, until the deadline.
      values.clear();
    }
    return values;
  }

  private static double secondsRunning() {
    return (System.nanoTime() - STARTED_NANOS) / 1e9;
  }

  /** 90 good requests a second of 50 ms, 10 bad ones of 300 ms, and some of our own. */
  private LocalServer.Reply page() {
    double seconds = secondsRunning();
    pages.release();
    StringBuilder page = new StringBuilder();
    requests(page, "uri=\"/pay\",status=\"200\"", 90 * seconds, 0);
    requests(page, "uri=\"/pay\",status=\"503\"", 0, 10 * seconds);
    requests(page, "uri=\"/actuator/health\",status=\"200\"", 7 * seconds, 0);
    page.append("process_cpu_usage{application=\"payments\"} 0.25\n");
    page.append("process_cpu_seconds_total{application=\"payments\"} ").append(seconds / 2);
    page.append("\njvm_memory_used_bytes{application=\"payments\",area=\"heap\"} 1e6\n");
    page.append("shop_pool_active{application=\"payments\",pool=\"a\"} 6\n");
    page.append("shop_pool_max{application=\"payments\",pool=\"a\"} 8\n");
    page.append("shop_pool_active{application=\"payments\",pool=\"b\"} 1\n");
    page.append("shop_pool_max{application=\"payments\",pool=\"b\"} 8\n");
    page.append("hikaricp_connections_active{application=\"payments\",pool=\"b\"} 1\n");
    page.append("hikaricp_connections_max{application=\"payments\",pool=\"b\"} 8\n");
    return LocalServer.ok("text/plain; version=0.0.4", page.toString());
  }

  private static void requests(StringBuilder page, String labels, double fast, double slow) {
    String all = "application=\"payments\"," + labels;
    line(page, "_bucket{" + all + ",le=\"0.1\"}", fast);
    line(page, "_bucket{" + all + ",le=\"0.5\"}", fast + slow);
    line(page, "_bucket{" + all + ",le=\"+Inf\"}", fast + slow);
    line(page, "_count{" + all + "}", fast + slow);
    line(page, "_sum{" + all + "}", 0.05 * fast + 0.3 * slow);
  }

  private static void line(StringBuilder page, String series, double value) {
    page.append(String.format(Locale.ROOT, "http_server_requests_seconds%s %.6f\n", series, value));
  }
}

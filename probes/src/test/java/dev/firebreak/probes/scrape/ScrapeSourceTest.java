package dev.firebreak.probes.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.firebreak.experiment.Telemetry.Scrape;
import dev.firebreak.experiment.Telemetry.ScrapeTarget;
import dev.firebreak.probe.Discovery;
import dev.firebreak.probe.ProbeException;
import dev.firebreak.probe.Reading;
import dev.firebreak.probes.http.LocalServer;
import dev.firebreak.probes.http.LocalServer.Reply;
import dev.firebreak.probes.signal.SignalPacks;
import dev.firebreak.service.CallGraph.Edge;
import dev.firebreak.service.ServiceName;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScrapeSourceTest {
  private static final String TEXT = "text/plain; version=0.0.4";
  private static final Duration STEP = Duration.ofSeconds(5);

  private final Map<String, Reply> pages = new ConcurrentHashMap<>();
  private final LocalServer server =
      new LocalServer(
          (path, body) -> pages.getOrDefault(path, LocalServer.status(404, TEXT, "not found")));
  private final AtomicLong nanos = new AtomicLong();
  private final List<ScrapeSource> opened = new ArrayList<>();

  @AfterEach
  void close() {
    opened.forEach(ScrapeSource::close);
    server.close();
  }

  private ScrapeSource source(ScrapeTarget... targets) {
    return source(STEP, targets);
  }

  private ScrapeSource source(Duration step, ScrapeTarget... targets) {
    ScrapeSource source =
        new ScrapeSource(
            new Scrape(List.of(targets)),
            step,
            SignalPacks.builtIn(),
            () -> Instant.EPOCH.plusNanos(nanos.get()),
            nanos::get);
    opened.add(source);
    return source;
  }

  private ScrapeTarget target(String path) {
    return new ScrapeTarget(server.url(path), Optional.empty());
  }

  private ScrapeTarget target(String path, String service) {
    return new ScrapeTarget(server.url(path), Optional.of(ServiceName.of(service)));
  }

  private void page(String path, String text) {
    pages.put(path, LocalServer.ok(TEXT, text));
  }

  private void stepOver() {
    nanos.addAndGet(STEP.toNanos());
  }

  /** A Spring Boot page after {@code good} requests of 50 ms and {@code bad} of 300 ms. */
  private static String spring(String application, int good, int bad) {
    String app = "application=\"" + application + "\"";
    StringBuilder page = new StringBuilder();
    requests(page, app + ",uri=\"/pay\",status=\"200\"", good, 0);
    if (bad > 0) {
      requests(page, app + ",uri=\"/pay\",status=\"503\"", 0, bad);
    }
    requests(page, app + ",uri=\"/actuator/prometheus\",status=\"200\"", 1_000 * good, 0);
    return page.toString();
  }

  private static void requests(StringBuilder page, String labels, int fast, int slow) {
    String metric = "http_server_requests_seconds";
    page.append("%s_bucket{%s,le=\"0.1\"} %d\n".formatted(metric, labels, fast));
    page.append("%s_bucket{%s,le=\"0.5\"} %d\n".formatted(metric, labels, fast + slow));
    page.append("%s_bucket{%s,le=\"+Inf\"} %d\n".formatted(metric, labels, fast + slow));
    page.append("%s_count{%s} %d\n".formatted(metric, labels, fast + slow));
    page.append("%s_sum{%s} %s\n".formatted(metric, labels, 0.05 * fast + 0.3 * slow));
  }

  private static OptionalDouble value(Reading reading, String service, String signal) {
    return reading.samples().stream()
        .filter(sample -> sample.series().service().value().equals(service))
        .filter(sample -> sample.series().signal().name().equals(signal))
        .mapToDouble(Reading.Sample::value)
        .findFirst();
  }

  private static List<String> namesOf(Discovery discovery) {
    return discovery.series().stream().map(Object::toString).toList();
  }

  @Test
  void findsTheSignalsOfASpringBootService() throws ProbeException {
    page("/a", spring("payments", 10, 0));
    Discovery found = source(target("/a")).discover();
    assertThat(namesOf(found))
        .containsExactly(
            "payments http.error-ratio",
            "payments http.latency.mean",
            "payments http.latency.p50",
            "payments http.latency.p95",
            "payments http.latency.p99",
            "payments http.rate",
            "payments up");
    assertThat(found.packs()).containsExactly("spring-boot");
    assertThat(found.unseen()).isEmpty();
  }

  @Test
  void evaluatesThemOverTwoPages() throws ProbeException {
    page("/a", spring("payments", 10, 0));
    ScrapeSource source = source(target("/a"));
    source.discover();
    stepOver();
    page("/a", spring("payments", 100, 10));
    Reading reading = source.read();
    assertThat(value(reading, "payments", "http.rate")).hasValueCloseTo(20.0, within(1e-9));
    assertThat(value(reading, "payments", "http.error-ratio")).hasValueCloseTo(0.1, within(1e-9));
    // (90 × 50 ms + 10 × 300 ms) / 100; the 95th of 100 is the fifth of the ten above 100 ms.
    assertThat(value(reading, "payments", "http.latency.mean"))
        .hasValueCloseTo(0.075, within(1e-9));
    assertThat(value(reading, "payments", "http.latency.p95")).hasValueCloseTo(0.3, within(1e-9));
    assertThat(value(reading, "payments", "http.latency.p50"))
        .hasValueCloseTo(0.1 * 50 / 90, within(1e-9));
    assertThat(value(reading, "payments", "up")).hasValue(1);
    assertThat(reading.at()).isEqualTo(Instant.EPOCH.plus(STEP));
    assertThat(reading.warnings()).isEmpty();
  }

  @Test
  void oneLookGivesNoRates() throws ProbeException {
    page("/a", spring("payments", 10, 0));
    Reading reading = source(target("/a")).read();
    assertThat(reading.samples()).hasSize(1);
    assertThat(value(reading, "payments", "up")).hasValue(1);
  }

  @Test
  void withoutTrafficOnlyTheRateIsEvidence() throws ProbeException {
    page("/a", spring("payments", 10, 5));
    ScrapeSource source = source(target("/a"));
    source.discover();
    stepOver();
    Reading reading = source.read();
    assertThat(value(reading, "payments", "http.rate")).hasValue(0);
    assertThat(value(reading, "payments", "http.error-ratio")).isEmpty();
    assertThat(value(reading, "payments", "http.latency.p95")).isEmpty();
    assertThat(value(reading, "payments", "http.latency.mean")).isEmpty();
  }

  @Test
  void withTrafficAndNoFailureEverTheErrorRatioIsZero() throws ProbeException {
    page("/a", spring("payments", 10, 0));
    ScrapeSource source = source(target("/a"));
    source.discover();
    stepOver();
    page("/a", spring("payments", 20, 0));
    assertThat(value(source.read(), "payments", "http.error-ratio")).hasValue(0);
  }

  @Test
  void readsOpenTelemetrysHttpMetrics() throws ProbeException {
    String line =
        "http_server_request_duration_seconds_count"
            + "{job=\"x\",service_name=\"cart\",http_response_status_code=\"%d\"} %d\n";
    page("/a", line.formatted(200, 10) + line.formatted(500, 10));
    ScrapeSource source = source(target("/a"));
    assertThat(source.discover().packs()).containsExactly("opentelemetry-http");
    stepOver();
    page("/a", line.formatted(200, 40) + line.formatted(500, 20));
    Reading reading = source.read();
    assertThat(value(reading, "cart", "http.rate")).hasValue(8);
    assertThat(value(reading, "cart", "http.error-ratio")).hasValue(0.25);
  }

  @Test
  void theFullestPoolCounts() throws ProbeException {
    page(
        "/a",
        """
        shop_pool_active{pool="web"} 3
        shop_pool_max{pool="web"} 10
        shop_pool_active{pool="payments"} 8
        shop_pool_max{pool="payments"} 10
        shop_pool_active{pool="unbounded"} 8
        shop_pool_max{pool="unbounded"} 0
        hikaricp_connections_active{pool="db"} 4
        hikaricp_connections_max{pool="db"} 8
        executor_active_threads{name="timer"} 1
        executor_pool_max_threads{name="timer"} 1
        """);
    ScrapeSource source = source(target("/a", "gateway"));
    assertThat(namesOf(source.discover())).containsExactly("gateway pool.saturation", "gateway up");
    assertThat(value(source.read(), "gateway", "pool.saturation")).hasValue(0.8);
  }

  @Test
  void resourcesAreReadToo() throws ProbeException {
    page(
        "/a",
        """
        process_cpu_usage 0.25
        jvm_memory_used_bytes{area="heap"} 1000
        jvm_memory_used_bytes{area="nonheap"} 500
        """);
    Reading reading = source(target("/a", "gateway")).read();
    assertThat(value(reading, "gateway", "process.cpu.usage")).hasValue(0.25);
    assertThat(value(reading, "gateway", "jvm.memory.used")).hasValue(1500);
  }

  @Test
  void seriesWithoutAServiceBelongToTheOnlyOneThatThePageNames() throws ProbeException {
    page("/a", spring("payments", 1, 0) + "process_cpu_usage 0.5\n");
    assertThat(namesOf(source(target("/a")).discover())).contains("payments process.cpu.usage");
  }

  @Test
  void aPageThatNamesNoServiceIsNamedByItsHostAndPort() throws ProbeException {
    page("/a", "process_cpu_usage 0.5\n");
    URI url = server.url("/a");
    assertThat(namesOf(source(target("/a")).discover()))
        .containsExactly(
            "127.0.0.1:" + url.getPort() + " process.cpu.usage",
            "127.0.0.1:" + url.getPort() + " up");
  }

  @Test
  void twoTargetsOfOneServiceAreAddedUp() throws ProbeException {
    page("/a", spring("payments", 0, 0));
    page("/b", spring("payments", 0, 0));
    ScrapeSource source = source(target("/a"), target("/b"));
    source.discover();
    stepOver();
    page("/a", spring("payments", 50, 0));
    page("/b", spring("payments", 100, 0));
    assertThat(value(source.read(), "payments", "http.rate")).hasValue(30);
  }

  @Test
  void aServiceWhosePageFailsIsUnseenAndDownAndLeavesNoOldNumbers() throws ProbeException {
    page("/a", spring("payments", 1, 0));
    page("/b", spring("checkout", 1, 0) + "process_cpu_usage{application=\"checkout\"} 0.5\n");
    ScrapeSource source = source(target("/a"), target("/b"));
    source.discover();
    stepOver();
    source.read();
    pages.put("/b", LocalServer.status(503, TEXT, "starting"));
    stepOver();
    Reading reading = source.read();
    assertThat(value(reading, "checkout", "up")).hasValue(0);
    assertThat(reading.samples().stream().map(Reading.Sample::series).map(Object::toString))
        .filteredOn(series -> series.startsWith("checkout"))
        .containsExactly("checkout up");
    assertThat(reading.unseen())
        .containsExactly(Map.entry(ServiceName.of("checkout"), server.url("/b") + ": HTTP 503"));
    assertThat(value(reading, "payments", "up")).hasValue(1);
  }

  @Test
  void oneOfTwoTargetsThatFailsIsAWarningOnly() throws ProbeException {
    page("/a", spring("payments", 1, 0));
    page("/b", spring("payments", 1, 0));
    ScrapeSource source = source(target("/a"), target("/b"));
    source.discover();
    pages.remove("/b");
    Reading reading = source.read();
    assertThat(value(reading, "payments", "up")).hasValue(1);
    assertThat(reading.unseen()).isEmpty();
    assertThat(reading.warnings()).containsExactly(server.url("/b") + ": HTTP 404");
  }

  @Test
  void aTargetThatNeverAnsweredIsUnseenButNotDown() throws ProbeException {
    page("/a", spring("payments", 1, 0));
    URI nobody = LocalServer.nobody();
    ScrapeSource source = source(target("/a"), new ScrapeTarget(nobody, Optional.empty()));
    Discovery found = source.discover();
    assertThat(found.unseen()).containsExactly(Map.entry(nobody.toString(), "connection refused"));
    Reading reading = source.read();
    assertThat(reading.unseen())
        .containsExactly(
            Map.entry(
                ServiceName.of("127.0.0.1:" + nobody.getPort()), nobody + ": connection refused"));
    assertThat(reading.samples()).hasSize(1);
  }

  @Test
  void whereNobodyAnswersThereIsNoEvidence() throws ProbeException {
    page("/a", spring("payments", 1, 0));
    ScrapeSource source = source(target("/a"));
    source.discover();
    pages.put("/a", LocalServer.ok("text/html", "<html>sign in</html>\n"));
    assertThatThrownBy(source::read)
        .isInstanceOf(ProbeException.class)
        .hasMessageContaining("none of 1 metrics pages could be read")
        .hasMessageContaining("this is no metrics page");
  }

  @Test
  void whereAllRefuseAllAreDown() throws ProbeException {
    LocalServer mortal = new LocalServer((path, body) -> LocalServer.ok(TEXT, spring("a", 1, 0)));
    ScrapeSource source = source(new ScrapeTarget(mortal.url("/metrics"), Optional.empty()));
    source.discover();
    mortal.close();
    Reading reading = source.read();
    assertThat(value(reading, "a", "up")).hasValue(0);
    assertThat(reading.samples()).hasSize(1);
  }

  @Test
  void aPageThatHangsDoesNotCostTheSightOfOthers() throws ProbeException {
    Duration quick = Duration.ofMillis(500);
    page("/a", spring("payments", 1, 0));
    page("/b", spring("checkout", 1, 0));
    ScrapeSource source = source(quick, target("/a"), target("/b"));
    source.discover();
    pages.put("/b", LocalServer.silence());
    Reading waiting = source.read();
    assertThat(value(waiting, "payments", "up")).hasValue(1);
    assertThat(value(waiting, "checkout", "up")).isEmpty();
    assertThat(waiting.unseen().get(ServiceName.of("checkout"))).contains("no answer yet");
    nanos.addAndGet(ScrapeSource.DEADLINE.toNanos());
    Reading givenUp = source.read();
    assertThat(value(givenUp, "checkout", "up")).hasValue(0);
    assertThat(givenUp.unseen().get(ServiceName.of("checkout"))).contains("no answer");
  }

  @Test
  void aPageThatNeverEndsIsGivenUp() {
    pages.put("/a", LocalServer.unfinished("process_cpu_usage 0.5\n"));
    ScrapeSource source = source(target("/a"));
    assertThatThrownBy(source::discover)
        .isInstanceOf(ProbeException.class)
        .hasMessageContaining("no answer");
  }

  @Test
  void aPageThatIsTooLongIsGivenUp() {
    pages.put("/a", LocalServer.endless(TEXT, "# nothing to see here\n", 64L << 20));
    assertThatThrownBy(source(target("/a"))::discover)
        .hasMessageContaining("the answer has more than 16777216 bytes");
  }

  @Test
  void aPageThatIsCutOffIsNoEvidence() {
    pages.put("/a", LocalServer.cutOff("process_cpu_usage 0.5\n"));
    assertThatThrownBy(source(target("/a"))::discover).isInstanceOf(ProbeException.class);
  }

  @Test
  void aPageInProtobufIsRefusedInWords() {
    pages.put("/a", LocalServer.ok("application/vnd.google.protobuf; encoding=delimited", "x"));
    assertThatThrownBy(source(target("/a"))::discover)
        .hasMessageContaining("the page is in protobuf; only text is read");
  }

  @Test
  void aPageWithoutKnownMetricsIsRefusedInWords() {
    page("/a", "something_else 1\n");
    assertThatThrownBy(source(target("/a"))::discover)
        .hasMessageContaining("no metric that a signal pack knows")
        .hasMessageContaining("http_server_requests_seconds_count");
  }

  @Test
  void samplesWithAnOldTimestampAreNoEvidence() throws ProbeException {
    nanos.set(Duration.ofHours(1).toNanos());
    page("/a", "process_cpu_usage 0.5 1000\njvm_memory_used_bytes 7\n");
    Reading reading = source(target("/a", "x")).read();
    assertThat(value(reading, "x", "process.cpu.usage")).isEmpty();
    assertThat(value(reading, "x", "jvm.memory.used")).hasValue(7);
    assertThat(reading.warnings()).hasSize(1).first().asString().contains("older than 20000 ms");
  }

  @Test
  void linesThatAreSkippedAreReported() throws ProbeException {
    page("/a", "process_cpu_usage 0.5\njvm_memory_used_bytes seven\n");
    assertThat(source(target("/a")).read().warnings())
        .containsExactly(
            server.url("/a")
                + ": 1 lines skipped, first line 2: \"seven\" is no number: "
                + "\"jvm_memory_used_bytes seven\"");
  }

  @Test
  void findsTheCallGraphInServiceGraphMetrics() throws ProbeException {
    page(
        "/a",
        """
        traces_service_graph_request_total{client="checkout",server="payments"} 5
        traces_service_graph_request_total{client="checkout",server="idle"} 0
        traces_service_graph_request_total{client="user",server="gateway"} 5
        traces_service_graph_request_total{client="x",server="y",connection_type="virtual_node"} 5
        process_cpu_usage 1
        """);
    assertThat(source(target("/a")).discover().callGraph().edges())
        .containsExactly(new Edge(ServiceName.of("checkout"), ServiceName.of("payments")));
  }

  @Test
  void aUserInTheUrlIsSentAndNeverShown() throws ProbeException {
    URI url = URI.create(LocalServer.nobody().toString().replace("//", "//me:secret@"));
    page("/a", "process_cpu_usage 1\n");
    ScrapeSource source = source(target("/a"), new ScrapeTarget(url, Optional.empty()));
    assertThat(source.discover().unseen().toString()).doesNotContain("secret");
  }

  @Test
  void theWindowIsFourStepsAndNotTooShort() {
    assertThat(ScrapeSource.windowFor(Duration.ofSeconds(5))).isEqualTo(Duration.ofSeconds(20));
    assertThat(ScrapeSource.windowFor(Duration.ofMillis(200))).isEqualTo(Duration.ofSeconds(4));
  }
}

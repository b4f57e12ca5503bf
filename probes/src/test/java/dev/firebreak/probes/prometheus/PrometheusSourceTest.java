package dev.firebreak.probes.prometheus;

import static dev.firebreak.probes.prometheus.FakePrometheus.JSON;
import static dev.firebreak.probes.prometheus.FakePrometheus.answer;
import static dev.firebreak.probes.prometheus.FakePrometheus.row;
import static dev.firebreak.probes.prometheus.FakePrometheus.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.firebreak.experiment.Telemetry.Prometheus;
import dev.firebreak.probe.Discovery;
import dev.firebreak.probe.ProbeException;
import dev.firebreak.probe.Reading;
import dev.firebreak.probes.http.LocalServer;
import dev.firebreak.probes.http.LocalServer.Reply;
import dev.firebreak.probes.signal.SignalPacks;
import dev.firebreak.service.ServiceName;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrometheusSourceTest {
  /** Behind the server, as clocks that nobody worries about are. */
  private static final Instant OUR_TIME = Instant.ofEpochMilli(1795395094980L - 4_000);

  private final FakePrometheus prometheus = new FakePrometheus();

  @AfterEach
  void close() {
    prometheus.close();
  }

  private PrometheusSource source() {
    return source(prometheus.url(""), Map.of());
  }

  private static PrometheusSource source(URI url, Map<String, String> headers) {
    return source(url, headers, () -> OUR_TIME);
  }

  private static PrometheusSource source(
      URI url, Map<String, String> headers, InstantSource clock) {
    return new PrometheusSource(
        new Prometheus(url, headers),
        Duration.ofSeconds(1),
        SignalPacks.builtIn(),
        clock,
        System::nanoTime);
  }

  private void reply(String part, Reply reply) {
    prometheus.answering(query -> query.contains(part) ? Optional.of(reply) : Optional.empty());
  }

  private static OptionalDouble value(Reading reading, String service, String signal) {
    return reading.samples().stream()
        .filter(sample -> sample.series().service().value().equals(service))
        .filter(sample -> sample.series().signal().name().equals(signal))
        .mapToDouble(Reading.Sample::value)
        .findFirst();
  }

  @Test
  void findsTheSignalsOfTheServices() throws ProbeException {
    Discovery found = source().discover();
    assertThat(found.packs()).containsExactly("spring-boot");
    assertThat(found.services())
        .extracting(ServiceName::value)
        .containsExactly("checkout", "payments");
    assertThat(found.series())
        .filteredOn(id -> id.service().value().equals("payments"))
        .extracting(id -> id.signal().name())
        .containsExactly(
            "http.error-ratio",
            "http.latency.mean",
            "http.latency.p50",
            "http.latency.p95",
            "http.latency.p99",
            "http.rate",
            "up");
  }

  @Test
  void asksOneQueryForEachSignalAndAllForTheSameTimeOfTheServersClock() throws ProbeException {
    PrometheusSource source = source();
    source.discover();
    prometheus.forms.clear();
    Reading reading = source.read();
    List<String> queries = prometheus.forms.stream().map(form -> form.get("query")).toList();
    assertThat(queries).hasSize(9).doesNotHaveDuplicates();
    assertThat(queries).containsAll(source.queries().values());
    Set<String> times =
        prometheus.forms.stream()
            .filter(form -> !"time()".equals(form.get("query")))
            .map(form -> form.get("time"))
            .collect(Collectors.toSet());
    assertThat(times).hasSize(1);
    double time = Double.parseDouble(times.iterator().next());
    assertThat(time).isBetween(1795395093.0, 1795395095.5);
    assertThat(reading.at().toEpochMilli()).isEqualTo(Math.round(1000 * time));
    assertThat(value(reading, "payments", "http.rate")).hasValue(0.25);
    assertThat(value(reading, "checkout", "http.latency.p95")).hasValue(0.5);
    assertThat(value(reading, "checkout", "up")).hasValue(1);
    assertThat(reading.unseen()).isEmpty();
    assertThat(reading.warnings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {-3_600, -35, 35, 3_600})
  void aClockThatIsWrongIsNoEvidenceBeforeAndAfterTheSignalsWereFound(long seconds)
      throws ProbeException {
    AtomicReference<Instant> now = new AtomicReference<>(OUR_TIME);
    PrometheusSource source = source(prometheus.url(""), Map.of(), now::get);
    source.discover();
    now.set(OUR_TIME.plusSeconds(seconds));
    assertThatThrownBy(source::read)
        .isInstanceOf(ProbeException.class)
        .hasMessageContaining(seconds > 0 ? "behind ours" : "ahead of ours");
    assertThatThrownBy(source::discover)
        .isInstanceOf(ProbeException.class)
        .hasMessageContaining("at most 30 s are allowed");
  }

  @Test
  void clocksThatDisagreeALittleAreSaidToAndStayEvidence() throws ProbeException {
    PrometheusSource source = source(prometheus.url(""), Map.of(), () -> OUR_TIME.minusSeconds(6));
    source.discover();
    Reading reading = source.read();
    assertThat(value(reading, "payments", "http.rate")).hasValue(0.25);
    assertThat(reading.warnings())
        .singleElement()
        .asString()
        .startsWith("time: its clock is ")
        .endsWith(" s ahead of ours");
  }

  @Test
  void writesTheQueriesThatPeopleWouldWrite() throws ProbeException {
    PrometheusSource source = source();
    source.discover();
    String traffic =
        "sum by (application) (rate(http_server_requests_seconds_count{uri!~\"/actuator.*\"}[4s]))";
    assertThat(source.queries().values())
        .contains(
            traffic,
            "histogram_quantile(0.95, sum by (application, le) "
                + "(rate(http_server_requests_seconds_bucket{uri!~\"/actuator.*\"}[4s])))",
            "(sum by (application) (rate(http_server_requests_seconds_count"
                + "{uri!~\"/actuator.*\",status=~\"5..\"}[4s])) or 0 * "
                + traffic
                + ") / ("
                + traffic
                + " > 0)");
  }

  @Test
  void worksBelowAPathAndSendsTheHeaders() throws ProbeException {
    for (String prefix : List.of("/prometheus", "/a/b/")) {
      Discovery found = source(prometheus.url(prefix), Map.of("X-Scope-OrgID", "shop")).discover();
      assertThat(found.series()).isNotEmpty();
    }
  }

  @Test
  void aHeaderThatCannotBeSentIsNamedButNotShown() {
    assertThatThrownBy(() -> source(prometheus.url(""), Map.of("X-Token", "secret\nvalue")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"X-Token\"")
        .hasMessageNotContaining("secret")
        .hasNoCause();
  }

  @Test
  void withoutAListOfTargetsTheSamplesTellTheScrapeInterval() throws ProbeException {
    prometheus.answering(
        query ->
            query.contains("/targets")
                ? Optional.of(LocalServer.status(404, "text/plain", "404 page not found"))
                : query.startsWith("max(count_over_time")
                    ? Optional.of(LocalServer.ok(JSON, vector("20")))
                    : Optional.empty());
    PrometheusSource source = source();
    source.discover();
    assertThat(source.queries().values()).allMatch(query -> query.contains("[60s]"));
  }

  /** What a Prometheus may answer to a query for {@code http.rate} that is no evidence. */
  static Stream<Arguments> badAnswers() {
    String vector = vector("0.25", "0.5");
    String big = "{\"status\":\"success\",\"data\":{\"result\":[" + "0,".repeat(100);
    return Stream.of(
        arguments("HTML", LocalServer.ok("text/html", "<html>Sign in</html>"), "not JSON"),
        arguments("404", LocalServer.status(404, "text/plain", "404 page not found\n"), "HTTP 404"),
        arguments(
            "503",
            LocalServer.status(
                503,
                JSON,
                "{\"status\":\"error\",\"errorType\":\"timeout\",\"error\":\"query timed out in query queue\"}"),
            "HTTP 503: query timed out in query queue"),
        arguments(
            "422",
            LocalServer.status(
                422,
                JSON,
                "{\"status\":\"error\",\"errorType\":\"execution\",\"error\":\"bad regexp\"}"),
            "HTTP 422: bad regexp"),
        arguments(
            "401", LocalServer.status(401, "text/plain", "no org id"), "HTTP 401: \"no org id\""),
        arguments("429", LocalServer.status(429, JSON, ""), "HTTP 429: (empty)"),
        arguments(
            "an error with status 200",
            LocalServer.ok(JSON, "{\"status\":\"error\",\"error\":\"it broke\"}"),
            "it broke"),
        arguments("nothing", LocalServer.ok(JSON, ""), "not that of a query"),
        arguments("an empty object", LocalServer.ok(JSON, "{}"), "status is \"\""),
        arguments("a list", LocalServer.ok(JSON, "[1]"), "not that of a query"),
        arguments("no result", LocalServer.ok(JSON, "{\"status\":\"success\"}"), "no result"),
        arguments(
            "truncated JSON",
            LocalServer.ok(JSON, vector.substring(0, vector.length() - 30)),
            "not JSON"),
        arguments("more after the end", LocalServer.ok(JSON, vector + "{}"), "more after the end"),
        arguments(
            "a result that is no list",
            LocalServer.ok(JSON, answer("vector", "\"none\"")),
            "expected a list of results"),
        arguments(
            "series that are none",
            LocalServer.ok(JSON, answer("vector", "[{\"metric\":[],\"value\":[1,\"2\"]}]")),
            "expected labels"),
        arguments("a scalar", LocalServer.ok(JSON, answer("scalar", "[1,\"2\"]")), "a scalar came"),
        arguments("a text", LocalServer.ok(JSON, answer("string", "[1,\"x\"]")), "a string came"),
        arguments(
            "a matrix",
            LocalServer.ok(JSON, answer("matrix", "[{\"metric\":{},\"values\":[[1,\"2\"]]}]")),
            "a matrix came"),
        arguments(
            "a partial answer with warnings",
            LocalServer.ok(
                JSON, vector.replace("{\"status\"", "{\"warnings\":[\"store down\"],\"status\"")),
            "the server warns: store down"),
        arguments(
            "a partial answer of VictoriaMetrics",
            LocalServer.ok(JSON, vector.replace("{\"status\"", "{\"isPartial\":true,\"status\"")),
            "the answer is partial"),
        arguments(
            "a redirect",
            LocalServer.redirect("http://elsewhere/"),
            "redirects to http://elsewhere/"),
        arguments("no end", LocalServer.unfinished(vector), "no answer in time"),
        arguments("silence", LocalServer.silence(), "no answer in time"),
        arguments("fewer bytes than promised", LocalServer.cutOff(vector), ""),
        arguments(
            "too much", LocalServer.endless(JSON, big, 40L << 20), "more than 16777216 bytes"),
        arguments(
            "nesting without end", LocalServer.ok(JSON, "{\"x\":" + "[".repeat(100_000)), ""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badAnswers")
  void aBadAnswerIsNoEvidenceAboutThatSignalAndSaysWhy(String what, Reply reply, String why)
      throws ProbeException {
    PrometheusSource source = source();
    source.discover();
    String query = rateQuery(source);
    prometheus.answering(asked -> asked.equals(query) ? Optional.of(reply) : Optional.empty());
    Reading reading = source.read();
    assertThat(value(reading, "payments", "http.rate")).isEmpty();
    assertThat(value(reading, "checkout", "http.rate")).isEmpty();
    assertThat(value(reading, "payments", "http.latency.p95")).isPresent();
    assertThat(reading.warnings())
        .hasSize(1)
        .first()
        .asString()
        .startsWith("http.rate: ")
        .contains(why);
  }

  /** The shortest: the others have it inside. */
  private static String rateQuery(PrometheusSource source) {
    return source.queries().entrySet().stream()
        .filter(entry -> entry.getKey().name().equals("http.rate"))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow();
  }

  /** What is wrong about one row only. */
  static Stream<Arguments> badRows() {
    String now = FakePrometheus.NOW;
    return Stream.of(
        arguments("NaN", row("payments", now, "NaN")),
        arguments("+Inf", row("payments", now, "+Inf")),
        arguments("-Inf", row("payments", now, "-Inf")),
        arguments("no number", row("payments", now, "many")),
        arguments("a number that is no text", row("payments", now, "").replace("\"\"]", "0.25]")),
        arguments("no value", "{\"metric\":{\"application\":\"payments\"}}"),
        arguments("an empty value", "{\"metric\":{\"application\":\"payments\"},\"value\":[]}"),
        arguments(
            "a native histogram",
            "{\"metric\":{\"application\":\"payments\"},\"histogram\":["
                + now
                + ",{\"count\":\"5\",\"buckets\":[[0,\"1\",\"2\",\"3\"]]}]}"),
        arguments("no service", row("payments", now, "0.25").replace("application", "instance")),
        arguments("a name that is none", row("\\n", now, "0.25")),
        arguments("a value for another time", row("payments", "1795395064.980", "0.25")),
        arguments(
            "the same service twice", row("payments", now, "1") + "," + row("payments", now, "2")),
        arguments("nothing at all", ""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badRows")
  void aBadRowIsNoEvidenceAboutItsServiceOnly(String what, String row) throws ProbeException {
    PrometheusSource source = source();
    source.discover();
    String query = rateQuery(source);
    String rows = row.isEmpty() ? "" : row + ",";
    String body = answer("vector", "[" + rows + row("checkout", FakePrometheus.NOW, "0.5") + "]");
    prometheus.answering(
        asked -> asked.equals(query) ? Optional.of(LocalServer.ok(JSON, body)) : Optional.empty());
    Reading reading = source.read();
    assertThat(value(reading, "payments", "http.rate")).isEmpty();
    assertThat(value(reading, "checkout", "http.rate")).hasValue(0.5);
    assertThat(value(reading, "payments", "http.latency.p95")).hasValue(0.25);
  }

  @Test
  void aServiceWhoseSamplesAreOldIsUnseen() throws ProbeException {
    PrometheusSource source = source();
    source.discover();
    reply("timestamp(", LocalServer.ok(JSON, vector("1795395064.98", "1795395094.5")));
    Reading reading = source.read();
    assertThat(value(reading, "payments", "http.rate")).isEmpty();
    assertThat(value(reading, "checkout", "http.rate")).hasValue(0.5);
    assertThat(reading.unseen().get(ServiceName.of("payments")))
        .matches("its newest sample is (29|30)\\.\\d s old, at most 3\\.0 s are evidence");
  }

  @Test
  void aServiceWhoseSamplesAreFromTheFutureIsUnseen() throws ProbeException {
    PrometheusSource source = source();
    source.discover();
    reply("timestamp(", LocalServer.ok(JSON, vector("1795395124.98", "1795395094.5")));
    Reading reading = source.read();
    assertThat(value(reading, "payments", "http.rate")).isEmpty();
    assertThat(value(reading, "checkout", "http.rate")).hasValue(0.5);
    assertThat(reading.unseen().get(ServiceName.of("payments")))
        .matches("its newest sample is 30\\.\\d s in the future, at most 3\\.0 s are evidence");
  }

  @Test
  void aServiceWhoseTargetIsDownIsUnseenAndDown() throws ProbeException {
    PrometheusSource source = source();
    source.discover();
    prometheus.answering(
        query ->
            query.contains("timestamp(")
                ? Optional.of(LocalServer.ok(JSON, vector("1795395094.5")))
                : query.contains("(up[")
                    ? Optional.of(LocalServer.ok(JSON, vector("1", "0")))
                    : Optional.empty());
    Reading reading = source.read();
    assertThat(value(reading, "checkout", "up")).hasValue(0);
    assertThat(value(reading, "checkout", "http.rate")).isEmpty();
    assertThat(reading.unseen())
        .containsExactly(Map.entry(ServiceName.of("checkout"), "no sample; it is down"));
  }

  @Test
  void aServiceThatIsGoneAltogetherIsDown() throws ProbeException {
    PrometheusSource source = source();
    source.discover();
    prometheus.answering(
        query ->
            query.equals("time()")
                ? Optional.empty()
                : Optional.of(
                    LocalServer.ok(
                        JSON, vector(query.contains("timestamp(") ? "1795395094.5" : "1"))));
    Reading reading = source.read();
    assertThat(value(reading, "payments", "up")).hasValue(1);
    assertThat(value(reading, "checkout", "up")).hasValue(0);
  }

  @Test
  void anEmptyServerIsNoEvidenceThatAllIsDown() throws ProbeException {
    PrometheusSource source = source();
    source.discover();
    prometheus.answering(query -> Optional.of(LocalServer.ok(JSON, answer("vector", "[]"))));
    assertThatThrownBy(source::read)
        .isInstanceOf(ProbeException.class)
        .hasMessageContaining("no evidence about any service");
  }

  @Test
  void withoutTheAgeOfTheSamplesNothingIsEvidence() throws ProbeException {
    PrometheusSource source = source();
    source.discover();
    reply("timestamp(", LocalServer.status(500, JSON, ""));
    assertThatThrownBy(source::read)
        .isInstanceOf(ProbeException.class)
        .hasMessageContaining("HTTP 500");
  }

  @Test
  void remarksLeaveAnAnswerEvidence() throws ProbeException {
    PrometheusSource source = source();
    source.discover();
    String query = rateQuery(source);
    String body = vector("0.25").replace("{\"status\"", "{\"infos\":[\"no counter?\"],\"status\"");
    prometheus.answering(
        asked -> asked.equals(query) ? Optional.of(LocalServer.ok(JSON, body)) : Optional.empty());
    Reading reading = source.read();
    assertThat(value(reading, "payments", "http.rate")).hasValue(0.25);
    assertThat(reading.warnings()).containsExactly("http.rate: no counter?");
  }

  @Test
  void aServerThatIsNotThereIsSaidToBeSo() {
    URI nobody = URI.create(LocalServer.nobody().toString().replace("/metrics", ""));
    assertThatThrownBy(() -> source(nobody, Map.of()).discover())
        .isInstanceOf(ProbeException.class)
        .hasMessage(nobody + ": connection refused");
  }

  @Test
  void aServerWithoutKnownMetricsIsSaidToBeSo() {
    reply("count by (__name__", LocalServer.ok(JSON, answer("vector", "[]")));
    assertThatThrownBy(() -> source().discover())
        .hasMessageContaining("has no metric that tells how a service fares")
        .hasMessageContaining("http_server_requests_seconds_count");
  }
}

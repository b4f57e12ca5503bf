package dev.firebreak.app.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.firebreak.annotations.tracing.RunHeaders;
import dev.firebreak.annotations.tracing.SpanIds;
import dev.firebreak.experiment.Telemetry;
import dev.firebreak.fault.FaultId;
import dev.firebreak.fault.FaultInjector;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.FaultPlan;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.fault.InjectionException;
import dev.firebreak.fault.PlaceboInjector;
import dev.firebreak.fault.Undo;
import dev.firebreak.injector.chaosmonkey.ChaosMonkeyInjector;
import dev.firebreak.injector.http.HttpInjector;
import dev.firebreak.probe.MetricSource;
import dev.firebreak.probe.ProbeException;
import dev.firebreak.probe.QueryFailures.Kind;
import dev.firebreak.probes.MetricSources;
import dev.firebreak.probes.http.Asking;
import dev.firebreak.run.RunId;
import dev.firebreak.service.CallGraph;
import dev.firebreak.service.ServiceName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the requests of a run say on the wire. */
class TracedRequestsTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final RunId RUN = new RunId("20261123-100000-abc123");
  private static final FaultId FAULT = FaultId.of(RUN + ".f1");

  private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();
  private final Queue<Kind> failures = new ConcurrentLinkedQueue<>();
  private HttpServer server;

  private record Seen(String path, String traceparent, String baggage) {}

  @BeforeEach
  void listen() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          var headers = exchange.getRequestHeaders();
          seen.add(
              new Seen(
                  exchange.getRequestURI().getPath(),
                  String.valueOf(headers.getFirst("traceparent")),
                  String.valueOf(headers.getFirst("baggage"))));
          exchange.sendResponseHeaders(500, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void aQueryCarriesTheTraceAndToAHostOfOursTheRun() {
    discover(new Telemetry.Prometheus(url(""), Map.of()), Set.of("127.0.0.1"));

    assertThat(seen)
        .isNotEmpty()
        .allMatch(request -> request.traceparent().equals(parent(SpanIds.EXPERIMENT, "01")))
        .allMatch(request -> request.baggage().equals("chaos.run.id=" + RUN));
    assertThat(failures).isNotEmpty().containsOnly(Kind.ANSWER);
  }

  @Test
  void theRunIsToldToNoOtherHost() {
    discover(new Telemetry.Prometheus(url(""), Map.of()), Set.of("prometheus.example"));

    assertThat(seen).isNotEmpty().allMatch(request -> request.baggage().equals("null"));
  }

  @Test
  void aScrapedPageIsToldTheTraceAndNeverTheRunBecauseItMayRedirect() {
    Telemetry.ScrapeTarget page = new Telemetry.ScrapeTarget(url("/metrics"), Optional.empty());
    discover(new Telemetry.Scrape(List.of(page)), Set.of("127.0.0.1"));

    assertThat(seen)
        .isNotEmpty()
        .allMatch(request -> request.traceparent().equals(parent(SpanIds.EXPERIMENT, "01")))
        .allMatch(request -> request.baggage().equals("null"));
  }

  @Test
  void anInjectionIsSentInItsOwnSpanAndSoIsTheUndo() {
    FaultInjector injector = traced(new HttpInjector(), true);
    Map<String, String> words =
        Map.of(
            "do.url", url("/on").toString(),
            "undo.url", url("/off").toString(),
            "verify.url", url("/state").toString(),
            "verify.present.status", "200",
            "verify.gone.status", "404");
    FaultPlan plan = new FaultPlan(FAULT, request(HttpInjector.REQUEST, words), "it", words);
    Undo undo = new Undo(FAULT, HttpInjector.REQUEST, words);

    assertThatThrownBy(() -> injector.start(plan, undo)).isInstanceOf(InjectionException.class);

    assertThat(traceparentOf("/on")).isEqualTo(parent("inject/" + FAULT, "01"));
    seen.clear();
    assertThatThrownBy(() -> injector.rollBack(undo)).isInstanceOf(Exception.class);
    assertThat(traceparentOf("/off")).isEqualTo(parent("rollback/" + FAULT, "01"));
  }

  @Test
  void chaosMonkeyIsAskedInTheRunsTraceUnsampledWhileTheRunsOwnSpansGoNowhere() {
    FaultInjector injector = traced(new ChaosMonkeyInjector(), false);
    FaultKind latency = FaultKind.of("chaos-monkey/latency");
    FaultRequest request =
        new FaultRequest(
            latency,
            ServiceName.of("payments"),
            Map.of("url", url("").toString()),
            Map.of("latency", "800ms..1200ms"),
            Duration.ofMinutes(1));

    assertThatThrownBy(() -> injector.plan(FAULT, request)).isInstanceOf(InjectionException.class);

    assertThat(traceparentOf("/actuator/chaosmonkey")).isEqualTo(parent(SpanIds.EXPERIMENT, "00"));
  }

  @Test
  void anInjectorThatSendsNoRequestsStaysAsItIs() {
    FaultInjector placebo = new PlaceboInjector();
    assertThat(traced(placebo, true)).isSameAs(placebo);
  }

  private void discover(Telemetry.Source source, Set<String> baggageHosts) {
    Telemetry telemetry = new Telemetry(source, Duration.ofSeconds(2), CallGraph.empty());
    RunHeaders headers = new RunHeaders(TRACE, RUN, true, baggageHosts);
    Asking asking =
        new Asking(headers.within(SpanIds.EXPERIMENT), (asked, kind) -> failures.add(kind));
    try (MetricSource metrics =
        MetricSources.open(telemetry, InstantSource.system(), System::nanoTime, asking)) {
      assertThatThrownBy(metrics::discover).isInstanceOf(ProbeException.class);
    }
  }

  private static FaultInjector traced(FaultInjector injector, boolean sampled) {
    RunHeaders headers = new RunHeaders(TRACE, RUN, sampled, Set.of());
    return TracedInjector.of(injector, headers::within, SpanIds.EXPERIMENT);
  }

  private static FaultRequest request(FaultKind kind, Map<String, String> words) {
    return new FaultRequest(
        kind, ServiceName.of("payments"), Map.of(), words, Duration.ofMinutes(1));
  }

  private String traceparentOf(String path) {
    return seen.stream()
        .filter(request -> request.path().equals(path))
        .map(Seen::traceparent)
        .findFirst()
        .orElse("no request to " + path);
  }

  private static String parent(String purpose, String flags) {
    return "00-%s-%s-%s".formatted(TRACE, SpanIds.of(TRACE, purpose), flags);
  }

  private URI url(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }
}

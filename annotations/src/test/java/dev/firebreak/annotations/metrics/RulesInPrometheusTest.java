package dev.firebreak.annotations.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.firebreak.annotations.Story;
import dev.firebreak.cascade.DegradationClass;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.installed.InstalledServer;
import dev.firebreak.service.ServiceName;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The rules that we ship, in a real Prometheus that scrapes Firebreak and two slow services. One
 * word of them is changed, so that no minute is waited for: an alert is pending for two seconds.
 */
class RulesInPrometheusTest {
  private static final Path RULES = Path.of("..", "dashboards", "rules", "firebreak.yml");
  private static final String PAYMENTS_SLOW = "ServiceSlow payments";
  private static final String CATALOG_SLOW = "ServiceSlow catalog";

  /** Its label is that of the target. */
  private static final String ESCAPED = "FirebreakFaultEscaped firebreak";

  private final ObjectMapper json = new ObjectMapper();
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final RunMetrics metrics = new RunMetrics(new FirebreakMeters(registry, "0.1.0"));

  @TempDir private Path directory = Path.of("");

  @Test
  void whatIsInjectedWakesNobodyAndWhatEscapesDoes() throws Exception {
    try (MetricsServer firebreak = MetricsServer.onLoopback(0, registry);
        SlowServices services = new SlowServices();
        InstalledServer prometheus = prometheus(firebreak.url(), services.url())) {
      metrics.on(Story.opened());
      Story.injected(Story.FAULT, FaultKind.of("fake/latency"), Story.PAYMENTS, 31)
          .forEach(metrics::on);
      prometheus.await(
          "the fault is known",
          () -> value(prometheus, "firebreak_fault_active{service='payments'}").equals("1"));

      services.begin();
      prometheus.await(
          "catalog wakes somebody, payments is not even pending",
          () -> {
            assertThat(alerts(prometheus, "pending")).doesNotContain(PAYMENTS_SLOW);
            assertThat(alerts(prometheus, "firing")).doesNotContain(PAYMENTS_SLOW);
            return alerts(prometheus, "firing").contains(CATALOG_SLOW);
          });
      String p95 = "service:http_server_requests_seconds:p95_2m";
      assertThat(Double.parseDouble(value(prometheus, p95 + "{service='payments'}")))
          .as("payments is as slow")
          .isEqualTo(Double.parseDouble(value(prometheus, p95 + "{service='catalog'}")))
          .isGreaterThan(0.8);
      assertThat(alerts(prometheus, "firing")).containsExactly(CATALOG_SLOW);

      metrics.on(
          Story.degraded(
              43, ServiceName.of("catalog"), DegradationClass.ESCAPED, 39, Optional.empty()));
      prometheus.await(
          "the escape wakes somebody", () -> alerts(prometheus, "firing").contains(ESCAPED));
      assertThat(alerts(prometheus, "firing")).doesNotContain(PAYMENTS_SLOW);

      Story.rolledBack(Story.FAULT, 44).forEach(metrics::on);
      prometheus.await(
          "payments wakes somebody as well once the fault is gone and it is still slow",
          () -> alerts(prometheus, "firing").contains(PAYMENTS_SLOW));
    }
  }

  /** Firebreak's target has a label {@code service} of its own, as many have. */
  private InstalledServer prometheus(URI firebreak, URI shop) throws IOException {
    String rules = Files.readString(RULES);
    assertThat(rules).containsOnlyOnce("for: 1m");
    Files.writeString(directory.resolve("rules.yml"), rules.replace("for: 1m", "for: 2s"));
    return InstalledServer.prometheusOrSkip(
        directory,
        """
        global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
        rule_files: [rules.yml]
        scrape_configs:
          - job_name: firebreak
            honor_labels: true
            static_configs: [{targets: ["%s"], labels: {service: firebreak}}]
          - job_name: services
            static_configs: [{targets: ["%s"]}]
        """
            .formatted(firebreak.getAuthority(), shop.getAuthority()));
  }

  /** The only value of the only series; empty if there is none. */
  private String value(InstalledServer prometheus, String query) throws Exception {
    String path = "/api/v1/query?query=" + URLEncoder.encode(query, UTF_8);
    return get(prometheus, path).at("/data/result/0/value/1").asText();
  }

  /** Alerts in this state, by their name and service. */
  private List<String> alerts(InstalledServer prometheus, String state) throws Exception {
    List<String> alerts = new ArrayList<>();
    for (JsonNode alert : get(prometheus, "/api/v1/alerts").at("/data/alerts")) {
      if (alert.path("state").asText().equals(state)) {
        JsonNode labels = alert.path("labels");
        alerts.add(labels.path("alertname").asText() + " " + labels.path("service").asText());
      }
    }
    return alerts;
  }

  private JsonNode get(InstalledServer prometheus, String path) throws Exception {
    return json.readTree(prometheus.get(path).orElse("{}"));
  }

  /**
   * Payments and catalog: once they have begun, each page has ten more requests of either, all of
   * them between one and two and a half seconds.
   */
  private static final class SlowServices implements AutoCloseable {
    private final HttpServer server;
    private volatile boolean begun;
    private int requests;

    SlowServices() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/metrics", this::page);
      server.start();
    }

    URI url() {
      return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    void begin() {
      begun = true;
    }

    private void page(HttpExchange exchange) throws IOException {
      requests += begun ? 10 : 0;
      StringBuilder page = new StringBuilder("# TYPE http_server_requests_seconds histogram\n");
      for (String service : List.of("payments", "catalog")) {
        bucket(page, service, "1.0", 0);
        bucket(page, service, "2.5", requests);
        bucket(page, service, "+Inf", requests);
      }
      byte[] bytes = page.toString().getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
      exchange.close();
    }

    private static void bucket(StringBuilder page, String service, String le, int count) {
      page.append(
          "http_server_requests_seconds_bucket{service=\"%s\",le=\"%s\"} %d\n"
              .formatted(service, le, count));
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}

package dev.firebreak.annotations.silences;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.firebreak.installed.InstalledServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** The real {@code prometheus-alertmanager} as a child process, and whom it notifies. */
final class RealAlertmanager implements AutoCloseable {
  private final ObjectMapper json = new ObjectMapper();
  private final BlockingQueue<String> notified = new LinkedBlockingQueue<>();
  private final HttpServer pager;
  private final InstalledServer server;

  private RealAlertmanager(Path directory) throws IOException {
    pager = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    pager.createContext("/", this::page);
    // Each alert is a group of its own, so that each notification is of one service.
    server =
        InstalledServer.alertmanagerOrSkip(
            directory,
            """
            route: {receiver: pager, group_by: ['...'], group_wait: 0s, group_interval: 1s}
            receivers:
              - name: pager
                webhook_configs: [{url: "http://127.0.0.1:%d/", send_resolved: false}]
            """
                .formatted(pager.getAddress().getPort()));
    pager.start();
  }

  /** Starts it, or skips the calling test, as {@link InstalledServer} does. */
  static RealAlertmanager startOrSkip(Path directory) throws Exception {
    RealAlertmanager started = new RealAlertmanager(directory);
    started.await("ready", () -> started.server.get("/-/ready").isPresent());
    return started;
  }

  private void page(HttpExchange exchange) throws IOException {
    json.readTree(exchange.getRequestBody().readAllBytes())
        .path("alerts")
        .forEach(alert -> notified.add(alert.at("/labels/service").asText()));
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }

  URI url() {
    return server.url();
  }

  /** The same alert of each service. */
  void fire(String... services) throws Exception {
    var alerts = json.createArrayNode();
    for (String service : services) {
      alerts
          .addObject()
          .putObject("labels")
          .put("alertname", "ServiceSlow")
          .put("service", service);
    }
    HttpRequest request =
        HttpRequest.newBuilder(url().resolve("/api/v2/alerts"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(alerts.toString()))
            .build();
    HttpResponse<String> answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(answer.body());
    }
  }

  /** Of each service the state of its alert: {@code active} or {@code suppressed}. */
  Map<String, String> alerts() throws Exception {
    Map<String, String> states = new TreeMap<>();
    get("/api/v2/alerts")
        .forEach(
            alert ->
                states.put(
                    alert.at("/labels/service").asText(), alert.at("/status/state").asText()));
    return states;
  }

  /** The states of all silences. */
  List<String> silences() throws Exception {
    return get("/api/v2/silences").findValuesAsText("state");
  }

  /** The services that somebody was woken for, up to now. */
  List<String> notified() {
    return List.copyOf(notified);
  }

  /** Returns once {@code condition} holds. */
  void await(String what, InstalledServer.Condition condition) throws Exception {
    server.await(what, condition);
  }

  private JsonNode get(String path) throws Exception {
    return json.readTree(server.get(path).orElseThrow());
  }

  @Override
  public void close() {
    pager.stop(0);
    server.close();
  }
}

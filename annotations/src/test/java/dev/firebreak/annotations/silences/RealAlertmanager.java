package dev.firebreak.annotations.silences;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The real {@code prometheus-alertmanager} as a child process, and whom it notifies. */
public final class RealAlertmanager implements AutoCloseable {
  private static final Path BINARY = Path.of("/usr/bin/prometheus-alertmanager");
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient http = HttpClient.newHttpClient();
  private final BlockingQueue<String> notified = new LinkedBlockingQueue<>();
  private final HttpServer pager;
  private final Process process;
  private final URI url;
  private final Path log;

  private RealAlertmanager(Path directory) throws IOException {
    pager = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    pager.createContext("/", this::page);
    pager.start();
    url = URI.create("http://127.0.0.1:" + freePort());
    log = directory.resolve("alertmanager.log");
    process =
        new ProcessBuilder(
                BINARY.toString(),
                "--config.file=" + config(directory),
                "--storage.path=" + directory.resolve("data"),
                "--web.listen-address=" + url.getAuthority(),
                "--cluster.listen-address=",
                "--log.level=warn")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
  }

  /**
   * Starts it on a free port of loopback. Where it is not installed, the calling test is skipped,
   * or fails if {@code FIREBREAK_REQUIRE_PROMETHEUS} is 1.
   */
  public static RealAlertmanager startOrSkip(Path directory) throws Exception {
    String missing = "there is no " + BINARY + " (Debian: apt-get install prometheus-alertmanager)";
    if (!Files.isExecutable(BINARY)) {
      return "1".equals(System.getenv("FIREBREAK_REQUIRE_PROMETHEUS"))
          ? fail(missing + ", and FIREBREAK_REQUIRE_PROMETHEUS=1 wants it")
          : abort(missing);
    }
    RealAlertmanager started = new RealAlertmanager(directory);
    started.await("ready", () -> started.status("/-/ready") == 200);
    return started;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Each alert is a group of its own, so that each notification is of one service. */
  private Path config(Path directory) throws IOException {
    return Files.writeString(
        directory.resolve("alertmanager.yml"),
        """
        route: {receiver: pager, group_by: ['...'], group_wait: 0s, group_interval: 1s}
        receivers:
          - name: pager
            webhook_configs: [{url: "http://127.0.0.1:%d/", send_resolved: false}]
        """
            .formatted(pager.getAddress().getPort()),
        UTF_8);
  }

  private void page(HttpExchange exchange) throws IOException {
    json.readTree(exchange.getRequestBody().readAllBytes())
        .path("alerts")
        .forEach(alert -> notified.add(alert.at("/labels/service").asText()));
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }

  public URI url() {
    return url;
  }

  /** The same alert of each service. */
  public void fire(String... services) throws Exception {
    var alerts = json.createArrayNode();
    for (String service : services) {
      alerts
          .addObject()
          .putObject("labels")
          .put("alertname", "ServiceSlow")
          .put("service", service);
    }
    HttpRequest request =
        HttpRequest.newBuilder(url.resolve("/api/v2/alerts"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(alerts.toString()))
            .build();
    HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(answer.body());
    }
  }

  /** Of each service the state of its alert: {@code active} or {@code suppressed}. */
  public Map<String, String> alerts() throws Exception {
    Map<String, String> states = new TreeMap<>();
    get("/api/v2/alerts")
        .forEach(
            alert ->
                states.put(
                    alert.at("/labels/service").asText(), alert.at("/status/state").asText()));
    return states;
  }

  /** The states of all silences. */
  public List<String> silences() throws Exception {
    return get("/api/v2/silences").findValuesAsText("state");
  }

  /** The services that somebody was woken for, up to now. */
  public List<String> notified() {
    return List.copyOf(notified);
  }

  /** Returns once {@code condition} holds; fails with what Alertmanager says if it never does. */
  public void await(String what, Condition condition) throws Exception {
    long end = System.nanoTime() + LONGEST_WAIT.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() - end > 0 || !process.isAlive()) {
        fail("never came true: %s. Alertmanager says: %s", what, Files.readString(log, UTF_8));
      }
      // Waits for the process to end, which it does not: a look each tenth of a second.
      process.waitFor(100, TimeUnit.MILLISECONDS);
    }
  }

  /** Something that is looked at again and again. */
  public interface Condition {
    boolean holds() throws Exception;
  }

  private int status(String path) throws Exception {
    try {
      HttpRequest request = HttpRequest.newBuilder(url.resolve(path)).build();
      return http.send(request, BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      return 0;
    }
  }

  private JsonNode get(String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(url.resolve(path)).build();
    return json.readTree(http.send(request, BodyHandlers.ofString()).body());
  }

  @Override
  public void close() {
    pager.stop(0);
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

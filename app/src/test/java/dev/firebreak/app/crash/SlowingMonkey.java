package dev.firebreak.app.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A service with Chaos Monkey for Spring Boot, as far as latency goes: its settings, and {@code
 * /hello}, which takes as long as they say.
 */
final class SlowingMonkey implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BASE = "/actuator/chaosmonkey";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ObjectNode assaults;
  private final ObjectNode watchers;
  private final ObjectNode asFound;
  private boolean enabled;

  private SlowingMonkey(HttpServer server) throws IOException {
    this.server = server;
    this.assaults =
        object(
            """
            {"exception":{"arguments":[{"type":"java.lang.String","value":"none of ours"}],
            "method":"<init>","type":"java.lang.RuntimeException"},"exceptionsActive":false,
            "deterministic":false,"latencyActive":false,"latencyRangeEnd":3000,
            "latencyRangeStart":1000,"level":1,"killApplicationActive":false,
            "memoryActive":false,"cpuActive":false}
            """);
    this.watchers =
        object(
            """
            {"actuatorHealth":false,"beanClasses":[],"beans":[],"component":false,
            "controller":false,"excludeClasses":[],"repository":false,"restController":false,
            "restTemplate":false,"service":false,"webClient":false}
            """);
    this.asFound = settings();
  }

  /** Starts it on a free port of loopback, with nothing turned on. */
  static SlowingMonkey start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    SlowingMonkey monkey = new SlowingMonkey(server);
    server.setExecutor(monkey.threads);
    server.createContext("/hello", monkey::hello);
    server.createContext(BASE, monkey::actuator);
    server.start();
    return monkey;
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Whether any setting differs from what was there at first. */
  synchronized boolean touched() {
    return !settings().equals(asFound);
  }

  private synchronized ObjectNode settings() {
    ObjectNode all = JSON.createObjectNode();
    all.set("assaultProperties", assaults.deepCopy());
    all.putObject("chaosMonkeyProperties").put("enabled", enabled);
    all.set("watcherProperties", watchers.deepCopy());
    return all;
  }

  private void hello(HttpExchange exchange) throws IOException {
    try {
      Thread.sleep(latencyMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    answer(exchange, 200, "hello");
  }

  private synchronized long latencyMillis() {
    boolean slow =
        enabled
            && watchers.path("restController").asBoolean()
            && assaults.path("latencyActive").asBoolean();
    return slow ? assaults.path("latencyRangeStart").asLong() : 0;
  }

  private synchronized void actuator(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    switch (exchange.getRequestURI().getPath().substring(BASE.length())) {
      case "" -> answer(exchange, 200, settings().toString());
      case "/enable" -> toggle(exchange, true);
      case "/disable" -> toggle(exchange, false);
      case "/assaults" -> update(exchange, assaults, body);
      case "/watchers" -> update(exchange, watchers, body);
      default -> answer(exchange, 404, "{}");
    }
  }

  private void toggle(HttpExchange exchange, boolean on) throws IOException {
    enabled = on;
    answer(exchange, 200, "{}");
  }

  private static void update(HttpExchange exchange, ObjectNode settings, byte[] body)
      throws IOException {
    for (var entry : JSON.readTree(body).properties()) {
      if (settings.has(entry.getKey()) && !entry.getValue().isNull()) {
        JsonNode unused = settings.set(entry.getKey(), entry.getValue());
      }
    }
    answer(exchange, 200, "{}");
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static ObjectNode object(String json) throws IOException {
    return (ObjectNode) JSON.readTree(json);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}

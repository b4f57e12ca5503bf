package dev.firebreak.app.run;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A Grafana, an OTLP receiver and a service with a switch, on one port. Grafana repeats what it was
 * sent when it refuses its first annotation, as careless proxies do.
 */
final class CanaryListeners implements AutoCloseable {
  /** What came in; a body is kept byte for byte. */
  record Request(String path, String headers, String body) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Queue<Request> requests = new ConcurrentLinkedQueue<>();
  private final AtomicInteger annotations = new AtomicInteger();
  private final Runnable whenFaulty;
  private volatile boolean faulty;

  private CanaryListeners(HttpServer server, Runnable whenFaulty) {
    this.server = server;
    this.whenFaulty = whenFaulty;
  }

  /** Starts them; {@code whenFaulty} is called while the fault is in place. */
  static CanaryListeners start(Runnable whenFaulty) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    CanaryListeners listeners = new CanaryListeners(server, whenFaulty);
    server.setExecutor(listeners.threads);
    server.createContext("/", listeners::take);
    server.start();
    return listeners;
  }

  String hostAndPort() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  URI url(String path) {
    return URI.create("http://" + hostAndPort() + path);
  }

  Queue<Request> requests() {
    return requests;
  }

  private void take(HttpExchange exchange) throws IOException {
    String headers = exchange.getRequestHeaders().entrySet().toString();
    String body = new String(exchange.getRequestBody().readAllBytes(), ISO_8859_1);
    String path = exchange.getRequestURI().getPath();
    requests.add(new Request(path, headers, body));
    String method = exchange.getRequestMethod();
    switch (path) {
      case "/v1/traces", "/v1/logs" -> answer(exchange, 200, "");
      case "/api/annotations" -> grafana(exchange, method, headers);
      case "/api/health" -> answer(exchange, 200, "{\"database\":\"ok\",\"version\":\"13.2.0\"}");
      case "/switch" -> flip(exchange, method);
      default -> answer(exchange, 404, "{\"message\":\"Not found\"}");
    }
  }

  private void grafana(HttpExchange exchange, String method, String headers) throws IOException {
    if (method.equals("GET")) {
      answer(exchange, 200, "[]");
    } else if (annotations.getAndIncrement() == 0) {
      answer(exchange, 503, "{\"message\":\"cannot take " + headers.replace('"', ' ') + "\"}");
    } else {
      answer(exchange, 200, "{\"id\":" + annotations + ",\"message\":\"Annotation added\"}");
    }
  }

  private void flip(HttpExchange exchange, String method) throws IOException {
    switch (method) {
      case "PUT" -> {
        faulty = true;
        // The program waits for an answer, and for no page of its own.
        threads.execute(whenFaulty);
      }
      case "DELETE" -> faulty = false;
      default -> {}
    }
    answer(exchange, 200, faulty ? "slow" : "fast");
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    boolean json = body.startsWith("{") || body.startsWith("[");
    String type = json ? "application/json" : "text/plain";
    exchange.getResponseHeaders().set("Content-Type", type.toLowerCase(Locale.ROOT));
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    if (bytes.length > 0) {
      exchange.getResponseBody().write(bytes);
    }
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}

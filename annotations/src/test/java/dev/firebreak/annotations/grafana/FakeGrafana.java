package dev.firebreak.annotations.grafana;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.firebreak.annotations.grafana.FakeAnnotations.Reply;
import dev.firebreak.annotations.grafana.FakeAnnotations.Stored;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * Grafana's annotations APIs as real servers answer them, with their traps, and with the ways in
 * which they fail. Writes down what no client should send.
 */
final class FakeGrafana implements AutoCloseable {
  static final String TOKEN = "glsa_secret_0123456789";

  /** How a request goes wrong. */
  enum Trouble {
    /** Done, and the connection closed instead of an answer. */
    COMMITS_THEN_DROPS,
    /** Not done, and the connection closed. */
    DROPS,
    /** Done, but answered after the client's patience, see {@link #letGo}. */
    COMMITS_THEN_HANGS,
    /** Done after the client's patience. */
    HANGS_THEN_COMMITS,
    /** Answers the headers and half a body. */
    HANGS_IN_THE_BODY,
    UNAVAILABLE,
    UNAUTHORIZED,
    FORBIDDEN,
    /** A POST is done and answered with id 0, as when re-routed to the new store. */
    ID_ZERO,
    /** A PATCH is answered well and changes text alone, as when re-routed. */
    PATCH_IGNORED,
    /** A login page. */
    HTML
  }

  private record Rule(Trouble trouble, Predicate<String> requests, AtomicInteger left) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final FakeAnnotations model = new FakeAnnotations(System::currentTimeMillis);
  private final List<String> requests = new ArrayList<>();
  private final List<Rule> rules = new ArrayList<>();
  private final CountDownLatch held = new CountDownLatch(1);
  private Optional<FakeAppAnnotations> app = Optional.empty();
  private int retryAfterSeconds;

  private FakeGrafana(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  static FakeGrafana start() throws IOException {
    return new FakeGrafana(0);
  }

  static FakeGrafana startAt(URI url) throws IOException {
    return new FakeGrafana(url.getPort());
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** The next {@code times} requests whose {@code METHOD path} begins so go wrong. */
  synchronized FakeGrafana troubled(Trouble trouble, String requests, int times) {
    rules.add(new Rule(trouble, request -> request.startsWith(requests), new AtomicInteger(times)));
    return this;
  }

  /** All is well from here on. */
  synchronized void recover() {
    rules.clear();
  }

  /** As before version 9: what is gone is answered with 500, and there is no GET of one. */
  synchronized FakeGrafana beforeVersion9() {
    model.beforeVersion9();
    return this;
  }

  /** With the new API; it is to be used then. */
  synchronized FakeGrafana withAppPlatform(FakeAppAnnotations.Backend backend, String namespace) {
    model.inNamespace(namespace);
    app = Optional.of(model.addAppPlatform(backend));
    return this;
  }

  synchronized FakeAppAnnotations app() {
    return app.orElseThrow();
  }

  synchronized FakeGrafana withDashboard(String uid) {
    model.addDashboard(uid);
    return this;
  }

  /** The token lacks the right. */
  synchronized FakeGrafana denying(String right) {
    model.deny(right);
    return this;
  }

  synchronized FakeGrafana askingToRetryAfter(int seconds) {
    retryAfterSeconds = seconds;
    return this;
  }

  /** Its database was lost, and ids begin again. */
  synchronized void loseDatabase() {
    model.loseDatabase();
  }

  /** Somebody else's annotation. */
  synchronized Stored addForeign(String text, long time, String... tags) {
    return model.addForeign(text, time, tags);
  }

  synchronized void deleteByHand(long id) {
    model.deleteByHand(id);
  }

  /** Lets the requests go on that hang. */
  void letGo() {
    held.countDown();
  }

  synchronized List<Stored> annotations() {
    return model.stored();
  }

  synchronized List<Stored> annotations(String tag) {
    return model.stored().stream().filter(stored -> stored.has(tag)).toList();
  }

  /** As {@code METHOD path}, without the query. */
  synchronized List<String> requests() {
    return List.copyOf(requests);
  }

  /** What no client should have sent. */
  synchronized List<String> violations() {
    return model.violations();
  }

  @Override
  public void close() {
    letGo();
    server.stop(0);
    threads.shutdownNow();
  }

  // ---- answering

  private void handle(HttpExchange exchange) throws IOException {
    String method = exchange.getRequestMethod();
    String request = method + " " + exchange.getRequestURI().getPath();
    byte[] body = exchange.getRequestBody().readAllBytes();
    Optional<Trouble> trouble = begin(request, exchange);
    if (trouble.isPresent()) {
      misbehave(trouble.get(), exchange, request, body);
    } else {
      send(exchange, answer(exchange, request, body, false));
    }
  }

  private synchronized Optional<Trouble> begin(String request, HttpExchange exchange) {
    requests.add(request);
    if (exchange.getRequestHeaders().containsKey("Upgrade")) {
      model.violated("an Upgrade header in " + request);
    }
    for (Rule rule : rules) {
      if (rule.requests().test(request) && rule.left().getAndDecrement() > 0) {
        return Optional.of(rule.trouble());
      }
    }
    return Optional.empty();
  }

  private void misbehave(Trouble trouble, HttpExchange exchange, String request, byte[] body)
      throws IOException {
    switch (trouble) {
      case COMMITS_THEN_DROPS -> {
        answer(exchange, request, body, false);
        exchange.close();
      }
      case DROPS -> exchange.close();
      case COMMITS_THEN_HANGS -> {
        Reply reply = answer(exchange, request, body, false);
        hang();
        send(exchange, reply);
      }
      case HANGS_THEN_COMMITS -> {
        hang();
        send(exchange, answer(exchange, request, body, false));
      }
      case HANGS_IN_THE_BODY -> {
        exchange.sendResponseHeaders(200, 1000);
        exchange.getResponseBody().write("[{".getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
        hang();
        exchange.close();
      }
      case UNAVAILABLE -> {
        if (retryAfterSeconds > 0) {
          exchange.getResponseHeaders().add("Retry-After", String.valueOf(retryAfterSeconds));
        }
        send(exchange, new Reply(503, "text/html", "<html>no healthy upstream</html>"));
      }
      case UNAUTHORIZED -> send(exchange, message(401, "Invalid API key"));
      case FORBIDDEN ->
          send(
              exchange,
              message(
                  403,
                  "You'll need additional permissions to perform this action. "
                      + "Permissions needed: annotations:create"));
      case ID_ZERO, PATCH_IGNORED -> send(exchange, answer(exchange, request, body, true));
      case HTML -> send(exchange, new Reply(200, "text/html", "<html>Log in</html>"));
    }
  }

  private void hang() {
    try {
      if (!held.await(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException("nobody let the request go");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void send(HttpExchange exchange, Reply reply) throws IOException {
    byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", reply.type());
    exchange.sendResponseHeaders(reply.status(), bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private synchronized Reply answer(
      HttpExchange exchange, String request, byte[] body, boolean rerouted) {
    String method = request.substring(0, request.indexOf(' '));
    return model.answer(
        new FakeAnnotations.Call(
            method,
            exchange.getRequestURI(),
            exchange.getRequestHeaders().getFirst("Authorization"),
            exchange.getRequestHeaders().getFirst("Content-Type"),
            new String(body, StandardCharsets.UTF_8)),
        rerouted);
  }

  private static Reply message(int status, String message) {
    return Reply.json(status, "{\"message\":\"" + message + "\"}");
  }
}

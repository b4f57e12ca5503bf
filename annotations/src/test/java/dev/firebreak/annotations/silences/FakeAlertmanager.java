package dev.firebreak.annotations.silences;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.firebreak.annotations.silences.FakeSilences.Reply;
import dev.firebreak.annotations.silences.FakeSilences.Stored;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An Alertmanager on loopback, with the ways in which it fails. */
final class FakeAlertmanager implements AutoCloseable {
  /** How a request goes wrong. */
  enum Trouble {
    /** Done, and the connection closed instead of an answer. */
    COMMITS_THEN_DROPS,
    /** Not done, and the connection closed. */
    DROPS,
    /** Answered once {@link #letGo} is called. */
    HANGS,
    UNAVAILABLE,
    UNAUTHORIZED,
    /** A login page. */
    HTML
  }

  private record Rule(Trouble trouble, String requests, AtomicInteger left) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final FakeSilences model;
  private final InstantSource clock;
  private final List<String> requests = new ArrayList<>();
  private final List<Rule> rules = new ArrayList<>();
  private final CountDownLatch held = new CountDownLatch(1);
  private Runnable beforePost = () -> {};
  private @Nullable String token;

  FakeAlertmanager(InstantSource clock) throws IOException {
    this.clock = clock;
    model = new FakeSilences(clock, () -> UUID.randomUUID().toString());
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** The next {@code times} requests whose {@code METHOD path} begins so go wrong. */
  synchronized FakeAlertmanager troubled(Trouble trouble, String requests, int times) {
    rules.add(new Rule(trouble, requests, new AtomicInteger(times)));
    return this;
  }

  /** All is well from here on. */
  synchronized void recover() {
    rules.clear();
  }

  /** Asks for it from now on. */
  synchronized void wantToken(String wanted) {
    token = wanted;
  }

  /** Is done when a POST arrives. */
  synchronized void beforePost(Runnable check) {
    beforePost = check;
  }

  void letGo() {
    held.countDown();
  }

  /** Somebody makes one by hand, or a late request arrives. */
  synchronized void add(String body) throws IOException {
    Reply reply =
        model.answer("POST", URI.create("/api/v2/silences"), body.getBytes(StandardCharsets.UTF_8));
    if (reply.status() != 200) {
      throw new IllegalArgumentException(reply.body());
    }
  }

  synchronized List<Stored> silences() {
    return model.stored();
  }

  synchronized List<Stored> active() {
    return model.stored().stream()
        .filter(stored -> stored.state(clock.instant()).equals("active"))
        .toList();
  }

  synchronized List<String> requests() {
    return List.copyOf(requests);
  }

  synchronized List<String> violations() {
    return model.violations();
  }

  @Override
  public void close() {
    letGo();
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String method = exchange.getRequestMethod();
    byte[] body = exchange.getRequestBody().readAllBytes();
    Optional<Trouble> trouble = begin(method, exchange);
    if (trouble.isEmpty()) {
      send(exchange, "application/json", answer(method, exchange, body));
      return;
    }
    switch (trouble.get()) {
      case COMMITS_THEN_DROPS -> {
        answer(method, exchange, body);
        exchange.close();
      }
      case DROPS -> exchange.close();
      case HANGS -> {
        hang();
        send(exchange, "application/json", answer(method, exchange, body));
      }
      case UNAVAILABLE -> send(exchange, "text/html", new Reply(503, "<html>no upstream</html>"));
      case UNAUTHORIZED -> send(exchange, "text/plain", new Reply(401, "Unauthorized\n"));
      case HTML -> send(exchange, "text/html", new Reply(200, "<html>Log in</html>"));
    }
  }

  private synchronized Optional<Trouble> begin(String method, HttpExchange exchange) {
    String request = method + " " + exchange.getRequestURI().getPath();
    requests.add(request);
    var headers = exchange.getRequestHeaders();
    if (headers.containsKey("Upgrade")) {
      model.violated("an Upgrade header in " + request);
    }
    if (method.equals("POST")) {
      if (!"application/json".equals(headers.getFirst("Content-Type"))) {
        model.violated("the type " + headers.getFirst("Content-Type"));
      }
      beforePost.run();
    }
    if (token != null && !("Bearer " + token).equals(headers.getFirst("Authorization"))) {
      return Optional.of(Trouble.UNAUTHORIZED);
    }
    for (Rule rule : rules) {
      if (request.startsWith(rule.requests()) && rule.left().getAndDecrement() > 0) {
        return Optional.of(rule.trouble());
      }
    }
    return Optional.empty();
  }

  private synchronized Reply answer(String method, HttpExchange exchange, byte[] body)
      throws IOException {
    return model.answer(method, exchange.getRequestURI(), body);
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

  private static void send(HttpExchange exchange, String type, Reply reply) throws IOException {
    byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", type);
    exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }
}

package dev.firebreak.injector.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * One flag: {@code GET /flag} tells it, {@code POST /flag} puts it up, {@code DELETE} takes it
 * down.
 */
final class FlagServer implements AutoCloseable {
  static {
    // The server of the JDK writes head and body apart, and would wait 40 ms in between.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  /** What happens to a change. */
  enum Mood {
    OBEYS,
    REFUSES,
    /** Says that it is done, and does nothing. */
    CLAIMS,
    /** Has forgotten, as an agent that was started again, what it still does. */
    KNOWS_NOTHING,
    OBEYS_AND_ANSWERS_503,
    OBEYS_AND_DROPS_THE_ANSWER
  }

  private final HttpServer server;
  private final List<String> calls = new ArrayList<>();
  private final Map<String, Boolean> others = new TreeMap<>();
  private boolean up;
  private Mood mood = Mood.OBEYS;
  private String secret = "";

  FlagServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/flag", this::serve);
    server.createContext("/", this::serveAnother);
    server.createContext(
        "/long", exchange -> answer(exchange, 200, "x".repeat(HttpCalls.LONGEST_ANSWER + 1)));
    server.start();
  }

  String url(String path) {
    return "http://localhost:" + server.getAddress().getPort() + path;
  }

  synchronized boolean up() {
    return up;
  }

  synchronized void become(Mood next) {
    mood = next;
  }

  /** The flag was in memory. */
  synchronized void restart() {
    up = false;
  }

  /** Somebody else's flag. */
  synchronized void putUpAnother() {
    others.put("/flags", true);
  }

  /** All flags of somebody else. */
  synchronized Map<String, Boolean> others() {
    return Map.copyOf(others);
  }

  private synchronized void serveAnother(HttpExchange exchange) throws IOException {
    others.put(exchange.getRequestURI().getPath(), exchange.getRequestMethod().equals("POST"));
    answer(exchange, 200, "");
  }

  /** From now on changes need this in {@code Authorization}. */
  synchronized void require(String authorization) {
    secret = authorization;
  }

  /** What changed or tried to change something: {@code POST run-1.f1 key}. */
  synchronized List<String> changes() {
    return List.copyOf(calls);
  }

  private synchronized void serve(HttpExchange exchange) throws IOException {
    String method = exchange.getRequestMethod();
    if (method.equals("GET")) {
      answer(exchange, 200, up ? "the flag is up" : "the flag is down");
      return;
    }
    calls.add(method + " " + exchange.getRequestHeaders().getFirst("Idempotency-Key"));
    if (!secret.isEmpty()
        && !secret.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      answer(exchange, 401, "");
      return;
    }
    if (mood == Mood.CLAIMS) {
      answer(exchange, method.equals("DELETE") ? 204 : 201, "");
      return;
    }
    if (mood == Mood.KNOWS_NOTHING) {
      answer(exchange, 404, "");
      return;
    }
    if (method.equals("DELETE")) {
      answer(exchange, up ? 204 : 404, "");
      up = false;
      return;
    }
    up = mood != Mood.REFUSES;
    switch (mood) {
      case OBEYS -> answer(exchange, 201, "");
      case REFUSES, CLAIMS, KNOWS_NOTHING -> answer(exchange, 409, "");
      case OBEYS_AND_ANSWERS_503 -> answer(exchange, 503, "");
      case OBEYS_AND_DROPS_THE_ANSWER -> exchange.close();
    }
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = Objects.requireNonNull(body).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}

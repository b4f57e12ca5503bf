package dev.firebreak.app.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Answers as a Prometheus that scrapes three Spring Boot services each second, until it answers
 * badly in one of many ways. Its clock is handed in.
 */
final class BadPrometheus implements AutoCloseable {
  /** The ways in which a Prometheus answers badly. */
  enum Kind {
    REFUSED("connection refused"),
    BLACK_HOLE("no answer in time"),
    LATENCY_OF_30_SECONDS("no answer in time"),
    STATUS_500("500"),
    STATUS_429("429"),
    HTML("JSON"),
    CUT_JSON("JSON"),
    STATUS_ERROR("overloaded"),
    WARNINGS("the server warns: partial"),
    EMPTY(""),
    NAN(""),
    INFINITY(""),
    TWO_SERIES("comes twice"),
    VANISHED(""),
    STALE("its newest sample is "),
    CLOCK_AN_HOUR_BEHIND("s behind ours"),
    CLOCK_AN_HOUR_AHEAD("s ahead of ours"),
    /** Of processes that start again and again: no window is without a restart. */
    COUNTER_RESETS(""),
    TEN_MEGABYTES("");

    /** What the reason of the run's end has to name. */
    final String why;

    Kind(String why) {
      this.why = why;
    }
  }

  private static final List<String> SERVICES = List.of("payments", "checkout", "gateway");

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final InstantSource clock;
  private final Queue<String> headers = new ConcurrentLinkedQueue<>();
  private volatile Optional<Kind> bad = Optional.empty();
  private volatile Optional<String> restarted = Optional.empty();

  BadPrometheus(InstantSource clock) {
    this.clock = clock;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Those of every request so far. */
  Queue<String> headers() {
    return headers;
  }

  /** A process of this service begins anew, faster than it is scraped. */
  void restarts(String service) {
    restarted = Optional.of(service);
  }

  /** The restart is older than any window. */
  void forgetsRestarts() {
    restarted = Optional.empty();
  }

  void turnsBad(Kind how) {
    bad = Optional.of(how);
    if (how == Kind.REFUSED) {
      server.stop(0);
    }
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      headers.add(exchange.getRequestHeaders().entrySet().toString());
      String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      if (exchange.getRequestURI().getPath().endsWith("/targets")) {
        send(exchange, 404, "404 page not found");
        return;
      }
      String query = field(body, "query");
      String at = field(body, "time");
      String time = at.isEmpty() ? seconds(0) : at;
      if (bad.isPresent()) {
        answerBadly(exchange, bad.get(), query, time);
      } else {
        send(exchange, 200, usual(query, time, told(query), ""));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A process whose counters were reset was down, and its windows have not two samples yet. */
  private List<String> told(String query) {
    boolean notYet = isSignal(query) || query.contains("resets(");
    return SERVICES.stream()
        .filter(service -> !notYet || !restarted.equals(Optional.of(service)))
        .toList();
  }

  private void answerBadly(HttpExchange exchange, Kind how, String query, String time)
      throws IOException, InterruptedException {
    String usual = usual(query, time, SERVICES, "");
    switch (how) {
      case REFUSED -> exchange.close();
      case BLACK_HOLE -> closing.await(1, TimeUnit.MINUTES);
      case LATENCY_OF_30_SECONDS -> {
        if (!closing.await(30, TimeUnit.SECONDS)) {
          send(exchange, 200, usual);
        }
      }
      case STATUS_500 -> send(exchange, 500, usual);
      case STATUS_429 -> send(exchange, 429, "too many requests");
      case HTML -> send(exchange, 200, "<html><body>Please log in</body></html>");
      case CUT_JSON -> send(exchange, 200, usual.substring(0, usual.length() - 5));
      case STATUS_ERROR ->
          send(
              exchange,
              200,
              "{\"status\":\"error\",\"errorType\":\"execution\",\"error\":\"overloaded\"}");
      case WARNINGS ->
          send(exchange, 200, usual.replace("\"data\"", "\"warnings\":[\"partial\"],\"data\""));
      case EMPTY -> send(exchange, 200, answer(query.equals("time()") ? usual : "[]", query));
      case NAN -> send(exchange, 200, valued(query, time, "NaN"));
      case INFINITY -> send(exchange, 200, valued(query, time, "+Inf"));
      case TWO_SERIES -> {
        List<String> twice = new ArrayList<>(SERVICES);
        twice.addAll(SERVICES);
        send(exchange, 200, usual(query, time, twice, ""));
      }
      case VANISHED -> send(exchange, 200, usual(query, time, List.of("payments"), ""));
      case STALE -> send(exchange, 200, timed(query, time, -300));
      case CLOCK_AN_HOUR_BEHIND -> send(exchange, 200, clocked(query, time, -3_600));
      case CLOCK_AN_HOUR_AHEAD -> send(exchange, 200, clocked(query, time, 3_600));
      case COUNTER_RESETS -> {
        boolean nothing = isSignal(query) || query.contains("resets(");
        send(exchange, 200, nothing ? answer("[]", query) : usual);
      }
      case TEN_MEGABYTES -> send(exchange, 200, " ".repeat(10_000_000) + "{\"status\":");
    }
  }

  private static boolean isSignal(String query) {
    return !query.equals("time()")
        && !query.startsWith("count by (__name__")
        && !query.contains("timestamp(")
        && !query.contains("(up[");
  }

  private String valued(String query, String time, String value) {
    return isSignal(query) ? usual(query, time, SERVICES, value) : usual(query, time, SERVICES, "");
  }

  /** The samples were taken so many seconds from the server's own time. */
  private String timed(String query, String time, long off) {
    return query.contains("timestamp(")
        ? usual(query, time, SERVICES, seconds(off))
        : usual(query, time, SERVICES, "");
  }

  /** The server's own time is off, and with it the time of all that it scrapes. */
  private String clocked(String query, String time, long off) {
    return query.equals("time()")
        ? usual(query, seconds(off), SERVICES, "")
        : timed(query, time, off);
  }

  private String usual(String query, String time, List<String> services, String value) {
    if (query.equals("time()")) {
      return "{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[%s,\"%s\"]}}"
          .formatted(time, time);
    }
    List<String> rows = new ArrayList<>();
    for (String service : services) {
      if (query.startsWith("count by (__name__")) {
        for (String suffix : List.of("bucket", "count", "sum")) {
          rows.add(
              row("\"__name__\":\"http_server_requests_seconds_%s\",".formatted(suffix), service)
                  .formatted(time, "3"));
        }
      } else {
        rows.add(row("", service).formatted(time, value.isEmpty() ? value(query) : value));
      }
    }
    return answer("[" + String.join(",", rows) + "]", query);
  }

  private static String row(String name, String service) {
    return "{\"metric\":{"
        + name
        + "\"job\":\"shop\",\"application\":\""
        + service
        + "\"},\"value\":[%s,\"%s\"]}";
  }

  private static String answer(String result, String query) {
    return query.equals("time()")
        ? result
        : "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":" + result + "}}";
  }

  private String value(String query) {
    double wobble = 1 + 0.02 * (clock.instant().getEpochSecond() % 5);
    if (query.contains("timestamp(")) {
      return seconds(0);
    }
    if (query.contains("(up[")) {
      return "1";
    }
    if (query.contains("histogram_quantile")) {
      return String.valueOf(0.03 * wobble);
    }
    return query.contains("/") ? "0.001" : String.valueOf(40 * wobble);
  }

  private String seconds(long off) {
    return "%.3f".formatted(clock.instant().toEpochMilli() / 1e3 + off);
  }

  private static String field(String form, String name) {
    for (String field : form.split("&", -1)) {
      if (field.startsWith(name + "=")) {
        return URLDecoder.decode(field.substring(name.length() + 1), UTF_8);
      }
    }
    return "";
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}

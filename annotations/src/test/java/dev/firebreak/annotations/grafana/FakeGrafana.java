package dev.firebreak.annotations.grafana;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Grafana's legacy annotations API as real servers answer it, with its traps, and with the ways in
 * which it fails. Writes down what no client should send.
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

  /** An annotation that is stored. */
  record Stored(long id, long time, long timeEnd, String text, @Nullable List<String> tags) {
    boolean isRegion() {
      return timeEnd > time;
    }

    boolean has(String tag) {
      return tags != null && tags.contains(tag);
    }
  }

  private record Rule(Trouble trouble, Predicate<String> requests, AtomicInteger left) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ObjectMapper json = new ObjectMapper();
  private final Map<Long, Stored> annotations = new LinkedHashMap<>();
  private final List<String> requests = new ArrayList<>();
  private final List<String> violations = new ArrayList<>();
  private final List<Rule> rules = new ArrayList<>();
  private final CountDownLatch held = new CountDownLatch(1);
  private long lastId;
  private boolean legacyGone;
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
    legacyGone = true;
    return this;
  }

  synchronized FakeGrafana askingToRetryAfter(int seconds) {
    retryAfterSeconds = seconds;
    return this;
  }

  /** Its database was lost, and ids begin again. */
  synchronized void loseDatabase() {
    annotations.clear();
    lastId = 0;
  }

  /** Somebody else's annotation. */
  synchronized Stored addForeign(String text, long time, String... tags) {
    return store(++lastId, time, time, text, List.of(tags));
  }

  synchronized void deleteByHand(long id) {
    annotations.remove(id);
  }

  /** Lets the requests go on that hang. */
  void letGo() {
    held.countDown();
  }

  synchronized List<Stored> annotations() {
    return List.copyOf(annotations.values());
  }

  synchronized List<Stored> annotations(String tag) {
    return annotations.values().stream().filter(stored -> stored.has(tag)).toList();
  }

  /** As {@code METHOD path}, without the query. */
  synchronized List<String> requests() {
    return List.copyOf(requests);
  }

  /** What no client should have sent. */
  synchronized List<String> violations() {
    return List.copyOf(violations);
  }

  @Override
  public void close() {
    letGo();
    server.stop(0);
    threads.shutdownNow();
  }

  // ---- answering

  private record Reply(int status, String type, String body) {
    static Reply json(int status, Object tree) {
      return new Reply(status, "application/json", tree.toString());
    }
  }

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
      violations.add("an Upgrade header in " + request);
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
      HttpExchange exchange, String request, byte[] body, boolean rerouted) throws IOException {
    String sent = exchange.getRequestHeaders().getFirst("Authorization");
    if (sent == null) {
      return message(401, "Unauthorized");
    }
    if (!sent.equals("Bearer " + TOKEN)) {
      return message(401, "Invalid API key");
    }
    if (request.equals("GET /api/annotations")) {
      return search(query(exchange.getRequestURI()));
    }
    if (request.equals("POST /api/annotations")) {
      return create(body, rerouted);
    }
    if (request.equals("POST /api/annotations/mass-delete")) {
      violations.add("mass-delete");
      return message(200, "Annotations deleted");
    }
    if (request.matches("(PATCH|DELETE) /api/annotations/[0-9]+")) {
      long id = Long.parseLong(request.substring(request.lastIndexOf('/') + 1));
      return request.startsWith("PATCH") ? patch(id, body, rerouted) : delete(id);
    }
    return message(404, "Not found");
  }

  private Reply create(byte[] body, boolean rerouted) throws IOException {
    JsonNode sent;
    try {
      sent = json.readTree(body);
    } catch (IOException e) {
      return new Reply(400, "application/json", "[{\"message\":\"invalid character\"}]");
    }
    String text = sent.path("text").asText();
    if (text.isEmpty()) {
      return message(500, "Failed to save annotation");
    }
    List<String> tags = normalised(sent.path("tags"));
    if (json.writeValueAsBytes(tags).length > 500) {
      return message(400, "Tags length exceeds the maximum allowed.");
    }
    checkTime(sent, "time");
    long now = System.currentTimeMillis();
    long time = sent.path("time").asLong() == 0 ? now : sent.path("time").asLong();
    long end = sent.path("timeEnd").asLong() == 0 ? time : sent.path("timeEnd").asLong();
    Stored stored = store(++lastId, time, end, text, tags);
    ObjectNode reply = json.createObjectNode();
    reply.put("id", rerouted ? 0 : stored.id());
    return Reply.json(200, reply.put("message", "Annotation added"));
  }

  private Reply patch(long id, byte[] body, boolean rerouted) throws IOException {
    Stored old = annotations.get(id);
    if (old == null) {
      return gone();
    }
    JsonNode sent = json.readTree(body);
    if (sent.has("tags")) {
      violations.add("a PATCH with tags, which replaces all of them");
    }
    checkTime(sent, "timeEnd");
    long time = sent.path("time").asLong() == 0 ? old.time() : sent.path("time").asLong();
    long end = sent.path("timeEnd").asLong() == 0 ? old.timeEnd() : sent.path("timeEnd").asLong();
    String text = sent.path("text").asText().isEmpty() ? old.text() : sent.path("text").asText();
    List<String> tags = sent.has("tags") ? normalised(sent.path("tags")) : old.tags();
    if (rerouted) {
      store(id, old.time(), old.timeEnd(), text, tags);
    } else {
      store(id, time, end, text, tags);
    }
    return message(200, "Annotation patched");
  }

  private Reply delete(long id) {
    return annotations.remove(id) == null ? gone() : message(200, "Annotation deleted");
  }

  private Reply gone() {
    return legacyGone
        ? message(500, "Could not find annotation to update")
        : message(404, "Annotation not found");
  }

  /** Times the wrong way round are swapped without a word. */
  private Stored store(long id, long time, long end, String text, @Nullable List<String> tags) {
    if (end < time) {
      violations.add("an end before its start, " + end + " < " + time);
    }
    Stored stored = new Stored(id, Math.min(time, end), Math.max(time, end), text, tags);
    annotations.put(id, stored);
    return stored;
  }

  private Reply search(Map<String, List<String>> query) {
    long from = number(query, "from", 0);
    long to = number(query, "to", 0);
    if (from <= 0 || to <= 0 || !query.containsKey("limit")) {
      violations.add("a search without from, to and limit, which reads the whole table");
    }
    List<String> wanted = query.getOrDefault("tags", List.of());
    ArrayNode found = json.createArrayNode();
    annotations.values().stream()
        .filter(stored -> from <= 0 || to <= 0 || (stored.time() <= to && stored.timeEnd() >= from))
        .filter(stored -> matches(stored, wanted))
        .sorted(
            Comparator.comparingLong(Stored::timeEnd).thenComparingLong(Stored::time).reversed())
        .limit(number(query, "limit", 100))
        .forEach(stored -> found.add(item(stored)));
    return Reply.json(200, found);
  }

  /**
   * All tags must be there. Rows are counted, so that a bare key finds what has one value of it,
   * and not what has two.
   */
  private static boolean matches(Stored stored, List<String> wanted) {
    List<String> tags = stored.tags() == null ? List.of() : stored.tags();
    long rows =
        tags.stream()
            .filter(
                tag ->
                    wanted.stream()
                        .anyMatch(
                            want ->
                                tag.equals(want)
                                    || (want.indexOf(':') < 0 && tag.startsWith(want + ":"))))
            .count();
    return wanted.isEmpty() || rows == wanted.size();
  }

  private ObjectNode item(Stored stored) {
    ObjectNode item = json.createObjectNode();
    item.put("id", stored.id()).put("alertId", 0).put("alertName", "").put("dashboardId", 0);
    item.put("time", stored.time()).put("timeEnd", stored.timeEnd()).put("text", stored.text());
    item.set("tags", stored.tags() == null ? json.nullNode() : json.valueToTree(stored.tags()));
    return item.put("login", "").put("avatarUrl", "");
  }

  /** Cut at the second colon, trimmed, without empty and double ones. */
  private List<String> normalised(JsonNode sent) {
    Set<String> tags = new LinkedHashSet<>();
    for (JsonNode node : sent) {
      String[] parts = node.asText().split(":", -1);
      if (parts.length > 2) {
        violations.add("a tag with two colons, " + node.asText());
      }
      String key = parts[0].strip();
      String value = parts.length > 1 ? parts[1].strip() : "";
      if (!key.isEmpty()) {
        tags.add(value.isEmpty() ? key : key + ":" + value);
      }
    }
    return List.copyOf(tags);
  }

  private void checkTime(JsonNode sent, String field) {
    long time = sent.path(field).asLong(Long.MAX_VALUE);
    if (time < 1_000_000_000_000L) {
      violations.add(field + " in seconds");
    }
  }

  private static long number(Map<String, List<String>> query, String name, long otherwise) {
    return query.containsKey(name) ? Long.parseLong(query.get(name).get(0)) : otherwise;
  }

  /** As Go reads it: a plus is a space. */
  private static Map<String, List<String>> query(URI uri) {
    Map<String, List<String>> query = new LinkedHashMap<>();
    String raw = uri.getRawQuery() == null ? "" : uri.getRawQuery();
    for (String pair : raw.split("&", -1)) {
      if (!pair.isEmpty()) {
        String[] parts = pair.split("=", 2);
        query
            .computeIfAbsent(decoded(parts[0]), any -> new ArrayList<>())
            .add(parts.length > 1 ? decoded(parts[1]) : "");
      }
    }
    return query;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private Reply message(int status, String message) {
    return Reply.json(status, json.createObjectNode().put("message", message));
  }
}

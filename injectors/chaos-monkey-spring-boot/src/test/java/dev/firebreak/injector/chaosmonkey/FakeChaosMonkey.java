package dev.firebreak.injector.chaosmonkey;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A service with Chaos Monkey 4.0.0, as far as its actuator goes: takes partial updates, ignores
 * words it does not know and nulls, demands JSON, checks ranges, answers updates in plain text.
 * {@code GET /hello} is a request to a REST controller. Latency passes on a clock of its own.
 */
final class FakeChaosMonkey implements AutoCloseable {
  static {
    // The server of the JDK writes head and body apart, and would wait 40 ms in between.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BASE = "/actuator/chaosmonkey";

  private static final String ASSAULTS =
      """
      {"cpuActive":false,"cpuCronExpression":"OFF","cpuLoadTargetFraction":0.9,
      "cpuMillisecondsHoldLoad":90000,"deterministic":false,
      "exception":{"arguments":[{"type":"java.lang.String",
      "value":"Chaos Monkey - RuntimeException"}],"method":"<init>",
      "type":"java.lang.RuntimeException"},"exceptionsActive":false,
      "killApplicationActive":false,"killApplicationCronExpression":"OFF","latencyActive":false,
      "latencyRangeEnd":3000,"latencyRangeStart":1000,"level":1,"memoryActive":false,
      "memoryCronExpression":"OFF","memoryFillIncrementFraction":0.15,
      "memoryFillTargetFraction":0.25,"memoryMillisecondsHoldFilledMemory":90000,
      "memoryMillisecondsWaitNextIncrease":1000}
      """;

  private static final String WATCHERS =
      """
      {"actuatorHealth":false,"beanClasses":[],"beans":[],"component":false,"controller":false,
      "excludeClasses":[],"repository":false,"restController":false,"restTemplate":false,
      "service":false,"webClient":false}
      """;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile Turns turns = Turns.FREE;
  private final AtomicLong clock = new AtomicLong();
  private final List<String> updates = new ArrayList<>();
  private final Map<String, Integer> failing = new HashMap<>();
  private boolean enabled;
  private boolean deployed = true;
  private boolean slowByItself;
  private boolean claiming;
  private boolean losing;
  private int requests;
  private ObjectNode assaults = object(ASSAULTS);
  private ObjectNode watchers = object(WATCHERS);

  FakeChaosMonkey() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/hello", this::hello);
    server.createContext(
        "/",
        exchange -> {
          String who = String.valueOf(exchange.getRequestHeaders().getFirst("X-Who"));
          turns.await(who);
          actuator(exchange);
          turns.done(who);
        });
    server.setExecutor(threads);
    server.start();
  }

  /** From now on requests with a header {@code X-Who} are served in turn. */
  void takingTurns(Turns order) {
    turns = order;
  }

  String url() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  /** The clock on which latency passes. */
  long nanoTime() {
    return clock.get();
  }

  /** All settings, without the times of the last changes. */
  synchronized String settings() {
    return enabled + " " + assaults + " " + watchers;
  }

  /** The paths that were posted to, in order. */
  synchronized List<String> updates() {
    return List.copyOf(updates);
  }

  synchronized FakeChaosMonkey enabled() {
    enabled = true;
    return this;
  }

  synchronized FakeChaosMonkey with(String update) {
    ObjectNode body = object(update);
    body.properties()
        .forEach(
            entry ->
                (watchers.has(entry.getKey()) ? watchers : assaults)
                    .set(entry.getKey(), entry.getValue()));
    return this;
  }

  /** From now on a post to this path answers with the status and does nothing. */
  synchronized void fail(String path, int status) {
    failing.put(path, status);
  }

  synchronized void recover() {
    failing.clear();
  }

  /** Whether a post that turns an assault on is done, but its answer does not arrive. */
  synchronized void loseAnswersToAssaults(boolean lost) {
    losing = lost;
  }

  /** Whether a post is answered as if it had been done, and is not. */
  synchronized void claim(boolean falsely) {
    claiming = falsely;
  }

  /** The application was started again: its memory is empty. */
  synchronized void restart() {
    enabled = false;
    assaults = object(ASSAULTS);
    watchers = object(WATCHERS);
  }

  /** The application was started again without its Chaos Monkey. */
  synchronized void restartWithoutChaosMonkey() {
    deployed = false;
  }

  /** Requests still suffer, whatever the settings say. */
  synchronized void slowByItself(boolean slow) {
    slowByItself = slow;
  }

  private synchronized void hello(HttpExchange exchange) throws IOException {
    boolean hit = enabled && watchers.get("restController").asBoolean() && met();
    if (slowByItself || (hit && assaults.get("latencyActive").asBoolean())) {
      clock.addAndGet(Duration.ofMillis(assaults.get("latencyRangeStart").asLong()).toNanos());
    }
    boolean thrown = hit && assaults.get("exceptionsActive").asBoolean();
    answer(exchange, thrown ? 500 : 200, "text/plain", "hello");
  }

  /** Deterministic levels count; others draw, of which the fake knows the unlucky half. */
  private boolean met() {
    int level = assaults.get("level").asInt();
    requests++;
    return level == 1 || (assaults.get("deterministic").asBoolean() && requests % level == 0);
  }

  private synchronized void actuator(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (!deployed || !path.startsWith(BASE)) {
      error(exchange, 404);
      return;
    }
    String rest = path.substring(BASE.length());
    if (exchange.getRequestMethod().equals("GET")) {
      get(exchange, rest);
    } else {
      post(exchange, rest);
    }
  }

  private void get(HttpExchange exchange, String rest) throws IOException {
    if (!rest.isEmpty()) {
      error(exchange, rest.equals("/enable") ? 405 : 404);
      return;
    }
    ObjectNode all = JSON.createObjectNode();
    all.set("assaultProperties", assaults);
    all.putObject("chaosMonkeyProperties")
        .put("enabled", enabled)
        .putNull("lastEnabledToggleTimestamp")
        .put("togglePrefix", "chaos.monkey");
    all.set("watcherProperties", watchers);
    answer(exchange, 200, "application/json", all.toString());
  }

  private void post(HttpExchange exchange, String rest) throws IOException {
    updates.add(rest);
    Integer failure = failing.get(rest);
    if (failure != null) {
      error(exchange, failure);
      return;
    }
    if (claiming) {
      answer(exchange, 200, "text/plain;charset=UTF-8", "config has changed");
      return;
    }
    boolean dormant = !assaulting();
    int status =
        switch (rest) {
          case "/enable" -> toggle(true);
          case "/disable" -> toggle(false);
          case "/assaults" -> updateAssaults(exchange);
          case "/watchers" -> updateWatchers(exchange);
          default -> 404;
        };
    if (losing && dormant && assaulting()) {
      exchange.close();
    } else if (status != 200) {
      error(exchange, status);
    } else {
      answer(exchange, 200, "text/plain;charset=UTF-8", "config has changed");
    }
  }

  private boolean assaulting() {
    return enabled
        && (assaults.get("latencyActive").asBoolean()
            || assaults.get("exceptionsActive").asBoolean());
  }

  private int toggle(boolean on) {
    enabled = on;
    return 200;
  }

  private int updateAssaults(HttpExchange exchange) throws IOException {
    JsonNode body = body(exchange);
    if (body == null) {
      return isJson(exchange) ? 400 : 415;
    }
    if (!plausible(body)) {
      return 400;
    }
    apply(body, assaults);
    return 200;
  }

  private int updateWatchers(HttpExchange exchange) throws IOException {
    JsonNode body = body(exchange);
    if (body == null) {
      return isJson(exchange) ? 400 : 415;
    }
    ObjectNode settable = body.deepCopy();
    settable.remove("excludeClasses");
    apply(settable, watchers);
    return 200;
  }

  private static boolean isJson(HttpExchange exchange) {
    return "application/json".equals(exchange.getRequestHeaders().getFirst("Content-Type"));
  }

  private static @Nullable JsonNode body(HttpExchange exchange) throws IOException {
    try {
      return isJson(exchange) ? JSON.readTree(exchange.getRequestBody().readAllBytes()) : null;
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  private static boolean plausible(JsonNode body) {
    int level = body.path("level").asInt(1);
    boolean bothEnds = body.has("latencyRangeStart") == body.has("latencyRangeEnd");
    int start = body.path("latencyRangeStart").asInt(1);
    int end = body.path("latencyRangeEnd").asInt(Integer.MAX_VALUE);
    return level >= 1
        && level <= 10_000
        && bothEnds
        && start >= 1
        && start <= end
        && plausibleException(body.path("exception"));
  }

  private static boolean plausibleException(JsonNode exception) {
    if (exception.isMissingNode() || exception.isNull()) {
      return true;
    }
    try {
      List<Class<?>> types = new ArrayList<>();
      for (JsonNode argument : exception.path("arguments")) {
        types.add(Class.forName(argument.path("type").asText()));
      }
      Constructor<?> constructor =
          Class.forName(exception.path("type").asText())
              .asSubclass(Throwable.class)
              .getConstructor(types.toArray(new Class<?>[0]));
      return constructor.getParameterCount() == types.size()
          && exception.path("method").asText().equals("<init>");
    } catch (ReflectiveOperationException | ClassCastException e) {
      return false;
    }
  }

  private static void apply(JsonNode update, ObjectNode to) {
    update
        .properties()
        .forEach(
            entry -> {
              if (to.has(entry.getKey()) && !entry.getValue().isNull()) {
                to.set(entry.getKey(), entry.getValue());
              }
            });
  }

  private static void error(HttpExchange exchange, int status) throws IOException {
    answer(exchange, status, "application/json", "{\"status\":" + status + "}");
  }

  private static void answer(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().set("Content-Type", Objects.requireNonNull(type));
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static ObjectNode object(String json) {
    try {
      return (ObjectNode) JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}

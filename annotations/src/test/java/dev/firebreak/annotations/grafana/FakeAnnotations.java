package dev.firebreak.annotations.grafana;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a Grafana answers to whom, without a network: its legacy annotations API as real servers
 * were seen to answer it, with its traps. Writes down what no client should send.
 */
final class FakeAnnotations {
  private static final Map<String, String> RIGHTS =
      Map.of(
          "POST", "annotations:create",
          "PATCH", "annotations:write",
          "PUT", "annotations:write",
          "DELETE", "annotations:delete",
          "GET", "annotations:read");

  /** An annotation that is stored; without a dashboard it is the organisation's. */
  record Stored(
      long id,
      long time,
      long timeEnd,
      String text,
      @Nullable List<String> tags,
      @Nullable String dashboard,
      long panel) {
    boolean isRegion() {
      return timeEnd > time;
    }

    /** None if the list is null. */
    List<String> allTags() {
      return tags == null ? List.of() : tags;
    }

    boolean has(String tag) {
      return allTags().contains(tag);
    }
  }

  /**
   * A request.
   *
   * @param authorization the header of that name
   */
  record Call(
      String method,
      URI uri,
      @Nullable String authorization,
      @Nullable String contentType,
      String body) {}

  /** An answer. */
  record Reply(int status, String type, String body) {
    static Reply json(int status, Object tree) {
      return new Reply(status, "application/json", tree.toString());
    }
  }

  private final ObjectMapper json = new ObjectMapper();
  private final Map<Long, Stored> annotations = new LinkedHashMap<>();
  private final Set<String> dashboards = new HashSet<>();
  private final Set<String> denied = new HashSet<>();
  private final List<String> violations = new ArrayList<>();
  private final LongSupplier now;
  private long lastId;
  private boolean old;
  private @Nullable FakeAppAnnotations app;
  private String namespace = "default";

  FakeAnnotations(LongSupplier now) {
    this.now = now;
  }

  /** As version 6.7: gone is 500, some errors are arrays, tags may be long, UIDs are not known. */
  void beforeVersion9() {
    old = true;
  }

  /** The new API as well; each has annotations of its own. */
  FakeAppAnnotations addAppPlatform(FakeAppAnnotations.Backend backend) {
    app = new FakeAppAnnotations(backend, namespace, now, this::violated);
    return app;
  }

  /** Of an organisation that is not the first. */
  void inNamespace(String name) {
    namespace = name;
  }

  void addDashboard(String uid) {
    dashboards.add(uid);
  }

  void deny(String right) {
    denied.add(right);
  }

  void loseDatabase() {
    annotations.clear();
    lastId = 0;
    if (app != null) {
      app.loseDatabase();
    }
  }

  Stored addForeign(String text, long time, String... tags) {
    return store(new Stored(++lastId, time, time, text, List.of(tags), null, 0));
  }

  void deleteByHand(long id) {
    if (app == null) {
      annotations.remove(id);
    } else {
      app.deleteByHand(id);
    }
  }

  List<Stored> stored() {
    List<Stored> all = new ArrayList<>(annotations.values());
    if (app != null) {
      all.addAll(app.stored());
    }
    return all;
  }

  List<String> violations() {
    return List.copyOf(violations);
  }

  void violated(String how) {
    violations.add(how);
  }

  /**
   * Answers.
   *
   * @param rerouted as if the new store stood behind the old API
   */
  Reply answer(Call call, boolean rerouted) {
    String path = call.uri().getPath();
    String authorization = call.authorization();
    if (path.equals("/api/health")) {
      return Reply.json(
          200, "{\"commit\":\"NA\",\"database\":\"ok\",\"version\":\"" + version() + "\"}");
    }
    if (authorization == null) {
      return message(401, "Unauthorized");
    }
    if (!authorization.equals("Bearer " + FakeGrafana.TOKEN)) {
      return message(401, "Invalid API key");
    }
    try {
      if (path.startsWith("/apis/")) {
        return app(call);
      }
      if (path.equals("/api/frontend/settings")) {
        return Reply.json(200, "{\"namespace\":\"" + namespace + "\",\"buildInfo\":{}}");
      }
      return path.startsWith("/api/dashboards/uid/")
          ? dashboard(path.substring("/api/dashboards/uid/".length()))
          : annotations(
              call.method(), call.uri(), call.body().getBytes(StandardCharsets.UTF_8), rerouted);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Reply app(Call call) throws IOException {
    String right = RIGHTS.getOrDefault(call.method(), "");
    boolean discovery = call.uri().getPath().endsWith("/v0alpha1/");
    if (app != null && !discovery && denied.contains(right)) {
      return Reply.json(
          403,
          "{\"kind\":\"Status\",\"status\":\"Failure\",\"message\":\"annotations.annotation.grafana.app"
              + " is forbidden: insufficient permissions\",\"reason\":\"Forbidden\",\"code\":403}");
    }
    return app == null ? message(404, "Not found") : app.answer(call);
  }

  private String version() {
    return old ? "6.7.4" : "13.2.0";
  }

  private Reply dashboard(String uid) {
    if (denied.contains("dashboards:read")) {
      return denial("dashboards:read");
    }
    return dashboards.contains(uid)
        ? Reply.json(200, "{\"meta\":{\"type\":\"db\"},\"dashboard\":{\"uid\":\"" + uid + "\"}}")
        : message(404, "Dashboard not found");
  }

  private Reply denial(String right) {
    return old
        ? message(403, "Access denied to this dashboard")
        : message(
            403,
            "You'll need additional permissions to perform this action. Permissions needed: "
                + right);
  }

  private Reply annotations(String method, URI uri, byte[] body, boolean rerouted)
      throws IOException {
    String right = RIGHTS.getOrDefault(method, "");
    if (denied.contains(right)) {
      return denial(right);
    }
    String request = method + " " + uri.getPath();
    if (request.equals("GET /api/annotations")) {
      return search(query(uri));
    }
    if (request.equals("POST /api/annotations")) {
      return create(body, rerouted);
    }
    if (request.equals("POST /api/annotations/mass-delete")) {
      violations.add("mass-delete");
      return message(200, "Annotations deleted");
    }
    if (request.matches("(PATCH|PUT|DELETE) /api/annotations/[0-9]+")) {
      return one(
          method, Long.parseLong(request.substring(request.lastIndexOf('/') + 1)), body, rerouted);
    }
    return message(404, "Not found");
  }

  private Reply one(String method, long id, byte[] body, boolean rerouted) throws IOException {
    Stored found = annotations.get(id);
    if (found == null) {
      return old
          ? message(500, "Could not find annotation to update")
          : message(404, "Annotation not found");
    }
    if (method.equals("DELETE")) {
      annotations.remove(id);
      return message(200, "Annotation deleted");
    }
    JsonNode sent = json.readTree(body);
    if (method.equals("PUT")) {
      List<String> tags = sent.has("tags") ? normalised(sent.path("tags")) : null;
      store(changed(found, sent, tags));
      return message(200, "Annotation updated");
    }
    return patch(found, sent, rerouted);
  }

  private Reply create(byte[] body, boolean rerouted) throws IOException {
    JsonNode sent;
    try {
      sent = json.readTree(body);
    } catch (IOException e) {
      return old
          ? Reply.json(
              400,
              "[{\"classification\":\"DeserializationError\",\"message\":\"invalid character 'b'"
                  + " looking for beginning of object key string\"}]")
          : message(400, "bad request data");
    }
    if (sent.path("text").asText().isEmpty()) {
      return message(old ? 500 : 400, "Failed to save annotation");
    }
    if (old && sent.path("dashboardId").asLong() > 0) {
      return message(403, "Access denied to this dashboard");
    }
    List<String> tags = normalised(sent.path("tags"));
    if (!old && json.writeValueAsBytes(tags).length > 500) {
      return Reply.json(
          400,
          "{\"message\":\"Tags length exceeds the maximum allowed.\",\"messageId\":"
              + "\"annotations.tag-limit-exceeded\",\"statusCode\":400,\"traceID\":\"\"}");
    }
    Stored stored = store(made(sent, tags));
    ObjectNode reply = json.createObjectNode();
    reply.put("id", rerouted ? 0 : stored.id());
    return Reply.json(200, reply.put("message", "Annotation added"));
  }

  /** A dashboard that is not known is passed over without a word. */
  private Stored made(JsonNode sent, List<String> tags) {
    checkTime(sent, "time");
    long time = sent.path("time").asLong() == 0 ? now.getAsLong() : sent.path("time").asLong();
    long end = sent.path("timeEnd").asLong() == 0 ? time : sent.path("timeEnd").asLong();
    String uid = sent.path("dashboardUID").asText();
    boolean known = !old && dashboards.contains(uid);
    if (!uid.isEmpty() && !known) {
      violations.add("a dashboard that is not there, " + uid);
    }
    return new Stored(
        ++lastId,
        time,
        end,
        sent.path("text").asText(),
        tags,
        known ? uid : null,
        sent.path("panelId").asLong());
  }

  private Reply patch(Stored found, JsonNode sent, boolean rerouted) {
    if (sent.has("tags")) {
      violations.add("a PATCH with tags, which replaces all of them");
    }
    checkTime(sent, "timeEnd");
    List<String> tags = sent.has("tags") ? normalised(sent.path("tags")) : found.tags();
    Stored changed = changed(found, sent, tags);
    store(
        rerouted
            ? new Stored(
                found.id(),
                found.time(),
                found.timeEnd(),
                changed.text(),
                tags,
                found.dashboard(),
                found.panel())
            : changed);
    return message(200, "Annotation patched");
  }

  private static Stored changed(Stored old, JsonNode sent, @Nullable List<String> tags) {
    long time = sent.path("time").asLong() == 0 ? old.time() : sent.path("time").asLong();
    long end = sent.path("timeEnd").asLong() == 0 ? old.timeEnd() : sent.path("timeEnd").asLong();
    String text = sent.path("text").asText().isEmpty() ? old.text() : sent.path("text").asText();
    return new Stored(old.id(), time, end, text, tags, old.dashboard(), old.panel());
  }

  /** Times the wrong way round are swapped without a word. */
  private Stored store(Stored wanted) {
    long time = wanted.time();
    long end = wanted.timeEnd();
    if (end < time) {
      violations.add("an end before its start, " + end + " < " + time);
    }
    Stored stored =
        new Stored(
            wanted.id(),
            Math.min(time, end),
            Math.max(time, end),
            wanted.text(),
            wanted.tags(),
            wanted.dashboard(),
            wanted.panel());
    annotations.put(stored.id(), stored);
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
        .filter(stored -> matches(stored, wanted, query.containsKey("matchAny")))
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
  private static boolean matches(Stored stored, List<String> wanted, boolean any) {
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
    return wanted.isEmpty() || rows == wanted.size() || (any && rows > 0);
  }

  private ObjectNode item(Stored stored) {
    ObjectNode item = json.createObjectNode();
    item.put("id", stored.id()).put("alertId", 0).put("alertName", "").put("dashboardId", 0);
    if (stored.dashboard() != null) {
      item.put("dashboardUID", stored.dashboard());
    }
    item.put("panelId", stored.panel()).put("userId", 0).put("newState", "").put("prevState", "");
    item.put("created", now.getAsLong()).put("updated", now.getAsLong());
    item.put("time", stored.time()).put("timeEnd", stored.timeEnd()).put("text", stored.text());
    item.set("tags", stored.tags() == null ? json.nullNode() : json.valueToTree(stored.tags()));
    item.put("login", "").put("email", "").put("avatarUrl", "");
    item.set("data", json.createObjectNode());
    return item;
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

  static long number(Map<String, List<String>> query, String name, long otherwise) {
    return query.containsKey(name) ? Long.parseLong(query.get(name).get(0)) : otherwise;
  }

  /** As Go reads it: a plus is a space. */
  static Map<String, List<String>> query(URI uri) {
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

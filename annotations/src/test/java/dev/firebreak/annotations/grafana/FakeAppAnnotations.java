package dev.firebreak.annotations.grafana;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.firebreak.annotations.grafana.FakeAnnotations.Call;
import dev.firebreak.annotations.grafana.FakeAnnotations.Reply;
import dev.firebreak.annotations.grafana.FakeAnnotations.Stored;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The annotations of Grafana's app platform, as its sources answer: times stay as they were made, a
 * point has no end, tags are compared whole, unknown fields are refused, and a name that was
 * deleted stays taken. Writes down what no client should send.
 */
final class FakeAppAnnotations {
  private static final String BASE = "/apis/annotation.grafana.app/v0alpha1/";
  private static final Set<String> SPEC =
      Set.of("text", "time", "timeEnd", "dashboardUID", "panelID", "tags", "scopes");
  private static final long LATEST = Duration.ofDays(7).toMillis();

  /** Where this Grafana keeps them. */
  enum Backend {
    /** Keeps names, for ever: what is deleted is only marked so. */
    POSTGRES,
    /** Gives names of its own and forgets what is deleted. */
    SQL
  }

  private record Item(
      long number,
      String name,
      long time,
      @Nullable Long timeEnd,
      String text,
      List<String> tags,
      @Nullable String dashboard,
      long panel,
      boolean deleted) {
    Item saying(String newText) {
      return new Item(number, name, time, timeEnd, newText, tags, dashboard, panel, deleted);
    }

    Item asDeleted() {
      return new Item(number, name, time, timeEnd, text, tags, dashboard, panel, true);
    }
  }

  private final ObjectMapper json = new ObjectMapper();
  private final Map<String, Item> items = new LinkedHashMap<>();
  private final Backend backend;
  private final String namespace;
  private final LongSupplier now;
  private final Consumer<String> violated;
  private long last;
  private int shortestPage = Integer.MAX_VALUE;

  FakeAppAnnotations(
      Backend backend, String namespace, LongSupplier now, Consumer<String> violated) {
    this.backend = backend;
    this.namespace = namespace;
    this.now = now;
    this.violated = violated;
  }

  /** Answers searches in pages of at most so many, as if the token may not see the others. */
  void answerPagesOf(int items) {
    shortestPage = items;
  }

  List<Stored> stored() {
    return items.values().stream()
        .filter(item -> !item.deleted())
        .map(
            item ->
                new Stored(
                    item.number(),
                    item.time(),
                    item.timeEnd() == null ? item.time() : item.timeEnd(),
                    item.text(),
                    item.tags(),
                    item.dashboard(),
                    item.panel()))
        .toList();
  }

  List<String> names() {
    return items.values().stream().filter(item -> !item.deleted()).map(Item::name).toList();
  }

  void deleteByHand(long number) {
    items.values().stream()
        .filter(item -> item.number() == number)
        .findFirst()
        .ifPresent(this::deleted);
  }

  void loseDatabase() {
    items.clear();
  }

  Reply answer(Call call) throws IOException {
    String path = call.uri().getPath();
    if (path.equals(BASE)) {
      return Reply.json(
          200,
          "{\"kind\":\"APIResourceList\",\"apiVersion\":\"v1\",\"groupVersion\":"
              + "\"annotation.grafana.app/v0alpha1\",\"resources\":[{\"name\":\"annotations\","
              + "\"singularName\":\"annotation\",\"namespaced\":true,\"kind\":\"Annotation\"}]}");
    }
    String within = BASE + "namespaces/" + namespace + "/";
    if (!path.startsWith(within)) {
      violated.accept("another organisation's namespace, " + path);
      return status(403, "Forbidden", "namespace mismatch");
    }
    String rest = path.substring(within.length());
    String request = call.method() + " " + rest;
    if (request.equals("GET search")) {
      return search(FakeAnnotations.query(call.uri()));
    }
    if (request.equals("POST annotations")) {
      return create(json.readTree(call.body()));
    }
    if (request.matches("(PATCH|DELETE) annotations/[^/]+")) {
      return one(call, rest.substring(rest.indexOf('/') + 1));
    }
    violated.accept("what is no request of this API, " + request);
    return status(405, "MethodNotAllowed", "the server does not allow this method");
  }

  private Reply one(Call call, String name) throws IOException {
    Item item = items.get(name);
    if (item == null || item.deleted()) {
      return status(
          404, "NotFound", "annotations.annotation.grafana.app \"" + name + "\" not found");
    }
    if (call.method().equals("DELETE")) {
      deleted(item);
      return Reply.json(200, "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Success\"}");
    }
    if (!"application/merge-patch+json".equals(call.contentType())) {
      violated.accept("a PATCH of the type " + call.contentType());
      return status(
          415, "UnsupportedMediaType", "the body of the request was in an unknown format");
    }
    return patch(item, json.readTree(call.body()));
  }

  private void deleted(Item item) {
    if (backend == Backend.SQL) {
      items.remove(item.name());
    } else {
      items.put(item.name(), item.asDeleted());
    }
  }

  /** Text and tags are taken over; times are answered as they were sent and stay as they were. */
  private Reply patch(Item item, JsonNode sent) {
    JsonNode spec = sent.path("spec");
    Set<String> fields = fields(spec);
    if (!fields.equals(Set.of("text"))) {
      violated.accept("a PATCH of " + fields);
    }
    Item changed = item.saying(spec.path("text").asText(item.text()));
    items.put(item.name(), changed);
    return Reply.json(200, tree(changed));
  }

  private Reply create(JsonNode sent) {
    JsonNode spec = sent.path("spec");
    Set<String> unknown = fields(spec);
    unknown.removeAll(SPEC);
    if (!unknown.isEmpty() || !sent.path("kind").asText().equals("Annotation")) {
      violated.accept("an annotation with " + unknown);
      return status(400, "BadRequest", "strict decoding error: unknown field");
    }
    String name = sent.path("metadata").path("name").asText();
    if (name.isEmpty()) {
      return status(400, "BadRequest", "metadata.name or metadata.generateName is required");
    }
    if (!name.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")) {
      violated.accept("a name that is none, " + name);
    }
    if (backend == Backend.POSTGRES && items.containsKey(name)) {
      return status(
          409,
          "AlreadyExists",
          "annotations.annotation.grafana.app \"" + name + "\" already exists");
    }
    return made(name, spec);
  }

  private Reply made(String name, JsonNode spec) {
    long time = spec.path("time").asLong();
    Long end = spec.hasNonNull("timeEnd") ? Long.valueOf(spec.path("timeEnd").asLong()) : null;
    if (time < 1_000_000_000_000L) {
      violated.accept("time in seconds");
    }
    boolean tooLate = Math.max(time, end == null ? 0 : end) > now.getAsLong() + LATEST;
    if (spec.path("text").asText().isEmpty() || (end != null && end < time) || tooLate) {
      violated.accept("an annotation that is none, " + spec);
      return status(422, "Invalid", "spec is invalid");
    }
    List<String> tags = new ArrayList<>();
    spec.path("tags").forEach(tag -> tags.add(tag.asText()));
    long number = ++last;
    String dashboard = spec.path("dashboardUID").asText();
    Item item =
        new Item(
            number,
            backend == Backend.SQL ? "a-" + number : name,
            time,
            end,
            spec.path("text").asText(),
            tags,
            dashboard.isEmpty() ? null : dashboard,
            spec.path("panelID").asLong(),
            false);
    items.put(item.name(), item);
    return Reply.json(201, tree(item));
  }

  private Reply search(Map<String, List<String>> query) {
    if (!query.keySet().containsAll(Set.of("from", "to", "limit"))) {
      violated.accept("a search without from, to and limit, which reads the whole table");
      return status(400, "BadRequest", "unbounded");
    }
    long from = FakeAnnotations.number(query, "from", 0);
    long to = FakeAnnotations.number(query, "to", 0);
    long limit = FakeAnnotations.number(query, "limit", 100);
    List<String> wanted = query.getOrDefault("tag", List.of());
    List<Item> found =
        items.values().stream()
            .filter(item -> !item.deleted() && item.time() <= to)
            .filter(item -> item.timeEnd() == null || item.timeEnd() >= from)
            .filter(item -> item.tags().containsAll(wanted))
            .sorted(Comparator.comparingLong(Item::time).reversed().thenComparing(Item::name))
            .toList();
    String token = query.containsKey("continue") ? query.get("continue").get(0) : "0/" + limit;
    String[] parts = token.split("/", 2);
    if (!parts[1].equals(String.valueOf(limit))) {
      violated.accept("a continue token of another limit");
      return status(500, "InternalError", "continue token limit does not match the request limit");
    }
    return page(found, Integer.parseInt(parts[0]), limit);
  }

  private Reply page(List<Item> found, int offset, long limit) {
    int end = (int) Math.min(found.size(), offset + Math.min(limit, shortestPage));
    ArrayNode page = json.createArrayNode();
    found.subList(offset, end).forEach(item -> page.add(tree(item)));
    ObjectNode list = json.createObjectNode();
    ObjectNode metadata = list.putObject("metadata");
    if (end < found.size()) {
      metadata.put("continue", end + "/" + limit);
    }
    list.set("items", page);
    return Reply.json(200, list);
  }

  private ObjectNode tree(Item item) {
    ObjectNode tree = json.createObjectNode();
    tree.put("apiVersion", "annotation.grafana.app/v0alpha1").put("kind", "Annotation");
    ObjectNode metadata = tree.putObject("metadata");
    metadata.put("name", item.name()).put("namespace", namespace).put("uid", item.name());
    ObjectNode spec = tree.putObject("spec");
    spec.put("text", item.text()).put("time", item.time());
    if (item.timeEnd() != null) {
      spec.put("timeEnd", item.timeEnd());
    } else if (backend == Backend.SQL) {
      spec.put("timeEnd", item.time());
    }
    if (item.dashboard() != null) {
      spec.put("dashboardUID", item.dashboard()).put("panelID", item.panel());
    }
    spec.set("tags", json.valueToTree(item.tags()));
    return tree;
  }

  private static Set<String> fields(JsonNode object) {
    Set<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private Reply status(int code, String reason, String message) {
    ObjectNode status = json.createObjectNode();
    status.put("kind", "Status").put("apiVersion", "v1").put("status", "Failure");
    return Reply.json(code, status.put("message", message).put("reason", reason).put("code", code));
  }
}

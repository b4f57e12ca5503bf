package dev.firebreak.annotations.silences;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an Alertmanager answers, without a network: its silences as version 0.25 was seen to keep
 * them. Writes down what no careful client should send.
 */
final class FakeSilences {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);
  private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  private static final Pattern FILTER = Pattern.compile("filter=([a-zA-Z_]\\w*)=\"(.*)\"");

  /** An answer. */
  record Reply(int status, String body) {}

  /** A matcher for equality. */
  record Match(String name, String value) {}

  /** A silence that is stored, in the words of the API. */
  record Stored(
      String id,
      List<Match> matchers,
      Instant startsAt,
      Instant endsAt,
      String createdBy,
      String comment,
      Instant updatedAt) {
    String state(Instant now) {
      if (!now.isBefore(endsAt)) {
        return "expired";
      }
      return now.isBefore(startsAt) ? "pending" : "active";
    }

    private Stored expiredAt(Instant now) {
      return new Stored(id, matchers, startsAt, now, createdBy, comment, now);
    }
  }

  private final ObjectMapper json = new ObjectMapper();
  private final InstantSource clock;
  private final Supplier<String> ids;
  private final Map<String, Stored> silences = new LinkedHashMap<>();
  private final List<String> violations = new ArrayList<>();

  FakeSilences(InstantSource clock, Supplier<String> ids) {
    this.clock = clock;
    this.ids = ids;
  }

  List<Stored> stored() {
    return List.copyOf(silences.values());
  }

  /** What a client should not have sent. */
  List<String> violations() {
    return List.copyOf(violations);
  }

  void violated(String what) {
    violations.add(what);
  }

  Reply answer(String method, URI url, byte[] body) throws IOException {
    String path = url.getPath();
    if (path.equals("/api/v2/status") && method.equals("GET")) {
      return new Reply(200, "{\"versionInfo\":{\"version\":\"0.25.0\"},\"uptime\":\"x\"}");
    }
    if (path.equals("/api/v2/silences")) {
      return method.equals("POST") ? post(body) : search(String.valueOf(url.getRawQuery()));
    }
    if (path.startsWith("/api/v2/silence/")) {
      return one(method, path.substring("/api/v2/silence/".length()));
    }
    violated("the path " + path);
    return new Reply(404, "404 page not found\n");
  }

  private Reply post(byte[] body) throws IOException {
    JsonNode sent;
    try {
      sent = json.readTree(body);
    } catch (IOException e) {
      violated("a body that is no JSON");
      return error(
          400,
          400,
          "parsing silence body from \"\" failed, because invalid character 'n' looking for"
              + " beginning of object key string");
    }
    if (sent.has("id")) {
      violated("an id in a POST");
      return quoted(404, "silence not found");
    }
    if (sent.path("matchers").isEmpty()) {
      violated("no matcher");
      return error(422, 612, "matchers in body should have at least 1 items");
    }
    return create(sent);
  }

  private Reply create(JsonNode sent) throws IOException {
    Instant now = clock.instant();
    Instant start = Instant.parse(sent.path("startsAt").asText());
    Instant end = Instant.parse(sent.path("endsAt").asText());
    if (end.isBefore(start)) {
      return quoted(400, "Failed to create silence: start time must be before end time");
    }
    if (end.isBefore(now)) {
      return quoted(400, "Failed to create silence: end time can't be in the past");
    }
    List<Match> matchers = new ArrayList<>();
    for (JsonNode matcher : sent.path("matchers")) {
      String name = matcher.path("name").asText();
      if (!name.matches("[a-zA-Z_]\\w*")) {
        return quoted(
            400,
            "silence invalid: invalid label matcher %d: invalid label name \"%s\""
                .formatted(matchers.size(), name));
      }
      if (matcher.path("isRegex").asBoolean() || !matcher.path("isEqual").asBoolean(true)) {
        violated("a matcher that may fit more than one value");
      }
      matchers.add(new Match(name, matcher.path("value").asText()));
    }
    if (matchers.stream().allMatch(matcher -> matcher.value().isEmpty())) {
      return quoted(400, "silence invalid: at least one matcher must not match the empty string");
    }
    Stored stored =
        new Stored(
            ids.get(),
            matchers,
            start.isBefore(now) ? now : start,
            end,
            sent.path("createdBy").asText(),
            sent.path("comment").asText(),
            now);
    silences.put(stored.id(), stored);
    return new Reply(200, json.createObjectNode().put("silenceID", stored.id()).toString());
  }

  private Reply search(String query) {
    Matcher filter = FILTER.matcher(URLDecoder.decode(query, StandardCharsets.UTF_8));
    if (!filter.matches()) {
      violated("a search for everything: " + query);
      return error(400, 400, "bad matcher format");
    }
    String value = filter.group(2).replace("\\\"", "\"").replace("\\\\", "\\");
    Match wanted = new Match(filter.group(1), value);
    ArrayNode found = json.createArrayNode();
    silences.values().stream()
        .filter(stored -> stored.matchers().contains(wanted))
        .forEach(stored -> found.add(tree(stored)));
    return new Reply(200, found.toString());
  }

  private Reply one(String method, String id) {
    if (!UUID.matcher(id).matches()) {
      return error(422, 601, "silenceID in path must be of type uuid: \"%s\"".formatted(id));
    }
    Optional<Stored> stored = Optional.ofNullable(silences.get(id));
    if (method.equals("GET")) {
      return stored.map(found -> new Reply(200, tree(found).toString())).orElse(new Reply(404, ""));
    }
    if (stored.isEmpty()) {
      return quoted(500, "silence not found");
    }
    if (!stored.get().state(clock.instant()).equals("expired")) {
      silences.put(id, stored.get().expiredAt(clock.instant()));
    }
    return new Reply(200, "");
  }

  private ObjectNode tree(Stored stored) {
    ObjectNode tree = json.createObjectNode();
    tree.put("id", stored.id());
    tree.putObject("status").put("state", stored.state(clock.instant()));
    tree.put("updatedAt", TIME.format(stored.updatedAt()));
    tree.put("comment", stored.comment());
    tree.put("createdBy", stored.createdBy());
    tree.put("endsAt", TIME.format(stored.endsAt()));
    ArrayNode matchers = tree.putArray("matchers");
    stored
        .matchers()
        .forEach(
            matcher ->
                matchers
                    .addObject()
                    .put("isEqual", true)
                    .put("isRegex", false)
                    .put("name", matcher.name())
                    .put("value", matcher.value()));
    tree.put("startsAt", TIME.format(stored.startsAt()));
    return tree;
  }

  private Reply error(int status, int code, String message) {
    return new Reply(
        status, json.createObjectNode().put("code", code).put("message", message).toString());
  }

  private Reply quoted(int status, String message) {
    return new Reply(status, json.getNodeFactory().textNode(message).toString());
  }
}

package dev.firebreak.injector.chaosmonkey;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.firebreak.fault.FaultId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The settings of one Chaos Monkey, reduced to what Firebreak changes: they are one global object
 * of the application, and live in its memory alone. The message of the exception that Chaos Monkey
 * would throw carries the mark of the fault that owns the settings, whether exceptions are thrown
 * or not; it is the first thing set and the last one restored.
 */
record Settings(boolean enabled, ObjectNode assaults, ObjectNode watchers) {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String MARK = "Firebreak fault ";

  /** Assaults on single requests: they need a watcher. */
  private static final List<String> REQUEST_ASSAULTS = List.of("latencyActive", "exceptionsActive");

  /** Assaults on the whole application: they need none. */
  private static final List<String> RUNTIME_ASSAULTS =
      List.of("killApplicationActive", "memoryActive", "cpuActive");

  private static final List<String> REQUIRED =
      List.of(
          "level",
          "latencyRangeStart",
          "latencyRangeEnd",
          "latencyActive",
          "exceptionsActive",
          "exception");

  private static final List<String> WATCHER_LISTS = List.of("beans", "beanClasses");

  /** The watchers that can be turned on. */
  static final List<String> WATCHERS =
      List.of(
          "restController",
          "controller",
          "service",
          "repository",
          "component",
          "restTemplate",
          "webClient",
          "actuatorHealth");

  /** Reads the answer of {@code GET /actuator/chaosmonkey}. */
  static Settings ofEndpoint(String json) throws UnexpectedAnswerException {
    JsonNode root = tree(json);
    return of(
        root.path("chaosMonkeyProperties").path("enabled"),
        root.path("assaultProperties"),
        root.path("watcherProperties"));
  }

  /** Reads what {@link #toJson} wrote. */
  static Settings ofJson(String json) throws UnexpectedAnswerException {
    JsonNode root = tree(json);
    return of(root.path("enabled"), root.path("assaults"), root.path("watchers"));
  }

  private static JsonNode tree(String json) throws UnexpectedAnswerException {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new UnexpectedAnswerException("not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static Settings of(JsonNode enabled, JsonNode assaults, JsonNode watchers)
      throws UnexpectedAnswerException {
    if (!enabled.isBoolean()) {
      throw new UnexpectedAnswerException("the settings do not say whether they are enabled");
    }
    for (String name : REQUIRED) {
      if (!assaults.hasNonNull(name)) {
        throw new UnexpectedAnswerException("the settings of the assaults lack " + name);
      }
    }
    return new Settings(enabled.booleanValue(), changed(assaults), watched(watchers));
  }

  /** What Firebreak may change, as far as this version of Chaos Monkey has it. */
  private static ObjectNode changed(JsonNode assaults) {
    List<String> names = new ArrayList<>(REQUIRED);
    names.add("deterministic");
    names.addAll(RUNTIME_ASSAULTS);
    return kept(assaults, names);
  }

  private static ObjectNode watched(JsonNode watchers) {
    List<String> names = new ArrayList<>(WATCHERS);
    names.addAll(WATCHER_LISTS);
    return kept(watchers, names);
  }

  private static ObjectNode kept(JsonNode from, List<String> names) {
    ObjectNode kept = JSON.createObjectNode();
    for (String name : names) {
      if (from.hasNonNull(name)) {
        kept.set(name, from.get(name));
      }
    }
    return kept;
  }

  String toJson() {
    ObjectNode root = JSON.createObjectNode().put("enabled", enabled);
    root.set("assaults", assaults);
    root.set("watchers", watchers);
    return root.toString();
  }

  /** The fault whose mark the settings carry. */
  Optional<String> owner() {
    for (JsonNode argument : assaults.path("exception").path("arguments")) {
      String text = argument.path("value").asText();
      if (text.startsWith(MARK)) {
        return Optional.of(text.substring(MARK.length()));
      }
    }
    return Optional.empty();
  }

  boolean ownedBy(FaultId id) {
    return owner().filter(id.value()::equals).isPresent();
  }

  /** The assaults that hit the application now. */
  List<String> activeAssaults() {
    List<String> active = new ArrayList<>();
    if (enabled && watchesSomething()) {
      REQUEST_ASSAULTS.stream().filter(this::turnedOn).forEach(active::add);
    }
    if (enabled) {
      RUNTIME_ASSAULTS.stream().filter(this::turnedOn).forEach(active::add);
    }
    return active;
  }

  private boolean turnedOn(String assault) {
    return assaults.path(assault).asBoolean();
  }

  private boolean watchesSomething() {
    return WATCHERS.stream().anyMatch(name -> watchers.path(name).asBoolean())
        || WATCHER_LISTS.stream().anyMatch(name -> !watchers.path(name).isEmpty());
  }

  /** Turns every assault off and takes ownership: the body to send first. */
  ObjectNode marking(FaultId id, String exceptionType) {
    ObjectNode body = quiet();
    ObjectNode exception = body.putObject("exception");
    exception.put("type", exceptionType).put("method", "<init>");
    exception
        .putArray("arguments")
        .addObject()
        .put("type", "java.lang.String")
        .put("value", MARK + id);
    return body;
  }

  private ObjectNode quiet() {
    ObjectNode body = JSON.createObjectNode();
    for (String assault : REQUEST_ASSAULTS) {
      body.put(assault, false);
    }
    RUNTIME_ASSAULTS.stream().filter(assaults::has).forEach(assault -> body.put(assault, false));
    return body;
  }

  /** Ends every assault on requests: for when the settings are not known. */
  static ObjectNode silence() {
    ObjectNode body = JSON.createObjectNode();
    REQUEST_ASSAULTS.forEach(assault -> body.put(assault, false));
    return body;
  }

  /** Watches these and nothing else. */
  ObjectNode watching(List<String> chosen) {
    ObjectNode body = JSON.createObjectNode();
    for (String name : WATCHERS) {
      if (watchers.has(name)) {
        body.put(name, chosen.contains(name));
      }
    }
    WATCHER_LISTS.stream().filter(watchers::has).forEach(body::putArray);
    return body;
  }

  /** All that was found but the exception, which still carries the mark. */
  ObjectNode assaultsButException() {
    ObjectNode body = assaults.deepCopy();
    body.remove("exception");
    return body;
  }

  /** Whether they differ from what was found in no more than a start turns on without its mark. */
  boolean areFoundButFor(Settings found, List<String> chosen) {
    return assaults.equals(found.assaults)
        && (watchers.equals(found.watchers) || watchers.equals(found.watching(chosen)));
  }
}

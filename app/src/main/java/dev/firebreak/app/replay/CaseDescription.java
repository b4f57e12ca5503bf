package dev.firebreak.app.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.experiment.ExpectedBound;
import dev.firebreak.experiment.HaltPolicy;
import dev.firebreak.experiment.SmallestEffect;
import dev.firebreak.probe.Signal.Kind;
import dev.firebreak.service.CallGraph;
import dev.firebreak.service.CallGraph.Edge;
import dev.firebreak.service.ServiceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What {@code case.json} says about a recorded case.
 *
 * @param injectStart Unix seconds
 * @param injectEnd Unix seconds
 * @param kinds patterns on the name of a metric and what such a metric is, first match wins
 * @param secondsPerLatencyUnit what one unit of the latency series is
 * @param smallestEffect the smallest degradation that counts; its latency floor is always given
 * @param falseHaltBudget the share of runs in which nothing escapes that may halt nevertheless
 */
record CaseDescription(
    String name,
    String dataset,
    Optional<BlastRadius> radius,
    long injectStart,
    long injectEnd,
    Duration step,
    CallGraph callGraph,
    List<KindPattern> kinds,
    double secondsPerLatencyUnit,
    SmallestEffect smallestEffect,
    double falseHaltBudget) {
  private static final long LONGEST_BYTES = 4L << 20;
  private static final int MOST_SECONDS = 86_400;

  /** A factor has to be above one. */
  private static final double LEAST_FACTOR = Math.nextUp(1.0);

  private static final double MOST_FACTOR = 1e9;

  private static final Map<String, Kind> SIGNALS =
      new TreeMap<>(
          Map.of(
              "latency", Kind.LATENCY,
              "success", Kind.SUCCESS_RATIO,
              "errors", Kind.ERROR_RATIO,
              "throughput", Kind.TRAFFIC,
              "saturation", Kind.SATURATION,
              "availability", Kind.AVAILABILITY));

  private static final Map<String, Double> LATENCY_UNITS =
      new TreeMap<>(Map.of("s", 1.0, "ms", 1e-3, "us", 1e-6, "ns", 1e-9));

  /** Metrics whose name matches are of this kind. */
  record KindPattern(Pattern pattern, Kind kind) {}

  /** The kind of a metric; what no pattern matches is a resource. */
  Kind kindOf(String metric) {
    for (KindPattern kind : kinds) {
      if (kind.pattern().matcher(metric).matches()) {
        return kind.kind();
      }
    }
    return Kind.RESOURCE;
  }

  static CaseDescription read(Path file) throws CaseException {
    return new Reader(file).read();
  }

  /** Reads one file and knows its name for the messages. */
  private record Reader(Path file) {
    private static final JsonMapper MAPPER =
        JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    CaseDescription read() throws CaseException {
      JsonNode root = parse();
      if (!root.isObject()) {
        throw wrong("", "must be a JSON object");
      }
      long start = seconds(root, "inject_start");
      long end = seconds(root, "inject_end");
      if (end < start) {
        throw wrong("inject_end", "is %d, before inject_start %d".formatted(end, start));
      }
      double step = number(root, "sampling_seconds", 0.001, MOST_SECONDS);
      double unit = latencyUnit(root);
      return new CaseDescription(
          text(root, "case"),
          text(root, "dataset"),
          radius(root),
          start,
          end,
          Duration.ofNanos(Math.round(step * 1e9)),
          callGraph(root),
          kinds(root),
          unit,
          smallestEffect(root, floor(root, unit)),
          optional(
              root,
              "false_halt_budget",
              HaltPolicy.DEFAULT_FALSE_HALT_BUDGET,
              HaltPolicy.LEAST_FALSE_HALT_BUDGET,
              HaltPolicy.MOST_FALSE_HALT_BUDGET));
    }

    private SmallestEffect smallestEffect(JsonNode root, Duration floor) throws CaseException {
      SmallestEffect usual = SmallestEffect.DEFAULT;
      return new SmallestEffect(
          optional(root, "latency_factor", usual.latencyFactor(), LEAST_FACTOR, MOST_FACTOR),
          floor,
          optional(root, "error_points", usual.errorPoints(), 1e-9, 1),
          optional(root, "traffic_factor", usual.trafficFactor(), LEAST_FACTOR, MOST_FACTOR));
    }

    private double optional(JsonNode root, String key, double otherwise, double least, double most)
        throws CaseException {
      return root.has(key) ? number(root, key, least, most) : otherwise;
    }

    private JsonNode parse() throws CaseException {
      try {
        long size = Files.size(file);
        if (size > LONGEST_BYTES) {
          throw wrong("", "has %d bytes, at most %d are read".formatted(size, LONGEST_BYTES));
        }
        return MAPPER.readTree(Files.readAllBytes(file));
      } catch (JsonProcessingException e) {
        int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
        throw new CaseException(file + ":" + line + ": " + e.getOriginalMessage(), e);
      } catch (IOException e) {
        throw new CaseException(file + ": cannot be read: " + e.getMessage(), e);
      }
    }

    private Duration floor(JsonNode root, double unit) throws CaseException {
      double floor = number(root, "latency_floor", 0, 1e12) * unit;
      if (floor > MOST_SECONDS) {
        throw wrong("latency_floor", "is more than a day");
      }
      return Duration.ofNanos(Math.round(floor * 1e9));
    }

    private double latencyUnit(JsonNode root) throws CaseException {
      String unit = text(root, "latency_unit");
      Double seconds = LATENCY_UNITS.get(unit);
      if (seconds == null) {
        throw wrong(
            "latency_unit", "is \"%s\", allowed are %s".formatted(unit, LATENCY_UNITS.keySet()));
      }
      return seconds;
    }

    private Optional<BlastRadius> radius(JsonNode root) throws CaseException {
      Set<ServiceName> injected = new LinkedHashSet<>();
      for (JsonNode service : array(root, "blast_radius")) {
        injected.add(service("blast_radius", service));
      }
      Map<ServiceName, ExpectedBound> expected = new TreeMap<>();
      if (root.has("expected")) {
        for (JsonNode service : array(root, "expected")) {
          ServiceName name = service("expected", service);
          expected.put(name, bound(root.path("expected_bounds").path(name.value())));
        }
      }
      try {
        return injected.isEmpty()
            ? Optional.empty()
            : Optional.of(new BlastRadius(injected, expected, Optional.empty()));
      } catch (IllegalArgumentException e) {
        throw wrong("expected", String.valueOf(e.getMessage()));
      }
    }

    private ExpectedBound bound(JsonNode bounds) throws CaseException {
      return new ExpectedBound(
          bounds.has("latency_factor")
              ? OptionalDouble.of(number(bounds, "latency_factor", LEAST_FACTOR, MOST_FACTOR))
              : OptionalDouble.empty(),
          bounds.has("error_ratio")
              ? OptionalDouble.of(number(bounds, "error_ratio", 0, 1))
              : OptionalDouble.empty());
    }

    private CallGraph callGraph(JsonNode root) throws CaseException {
      Set<Edge> edges = new LinkedHashSet<>();
      for (JsonNode edge : array(root, "call_graph")) {
        if (!edge.isArray() || edge.size() != 2) {
          throw wrong("call_graph", "has " + edge + ", each edge is [caller, callee]");
        }
        edges.add(new Edge(service("call_graph", edge.get(0)), service("call_graph", edge.get(1))));
      }
      return new CallGraph(edges);
    }

    private List<KindPattern> kinds(JsonNode root) throws CaseException {
      JsonNode signals = root.path("signals");
      if (!signals.isObject()) {
        throw wrong("signals", "must be an object of lists of shell patterns");
      }
      List<KindPattern> kinds = new ArrayList<>();
      for (Map.Entry<String, JsonNode> entry : signals.properties()) {
        Kind kind = SIGNALS.get(entry.getKey());
        if (kind == null) {
          throw wrong(
              "signals", "has \"%s\", allowed are %s".formatted(entry.getKey(), SIGNALS.keySet()));
        }
        for (JsonNode pattern : array(signals, entry.getKey())) {
          if (!pattern.isTextual()) {
            throw wrong("signals." + entry.getKey(), "has " + pattern + ", not a pattern");
          }
          kinds.add(new KindPattern(ShellPattern.compile(pattern.textValue()), kind));
        }
      }
      return List.copyOf(kinds);
    }

    private JsonNode array(JsonNode root, String key) throws CaseException {
      JsonNode value = root.path(key);
      if (!value.isArray()) {
        throw wrong(key, "must be a list");
      }
      return value;
    }

    private ServiceName service(String key, JsonNode value) throws CaseException {
      if (!value.isTextual()) {
        throw wrong(key, "has " + value + ", not the name of a service");
      }
      try {
        return ServiceName.of(value.textValue());
      } catch (IllegalArgumentException e) {
        throw wrong(key, String.valueOf(e.getMessage()));
      }
    }

    private String text(JsonNode root, String key) throws CaseException {
      JsonNode value = root.path(key);
      if (!value.isTextual() || value.textValue().isEmpty()) {
        throw wrong(key, "must be a text that is not empty");
      }
      return value.textValue();
    }

    private long seconds(JsonNode root, String key) throws CaseException {
      return Math.round(number(root, key, 0, 1e11));
    }

    private double number(JsonNode root, String key, double least, double most)
        throws CaseException {
      JsonNode value = root.path(key);
      if (!value.isNumber() || !(value.doubleValue() >= least && value.doubleValue() <= most)) {
        throw wrong(key, "must be a number from %s to %s".formatted(least, most));
      }
      return value.doubleValue();
    }

    private CaseException wrong(String key, String what) {
      return new CaseException(file + ": " + (key.isEmpty() ? "" : key + " ") + what);
    }
  }
}

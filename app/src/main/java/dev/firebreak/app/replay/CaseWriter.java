package dev.firebreak.app.replay;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.firebreak.experiment.ExpectedBound;
import dev.firebreak.experiment.HaltPolicy;
import dev.firebreak.experiment.SmallestEffect;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.probe.SeriesId;
import dev.firebreak.probe.Signal.Kind;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.BaselineTaken;
import dev.firebreak.run.RunEvent.FaultArmed;
import dev.firebreak.run.RunEvent.InjectionSent;
import dev.firebreak.run.RunEvent.RollbackRequested;
import dev.firebreak.run.RunEvent.RunOpened;
import dev.firebreak.run.RunEvent.SamplesTaken;
import dev.firebreak.run.RunEvent.SignalsFound;
import dev.firebreak.run.RunEvent.WatchBegan;
import dev.firebreak.service.CallGraph;
import dev.firebreak.service.ServiceName;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Saves what a run saw as a case that {@link Replay} reads: the samples, the radius, and when the
 * fault was in place. A run of placebos alone is a stretch without a fault. Stateless.
 */
public final class CaseWriter {
  private static final Map<Kind, String> KEYS =
      new EnumMap<>(
          Map.of(
              Kind.LATENCY, "latency",
              Kind.SUCCESS_RATIO, "success",
              Kind.ERROR_RATIO, "errors",
              Kind.TRAFFIC, "throughput",
              Kind.SATURATION, "saturation",
              Kind.AVAILABILITY, "availability"));

  private CaseWriter() {}

  /** What a journal says that a case needs. */
  private record Seen(
      RunOpened run,
      SignalsFound signals,
      Optional<WatchBegan> watch,
      List<Look> looks,
      boolean placebo,
      long start,
      Instant end) {}

  /** A vector and the second under which it is filed. */
  private record Look(long time, List<Double> values) {}

  /**
   * Writes {@code metrics.csv} and {@code case.json}.
   *
   * @param events a whole journal
   * @param folder is made if it is not there
   * @throws CaseException if the run injected nothing or was sampled in steps below a second
   * @throws IOException if a file cannot be written
   */
  public static void write(List<RunEvent> events, Path folder) throws CaseException, IOException {
    Seen seen = seen(events);
    Files.createDirectories(folder);
    writeMetrics(seen, folder.resolve("metrics.csv"));
    writeCase(seen, folder.resolve("case.json"));
  }

  private static Seen seen(List<RunEvent> events) throws CaseException {
    RunOpened run = first(events, RunOpened.class, "a start");
    if (run.samplingStep().compareTo(Duration.ofSeconds(1)) < 0) {
      throw new CaseException(
          "run %s was sampled every %s, a case has at least a second between samples"
              .formatted(run.runId(), run.samplingStep()));
    }
    Instant sent = first(events, InjectionSent.class, "an injection").at();
    Instant end = first(events, RollbackRequested.class, "a rollback").at();
    List<Look> looks = looks(events);
    boolean placebo =
        all(events, FaultArmed.class).stream()
            .allMatch(armed -> armed.kind().equals(FaultKind.PLACEBO));
    SignalsFound signals = first(events, SignalsFound.class, "signals");
    Optional<WatchBegan> watch = all(events, WatchBegan.class).stream().findFirst();
    return new Seen(run, signals, watch, looks, placebo, start(events, looks, sent), end);
  }

  private static List<Look> looks(List<RunEvent> events) {
    List<Look> looks = new ArrayList<>();
    long before = Long.MIN_VALUE;
    for (SamplesTaken look : all(events, SamplesTaken.class)) {
      // Looks are a step apart give or take milliseconds: rounding may make two of one second.
      before = Math.max(before + 1, Math.round(look.at().toEpochMilli() / 1_000.0));
      looks.add(new Look(before, look.values()));
    }
    return looks;
  }

  /**
   * The second of the first look after the baseline was taken: whoever replays the case learns and
   * judges just the looks that the run did, however their times were rounded.
   */
  private static long start(List<RunEvent> events, List<Look> looks, Instant sent) {
    int learned = 0;
    for (RunEvent event : events) {
      if (event instanceof BaselineTaken) {
        return learned < looks.size() ? looks.get(learned).time() : sent.getEpochSecond();
      }
      learned += event instanceof SamplesTaken ? 1 : 0;
    }
    return sent.getEpochSecond();
  }

  private static <E extends RunEvent> List<E> all(List<RunEvent> events, Class<E> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  private static <E extends RunEvent> E first(List<RunEvent> events, Class<E> type, String what)
      throws CaseException {
    Optional<E> found = all(events, type).stream().findFirst();
    return found.orElseThrow(() -> new CaseException("the journal of this run lacks " + what));
  }

  private static void writeMetrics(Seen seen, Path file) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write("time");
      for (SeriesId series : seen.signals().series()) {
        out.write("," + series.service() + "__" + series.signal());
      }
      out.newLine();
      for (Look look : seen.looks()) {
        out.write(Long.toString(look.time()));
        for (double value : look.values()) {
          out.write(Double.isNaN(value) ? "," : "," + (float) value);
        }
        out.newLine();
      }
    }
  }

  private static void writeCase(Seen seen, Path file) throws IOException {
    try (JsonGenerator json = new JsonFactory().createGenerator(file.toFile(), JsonEncoding.UTF8)) {
      json.setPrettyPrinter(new DefaultPrettyPrinter());
      json.writeStartObject();
      json.writeStringField("case", seen.run().runId().value());
      json.writeStringField("dataset", seen.run().gameDay());
      list(json, "blast_radius", seen.placebo() ? List.of() : seen.run().radius().inject());
      list(json, "expected", seen.run().radius().expected().keySet());
      writeBounds(json, seen.run().radius().expected());
      json.writeNumberField("inject_start", seen.start());
      json.writeNumberField("inject_end", Math.max(seen.start(), seen.end().getEpochSecond()));
      json.writeNumberField("sampling_seconds", seen.run().samplingStep().toSeconds());
      writeCallGraph(json, seen.signals().callGraph());
      writeSignals(json, seen.signals().series());
      json.writeStringField("latency_unit", "s");
      SmallestEffect effect =
          seen.watch().map(WatchBegan::smallestEffect).orElse(SmallestEffect.DEFAULT);
      json.writeNumberField("latency_floor", effect.latencyFloor().toNanos() / 1e9);
      json.writeNumberField("latency_factor", effect.latencyFactor());
      json.writeNumberField("error_points", effect.errorPoints());
      json.writeNumberField("traffic_factor", effect.trafficFactor());
      json.writeNumberField(
          "false_halt_budget",
          seen.watch()
              .map(WatchBegan::falseHaltBudget)
              .orElse(HaltPolicy.DEFAULT_FALSE_HALT_BUDGET));
      json.writeEndObject();
    }
  }

  private static void list(JsonGenerator json, String key, Collection<ServiceName> services)
      throws IOException {
    json.writeArrayFieldStart(key);
    for (ServiceName service : services) {
      json.writeString(service.value());
    }
    json.writeEndArray();
  }

  private static void writeBounds(JsonGenerator json, Map<ServiceName, ExpectedBound> expected)
      throws IOException {
    json.writeObjectFieldStart("expected_bounds");
    for (Map.Entry<ServiceName, ExpectedBound> entry : expected.entrySet()) {
      json.writeObjectFieldStart(entry.getKey().value());
      writeBound(json, "latency_factor", entry.getValue().latencyFactor());
      writeBound(json, "error_ratio", entry.getValue().errorRatio());
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static void writeBound(JsonGenerator json, String key, OptionalDouble bound)
      throws IOException {
    if (bound.isPresent()) {
      json.writeNumberField(key, bound.getAsDouble());
    }
  }

  private static void writeCallGraph(JsonGenerator json, CallGraph graph) throws IOException {
    List<CallGraph.Edge> edges = new ArrayList<>(graph.edges());
    edges.sort(Comparator.comparing(CallGraph.Edge::caller).thenComparing(CallGraph.Edge::callee));
    json.writeArrayFieldStart("call_graph");
    for (CallGraph.Edge edge : edges) {
      json.writeStartArray();
      json.writeString(edge.caller().value());
      json.writeString(edge.callee().value());
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  private static void writeSignals(JsonGenerator json, List<SeriesId> series) throws IOException {
    Map<String, SortedSet<String>> byKey = new TreeMap<>();
    for (SeriesId id : series) {
      String key = KEYS.get(id.signal().kind());
      if (key != null) {
        byKey.computeIfAbsent(key, any -> new TreeSet<>()).add(id.signal().name());
      }
    }
    json.writeObjectFieldStart("signals");
    for (Map.Entry<String, SortedSet<String>> entry : byKey.entrySet()) {
      json.writeArrayFieldStart(entry.getKey());
      for (String name : entry.getValue()) {
        json.writeString(name);
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }
}

package dev.firebreak.app.replay;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.probe.SeriesId;
import dev.firebreak.probe.Signal.Kind;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.FaultArmed;
import dev.firebreak.run.RunEvent.InjectionSent;
import dev.firebreak.run.RunEvent.RollbackRequested;
import dev.firebreak.run.RunEvent.RunOpened;
import dev.firebreak.run.RunEvent.SamplesTaken;
import dev.firebreak.run.RunEvent.SignalsFound;
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
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Saves what a run saw as a case that {@link Replay} reads: the samples, the radius, and when the
 * fault was in place. A run of placebos alone is a stretch without a fault. Stateless.
 */
public final class CaseWriter {
  private static final String LATENCY_FLOOR_SECONDS = "0.02";

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
      List<SamplesTaken> samples,
      boolean placebo,
      Instant start,
      Instant end) {}

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
    Instant start = first(events, InjectionSent.class, "an injection").at();
    Instant end = first(events, RollbackRequested.class, "a rollback").at();
    List<SamplesTaken> samples = all(events, SamplesTaken.class);
    boolean placebo =
        all(events, FaultArmed.class).stream()
            .allMatch(armed -> armed.kind().equals(FaultKind.PLACEBO));
    SignalsFound signals = first(events, SignalsFound.class, "signals");
    return new Seen(run, signals, samples, placebo, start, end);
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
      long before = Long.MIN_VALUE;
      for (SamplesTaken look : seen.samples()) {
        // Looks are a step apart give or take milliseconds: rounding may make two of one second.
        long time = Math.max(before + 1, Math.round(look.at().toEpochMilli() / 1_000.0));
        before = time;
        out.write(Long.toString(time));
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
      json.writeNumberField("inject_start", seen.start().getEpochSecond());
      json.writeNumberField("inject_end", seen.end().getEpochSecond());
      json.writeNumberField("sampling_seconds", seen.run().samplingStep().toSeconds());
      writeCallGraph(json, seen.signals().callGraph());
      writeSignals(json, seen.signals().series());
      json.writeStringField("latency_unit", "s");
      json.writeFieldName("latency_floor");
      json.writeNumber(LATENCY_FLOOR_SECONDS);
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

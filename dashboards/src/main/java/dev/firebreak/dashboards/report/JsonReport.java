package dev.firebreak.dashboards.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.firebreak.cascade.Calibrated;
import dev.firebreak.report.RunReport;
import dev.firebreak.report.RunReport.ChangeReport;
import dev.firebreak.report.RunReport.CoverageReport;
import dev.firebreak.report.RunReport.FaultReport;
import dev.firebreak.report.RunReport.FindingReport;
import dev.firebreak.report.RunReport.Halt;
import dev.firebreak.report.RunReport.Hypothesis;
import dev.firebreak.report.RunReport.Probe;
import dev.firebreak.report.RunReport.Radius;
import dev.firebreak.report.RunReport.Rollback;
import dev.firebreak.report.RunReport.Samples;
import dev.firebreak.report.RunReport.Series;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The report for programs: {@code report.json}, as {@code docs/report.schema.json} says. Every key
 * is always there; what is not known is null. Instants in UTC, values in base units. The same
 * report gives the same bytes on every JVM.
 */
public final class JsonReport {
  /** Rises when a key changes its meaning or goes; new keys leave it as it is. */
  private static final int FORMAT_VERSION = 1;

  // The JDK's own way to print a double changed in version 19.
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER).build();

  private JsonReport() {}

  /** UTF-8, indented by two spaces, ending in a line break. */
  public static byte[] of(RunReport report) {
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
    try {
      String json = MAPPER.writer(printer).writeValueAsString(tree(report));
      return (json + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values cannot be written", e);
    }
  }

  private static ObjectNode tree(RunReport report) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("runId", report.run().id().value());
    root.put("gameDay", report.run().gameDay());
    root.put("experiment", report.run().experiment());
    root.put("outcome", report.conclusion().outcome().name());
    root.put("reason", report.conclusion().reason());
    radius(root.putObject("blastRadius"), report.blastRadius());
    each(
        root.putArray("phases"),
        report.phases(),
        (node, phase) -> {
          node.put("name", phase.name().name());
          put(node, "start", Optional.of(phase.start()));
          put(node, "end", phase.end());
        });
    each(root.putArray("faults"), report.faults(), JsonReport::fault);
    each(root.putArray("findings"), report.findings(), JsonReport::finding);
    halt(root, report);
    coverage(root.putObject("coverage"), report.coverage());
    root.put("verdict", report.conclusion().verdict());
    root.put("way", report.conclusion().way());
    put(root, "start", Optional.of(report.start()));
    put(root, "end", report.end());
    root.put("owner", report.run().owner());
    root.put("environment", report.run().environment());
    root.put("trigger", report.run().trigger().name());
    root.put("planHash", report.run().planHash());
    root.put("traceId", report.run().traceId());
    hypothesis(root.putObject("hypothesis"), report.hypothesis());
    rollback(root.putObject("rollback"), report.rollback());
    each(
        root.putArray("callGraph"),
        report.callGraph(),
        (node, edge) -> {
          node.put("caller", edge.caller());
          node.put("callee", edge.callee());
          node.put("learned", report.learned().contains(edge));
        });
    samples(root.putObject("samples"), report);
    strings(root.putArray("damage"), report.damage());
    root.put("placebo", report.isPlacebo());
    each(root.putArray("changes"), report.changes(), JsonReport::change);
    root.put("formatVersion", FORMAT_VERSION);
    return root;
  }

  private static void radius(ObjectNode node, Radius radius) {
    strings(node.putArray("inject"), radius.inject());
    strings(node.putArray("expected"), radius.expected());
    each(
        node.putArray("bounds"),
        radius.bounds(),
        (bound, of) -> {
          bound.put("service", of.service());
          put(bound, "latencyFactor", of.latencyFactor());
          put(bound, "errorRatio", of.errorRatio());
        });
  }

  private static void fault(ObjectNode node, FaultReport fault) {
    node.put("id", fault.id());
    node.put("injector", fault.injector());
    node.put("target", fault.target());
    put(node, "injectedAt", fault.injectedAt());
    put(node, "confirmedAt", fault.confirmedAt());
    put(node, "rollbackRequestedAt", fault.rollbackRequestedAt());
    put(node, "rolledBackAt", fault.rolledBackAt());
    put(node, "verifiedAt", fault.verifiedAt());
    node.put("role", fault.role().name());
    node.put("kind", fault.kind());
    node.put("service", fault.service());
    put(node, "plannedSeconds", fault.plannedSeconds());
    node.put("evidence", fault.evidence().orElse(null));
    node.put("verification", fault.verification().orElse(null));
    node.put("rollbackAttempts", fault.rollbackAttempts());
    node.put("problem", fault.problem().orElse(null));
  }

  private static void finding(ObjectNode node, FindingReport finding) {
    node.put("service", finding.service());
    node.put("class", finding.degradation().name());
    node.put("signal", finding.signal());
    number(node, "baseline", finding.baseline());
    number(node, "observed", finding.observed());
    put(node, "onset", Optional.of(finding.onset()));
    put(node, "flaggedAt", Optional.of(finding.flaggedAt()));
    node.put("confirmedByRollback", finding.confirmedByRollback().orElse(null));
    strings(node.putArray("path"), finding.path());
    put(node, "recoveredAfterUndoSeconds", finding.confirmation().recoveredAfterUndoSeconds());
    node.put("confirmation", finding.confirmation().inWords());
    node.put("unit", finding.unit().word());
    put(node, "afterInjectionSeconds", finding.afterInjectionSeconds());
    put(node, "recoveredAt", finding.recoveredAt());
    node.put("note", finding.note());
    node.put("change", finding.change().orElse(null));
  }

  private static void change(ObjectNode node, ChangeReport change) {
    put(node, "at", Optional.of(change.at()));
    node.put("service", change.service());
    node.put("kind", change.kind().name());
    node.put("injected", change.injected());
    node.put("detail", change.detail());
  }

  private static void halt(ObjectNode root, RunReport report) {
    Optional<Halt> halt = report.halt();
    if (halt.isEmpty()) {
      root.putNull("halt");
      return;
    }
    ObjectNode node = root.putObject("halt");
    put(node, "at", halt.map(Halt::at));
    node.put("reason", halt.get().reason());
    node.put("kind", halt.get().kind().name());
    put(node, "breachAt", halt.map(Halt::breachAt));
    node.put("falseHalt", report.isFalseHalt());
  }

  private static void coverage(ObjectNode node, CoverageReport coverage) {
    strings(node.putArray("servicesWatched"), coverage.servicesWatched());
    strings(node.putArray("servicesWithoutData"), coverage.servicesWithoutData());
    node.put("series", coverage.series());
    number(node, "samplingSeconds", coverage.samplingSeconds());
    node.put("looks", coverage.looks());
    node.put("looksWithoutEvidence", coverage.looksWithoutEvidence());
    each(
        node.putArray("blind"),
        coverage.blind(),
        (blind, of) -> {
          put(blind, "since", Optional.of(of.since()));
          put(blind, "until", of.until());
          blind.put("what", of.what());
        });
    strings(node.putArray("packs"), coverage.packs());
    map(node.putObject("unwatchable"), coverage.unwatchable());
    map(node.putObject("unseen"), coverage.unseen());
    put(node, "falseHaltBudget", coverage.falseHaltBudget());
    coverage
        .calibrated()
        .ifPresentOrElse(
            known -> calibrated(node.putObject("calibrated"), known),
            () -> node.putNull("calibrated"));
  }

  private static void calibrated(ObjectNode node, Calibrated known) {
    put(node, "measuredAt", Optional.of(known.measuredAt()));
    node.put("recordedHours", known.recordedHours());
    node.put("simulatedHours", known.rate().hours());
    node.put("gameDays", known.rate().gameDays());
    node.put("falseHalts", known.rate().falseHalts());
    node.put("falseHaltsInThousandHours", known.rate().perThousandHours());
    node.put("lowest", known.rate().lowest());
    node.put("highest", known.rate().highest());
  }

  private static void hypothesis(ObjectNode node, Hypothesis hypothesis) {
    node.put("title", hypothesis.title());
    each(node.putArray("probes"), hypothesis.probes(), JsonReport::probe);
  }

  private static void probe(ObjectNode node, Probe probe) {
    node.put("name", probe.name());
    node.put("signal", probe.signal());
    node.put("service", probe.service());
    node.put("unit", probe.unit().word());
    put(node, "min", probe.min());
    put(node, "max", probe.max());
    node.put("before", probe.before().map(Enum::name).orElse(null));
    node.put("during", probe.during().map(Enum::name).orElse(null));
    node.put("after", probe.after().map(Enum::name).orElse(null));
    put(node, "worst", probe.worst());
  }

  private static void rollback(ObjectNode node, Rollback rollback) {
    node.put("proof", rollback.proof().name());
    put(node, "breachToRollbackSeconds", rollback.breachToRollbackSeconds());
    put(node, "undoneSeconds", rollback.undoneSeconds());
  }

  /** Only the series that findings and probes speak of: all of them are in the journal. */
  private static void samples(ObjectNode node, RunReport report) {
    Samples samples = report.samples();
    strings(node.putArray("at"), samples.at().stream().map(Instant::toString).toList());
    List<Series> told = samples.series().stream().filter(one -> isTold(one, report)).toList();
    each(
        node.putArray("series"),
        told,
        (series, of) -> {
          series.put("service", of.service());
          series.put("signal", of.signal());
          series.put("unit", of.unit().word());
          ArrayNode values = series.putArray("values");
          of.values().forEach(value -> values.add(finite(value)));
        });
  }

  private static boolean isTold(Series series, RunReport report) {
    boolean inFinding =
        report.findings().stream()
            .anyMatch(
                finding ->
                    finding.service().equals(series.service())
                        && finding.signal().equals(series.signal()));
    return inFinding
        || report.hypothesis().probes().stream()
            .anyMatch(
                probe ->
                    probe.service().equals(series.service())
                        && probe.signal().equals(series.signal()));
  }

  private static <T> void each(
      ArrayNode array, Collection<T> elements, BiConsumer<ObjectNode, T> write) {
    elements.forEach(element -> write.accept(array.addObject(), element));
  }

  private static void strings(ArrayNode array, Collection<String> strings) {
    strings.forEach(array::add);
  }

  private static void map(ObjectNode node, Map<String, String> map) {
    map.forEach(node::put);
  }

  private static void put(ObjectNode node, String key, Optional<Instant> instant) {
    node.put(key, instant.map(Instant::toString).orElse(null));
  }

  private static void put(ObjectNode node, String key, OptionalDouble value) {
    number(node, key, value.orElse(Double.NaN));
  }

  private static void number(ObjectNode node, String key, double value) {
    node.put(key, finite(value));
  }

  /** JSON has no word for what is not a number. */
  private static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}

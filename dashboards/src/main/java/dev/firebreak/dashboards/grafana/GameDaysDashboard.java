package dev.firebreak.dashboards.grafana;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.firebreak.dashboards.grafana.Panel.Kind;
import dev.firebreak.dashboards.grafana.Panel.Query;
import dev.firebreak.run.FirebreakMetrics;
import java.util.List;

/**
 * The dashboard <i>Firebreak GameDays</i>: whether a fault is in place, how services fare, how runs
 * ended, and how Firebreak itself fares. In Grafana's classic JSON, which versions 9 to 13 read.
 */
public final class GameDaysDashboard {
  /** Stable for ever: links and home pages hold it. */
  public static final String UID = "firebreak-gamedays";

  static final String REQUESTS = "http_server_requests_seconds";

  private static final int SCHEMA_VERSION = 39;
  private static final int COLUMNS = 24;

  private static final String OF_SERVICE = "{job=~\"$job\", $label=~\"$service\"}";
  private static final String FAILED =
      "{job=~\"$job\", $label=~\"$service\", outcome=\"SERVER_ERROR\"}";
  static final String OF_JOB = "{job=~\"$job\"}";
  static final String RATE = "[$__rate_interval]";
  private static final String RANGE = "[$__range]";

  private GameDaysDashboard() {}

  private record Section(String title, List<Panel> panels) {}

  /** UTF-8 text, indented by two spaces, ending in a line break; the same on every JVM. */
  public static String json() {
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter()
            .withObjectIndenter(new DefaultIndenter("  ", "\n"))
            .withArrayIndenter(new DefaultIndenter("  ", "\n"));
    try {
      return new ObjectMapper().writer(printer).writeValueAsString(tree()) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values cannot be written", e);
    }
  }

  static ObjectNode tree() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.putNull("id");
    root.put("uid", UID);
    root.put("title", "Firebreak GameDays");
    root.put("description", "Faults in place, services under them, and how runs ended.");
    root.putArray("tags").add("firebreak").add("chaos");
    root.put("schemaVersion", SCHEMA_VERSION);
    root.put("editable", false);
    // One crosshair for all panels: what else moved at that moment?
    root.put("graphTooltip", 1);
    root.put("timezone", "browser");
    root.put("refresh", "30s");
    root.putObject("time").put("from", "now-3h").put("to", "now");
    Annotations.addTo(root.putObject("annotations").putArray("list"));
    Variables.addTo(root.putObject("templating").putArray("list"));
    root.putArray("links");
    layOut(root.putArray("panels"));
    return root;
  }

  private static void layOut(ArrayNode panels) {
    int id = 1;
    int y = 0;
    for (Section section : sections()) {
      panels.add(row(section.title(), id++, y++));
      int x = 0;
      for (Panel panel : section.panels()) {
        if (x + panel.width() > COLUMNS) {
          x = 0;
          y += Panel.HEIGHT;
        }
        panels.add(panel.json(id++, x, y));
        x += panel.width();
      }
      y += Panel.HEIGHT;
    }
  }

  private static ObjectNode row(String title, int id, int y) {
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    row.put("id", id).put("type", "row").put("title", title).put("collapsed", false);
    row.set("gridPos", Json.gridPos(0, y, COLUMNS, 1));
    row.putArray("panels");
    return row;
  }

  private static List<Section> sections() {
    return List.of(
        new Section("Is a fault in place?", List.of(faultsNow(), faultTimeline())),
        new Section("Services", List.of(rate(), errors(), duration())),
        new Section(
            "Runs",
            List.of(
                outcomes(),
                halts(),
                findings(),
                breachToRollback(),
                undoToVerified(),
                runDuration())),
        new Section("Firebreak itself", OwnPanels.all()));
  }

  private static Panel faultsNow() {
    return new Panel(
        Kind.STAT,
        "Faults in place",
        "How many faults may be in place now. 0 outside GameDays: anything else is worth a look.",
        "short",
        4,
        List.of(Query.instant("sum(" + FirebreakMetrics.FAULTS_ACTIVE + OF_JOB + ")", "faults")));
  }

  private static Panel faultTimeline() {
    return new Panel(
        Kind.STATE_TIMELINE,
        "Faults by service",
        "When Firebreak had a fault in which service. What degraded at these times in these"
            + " services was injected; what degraded elsewhere may be a cascade.",
        "short",
        20,
        List.of(
            Query.range(
                "max by (gameday, service, env) (%s{job=~\"$job\", env=~\"$env\"})"
                    .formatted(FirebreakMetrics.FAULT_ACTIVE),
                "{{service}} ({{gameday}}, {{env}})")));
  }

  private static Panel rate() {
    return new Panel(
        Kind.TIME_SERIES,
        "Requests",
        "Requests per second that each service answered. A drop during a fault is as bad as errors.",
        "reqps",
        8,
        List.of(
            Query.range(
                "sum by ($label) (rate(" + REQUESTS + "_count" + OF_SERVICE + RATE + "))")));
  }

  private static Panel errors() {
    String failed = "sum by ($label) (rate(" + REQUESTS + "_count" + FAILED + RATE + "))";
    String all = "sum by ($label) (rate(" + REQUESTS + "_count" + OF_SERVICE + RATE + "))";
    return new Panel(
        Kind.TIME_SERIES,
        "Failed requests",
        "Share of requests that a service answered with 5xx. A service without one reads 0; one"
            + " without any traffic reads nothing.",
        "percentunit",
        8,
        List.of(Query.range("(%s or 0 * %s) / %s".formatted(failed, all, all))));
  }

  private static Panel duration() {
    return new Panel(
        Kind.TIME_SERIES,
        "Latency, 95th percentile",
        "Needs the services' latency histograms"
            + " (management.metrics.distribution.percentiles-histogram).",
        "s",
        8,
        List.of(
            Query.range(
                "histogram_quantile(0.95, sum by (le, $label) (rate("
                    + REQUESTS
                    + "_bucket"
                    + OF_SERVICE
                    + RATE
                    + ")))")));
  }

  private static Panel outcomes() {
    return new Panel(
        Kind.BAR_GAUGE,
        "Runs by outcome",
        "How the runs in the time range ended.",
        "short",
        8,
        List.of(increase("outcome", FirebreakMetrics.RUNS)));
  }

  private static Panel halts() {
    return new Panel(
        Kind.BAR_GAUGE,
        "Halts by reason",
        "Why runs in the time range were ended early.",
        "short",
        8,
        List.of(increase("reason", FirebreakMetrics.HALTS)));
  }

  private static Panel findings() {
    return new Panel(
        Kind.BAR_GAUGE,
        "Findings by class",
        "Degraded services in the runs of the time range. ESCAPED is what GameDays look for.",
        "short",
        8,
        List.of(increase("class", FirebreakMetrics.FINDINGS)));
  }

  private static Query increase(String label, String counter) {
    return Query.instant(
        "round(sum by (%s) (increase(%s%s)))".formatted(label, counter, OF_JOB + RANGE),
        "{{%s}}".formatted(label));
  }

  private static Panel breachToRollback() {
    return new Panel(
        Kind.STAT,
        "Breach to rollback",
        "From the breach that halted a run to the last undo sent, in the time range. The budget is"
            + " 2 s.",
        "s",
        8,
        quantiles(FirebreakMetrics.HALT_DELAY));
  }

  private static Panel undoToVerified() {
    return new Panel(
        Kind.STAT,
        "Undo to verified",
        "From the first undo of a fault sent to its rollback verified, in the time range. The"
            + " budget is 30 s.",
        "s",
        8,
        quantiles(FirebreakMetrics.ROLLBACK_DURATION));
  }

  private static Panel runDuration() {
    return new Panel(
        Kind.STAT,
        "Duration of runs",
        "From opened to closed, in the time range.",
        "s",
        8,
        quantiles(FirebreakMetrics.RUN_DURATION));
  }

  private static List<Query> quantiles(String histogram) {
    String buckets = "sum by (le) (increase(" + histogram + "_bucket" + OF_JOB + RANGE + "))";
    return List.of(
        Query.instant("histogram_quantile(0.5, " + buckets + ")", "median"),
        Query.instant("histogram_quantile(0.95, " + buckets + ")", "95th percentile"));
  }
}

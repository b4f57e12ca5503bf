package dev.firebreak.dashboards.grafana;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.firebreak.run.FirebreakMetrics;

/** What is drawn over all panels. */
final class Annotations {
  /** A GameDay makes a few per injected service and finding; a week's view must hold many. */
  private static final int MOST = 500;

  private Annotations() {}

  static void addTo(ArrayNode list) {
    builtIn(list.addObject());
    marks(list.addObject());
    blastRadius(list.addObject());
  }

  /** Every dashboard has it; without it Grafana adds one and calls the dashboard changed. */
  private static void builtIn(ObjectNode annotation) {
    annotation.put("builtIn", 1);
    Json.grafana(annotation.putObject("datasource"));
    annotation.put("enable", true).put("hide", true).put("iconColor", "rgba(0, 211, 255, 1)");
    annotation.put("name", "Annotations & Alerts").put("type", "dashboard");
  }

  /** The regions and points that Firebreak writes into Grafana. */
  private static void marks(ObjectNode annotation) {
    Json.grafana(annotation.putObject("datasource"));
    annotation.put("enable", true).put("hide", false).put("iconColor", "red");
    annotation.put("name", "Firebreak");
    ObjectNode target = annotation.putObject("target");
    target.put("type", "tags").put("matchAny", false).put("limit", MOST);
    target.putArray("tags").add("firebreak");
  }

  /** The same regions from the metric: these need no right to write, and end by themselves. */
  private static void blastRadius(ObjectNode annotation) {
    Json.prometheus(annotation.putObject("datasource"));
    annotation.put("enable", true).put("hide", false).put("iconColor", "orange");
    annotation.put("name", "Blast radius");
    annotation.put(
        "expr",
        "max by (gameday, service, env) (%s{job=~\"$job\", env=~\"$env\"}) > 0"
            .formatted(FirebreakMetrics.FAULT_ACTIVE));
    annotation.put("step", "10s").put("useValueForTime", false);
    annotation.put("titleFormat", "Fault in {{service}}");
    annotation.put("textFormat", "GameDay {{gameday}} in {{env}}");
    annotation.put("tagKeys", "gameday,service,env");
  }
}

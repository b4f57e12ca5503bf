package dev.firebreak.dashboards.grafana;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.firebreak.run.FirebreakMetrics;
import java.util.List;

/** What a reader can choose at the top of the dashboard. */
final class Variables {
  /** Grafana: ask again when the time range changes. */
  private static final int ON_TIME_RANGE_CHANGE = 2;

  private static final int SORTED = 1;

  /** How conventions name the label that tells services apart; the first is Micrometer's. */
  private static final List<String> SERVICE_LABELS =
      List.of("application", "service", "service_name", "job");

  private Variables() {}

  static void addTo(ArrayNode list) {
    datasource(list.addObject());
    query(
        list.addObject(),
        "job",
        "job",
        "label_values({__name__=~\"%s|%s\"}, job)"
            .formatted(GameDaysDashboard.REQUESTS + "_count", FirebreakMetrics.BUILD_INFO));
    query(
        list.addObject(),
        "env",
        "environment",
        "label_values(%s{job=~\"$job\"}, env)".formatted(FirebreakMetrics.FAULT_ACTIVE));
    serviceLabel(list.addObject());
    query(
        list.addObject(),
        "service",
        "service",
        "label_values(%s_count{job=~\"$job\"}, $label)".formatted(GameDaysDashboard.REQUESTS));
  }

  private static void datasource(ObjectNode variable) {
    variable.put("name", "datasource").put("label", "Data Source").put("type", "datasource");
    variable.put("query", "prometheus").put("refresh", 1).put("hide", 0);
    variable.put("multi", false).put("includeAll", false).put("regex", "");
    variable.putObject("current");
    variable.putArray("options");
  }

  private static void query(ObjectNode variable, String name, String label, String query) {
    variable.put("name", name).put("label", label).put("type", "query");
    Json.prometheus(variable.putObject("datasource"));
    variable.put("definition", query);
    variable.putObject("query").put("query", query).put("refId", "variable-" + name);
    variable.put("refresh", ON_TIME_RANGE_CHANGE).put("sort", SORTED).put("hide", 0);
    variable.put("multi", true).put("includeAll", true).put("allValue", ".+").put("regex", "");
    ObjectNode current = variable.putObject("current");
    current.put("selected", true);
    current.putArray("text").add("All");
    current.putArray("value").add("$__all");
    variable.putArray("options");
  }

  private static void serviceLabel(ObjectNode variable) {
    variable.put("name", "label").put("label", "service label").put("type", "custom");
    variable.put("description", "The label of the request metrics that tells services apart.");
    variable.put("query", String.join(",", SERVICE_LABELS));
    variable.put("multi", false).put("includeAll", false).put("hide", 0);
    ObjectNode current = variable.putObject("current");
    current.put("selected", true);
    current.put("text", SERVICE_LABELS.get(0)).put("value", SERVICE_LABELS.get(0));
    ArrayNode options = variable.putArray("options");
    for (String label : SERVICE_LABELS) {
      boolean first = label.equals(SERVICE_LABELS.get(0));
      options.addObject().put("selected", first).put("text", label).put("value", label);
    }
  }
}

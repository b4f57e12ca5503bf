package dev.firebreak.dashboards.grafana;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * One panel of a dashboard.
 *
 * @param description what it shows and how to read it
 * @param unit Grafana's id of a unit, such as {@code s} or {@code percentunit}
 * @param width of 24
 */
record Panel(
    Kind kind, String title, String description, String unit, int width, List<Query> queries) {
  static final int HEIGHT = 8;

  /** How it is drawn. */
  enum Kind {
    TIME_SERIES("timeseries"),
    STAT("stat"),
    BAR_GAUGE("bargauge"),
    STATE_TIMELINE("state-timeline");

    private final String type;

    Kind(String type) {
      this.type = type;
    }
  }

  /**
   * One query.
   *
   * @param legend with labels as {@code {{label}}}; {@code __auto} leaves it to Grafana
   * @param instant whether only the end of the time range counts
   */
  record Query(String expr, String legend, boolean instant) {
    static Query range(String expr) {
      return new Query(expr, "__auto", false);
    }

    static Query range(String expr, String legend) {
      return new Query(expr, legend, false);
    }

    static Query instant(String expr, String legend) {
      return new Query(expr, legend, true);
    }
  }

  Panel {
    queries = List.copyOf(queries);
  }

  ObjectNode json(int id, int x, int y) {
    ObjectNode panel = JsonNodeFactory.instance.objectNode();
    panel.put("id", id);
    panel.put("type", kind.type);
    panel.put("title", title);
    panel.put("description", description);
    Json.prometheus(panel.putObject("datasource"));
    panel.set("gridPos", Json.gridPos(x, y, width, HEIGHT));
    fields(panel.putObject("fieldConfig"));
    options(panel.putObject("options"));
    for (int i = 0; i < queries.size(); i++) {
      panel.withArray("targets").add(target(queries.get(i), i));
    }
    return panel;
  }

  private static ObjectNode target(Query query, int place) {
    ObjectNode target = JsonNodeFactory.instance.objectNode();
    Json.prometheus(target.putObject("datasource"));
    target.put("refId", Character.toString('A' + place));
    target.put("expr", query.expr());
    target.put("legendFormat", query.legend());
    target.put("range", !query.instant());
    target.put("instant", query.instant());
    return target;
  }

  private void fields(ObjectNode config) {
    ObjectNode defaults = config.putObject("defaults");
    defaults.put("unit", unit);
    ObjectNode custom = defaults.putObject("custom");
    switch (kind) {
      case TIME_SERIES -> {
        defaults.put("min", 0);
        custom.put("lineWidth", 1).put("fillOpacity", 8);
        custom.put("showPoints", "never").put("spanNulls", false);
      }
      case STATE_TIMELINE -> {
        custom.put("fillOpacity", 75).put("lineWidth", 0);
        ObjectNode states = defaults.putArray("mappings").addObject().put("type", "value");
        ObjectNode options = states.putObject("options");
        options.putObject("0").put("text", "no fault").put("color", "transparent").put("index", 0);
        options.putObject("1").put("text", "fault").put("color", "orange").put("index", 1);
      }
      case STAT, BAR_GAUGE -> defaults.put("min", 0);
    }
    config.putArray("overrides");
  }

  private void options(ObjectNode options) {
    switch (kind) {
      case TIME_SERIES -> {
        legend(options);
        options.putObject("tooltip").put("mode", "multi").put("sort", "desc");
      }
      case STATE_TIMELINE -> {
        legend(options);
        options.put("mergeValues", true).put("showValue", "never").put("rowHeight", 0.8);
      }
      case STAT -> {
        reduce(options);
        options.put("colorMode", "value").put("graphMode", "none").put("textMode", "auto");
      }
      case BAR_GAUGE -> {
        reduce(options);
        options.put("orientation", "horizontal").put("displayMode", "basic");
      }
    }
  }

  private static void legend(ObjectNode options) {
    options
        .putObject("legend")
        .put("displayMode", "list")
        .put("placement", "bottom")
        .put("showLegend", true);
  }

  private static void reduce(ObjectNode options) {
    ObjectNode reduce = options.putObject("reduceOptions");
    reduce.putArray("calcs").add("lastNotNull");
    reduce.put("fields", "").put("values", false);
  }
}

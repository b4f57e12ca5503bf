package dev.firebreak.dashboards.grafana;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The pieces of Grafana's JSON that are the same everywhere. */
final class Json {
  private Json() {}

  /** The data source that the reader chose; never one by its id. */
  static ObjectNode prometheus(ObjectNode node) {
    return node.put("type", "prometheus").put("uid", "${datasource}");
  }

  /** Grafana itself, which keeps the annotations. */
  static ObjectNode grafana(ObjectNode node) {
    return node.put("type", "grafana").put("uid", "-- Grafana --");
  }

  static ObjectNode gridPos(int x, int y, int width, int height) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("h", height)
        .put("w", width)
        .put("x", x)
        .put("y", y);
  }
}

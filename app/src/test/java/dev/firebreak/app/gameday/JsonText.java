package dev.firebreak.app.gameday;

/** A document as JSON, with plain scalars typed as the JSON schema of YAML 1.2 types them. */
final class JsonText {
  private JsonText() {}

  static String of(Node node) {
    StringBuilder json = new StringBuilder();
    write(node, json);
    return json.toString();
  }

  private static void write(Node node, StringBuilder json) {
    if (node instanceof Node.Scalar scalar) {
      writeScalar(scalar, json);
    } else if (node instanceof Node.Items items) {
      String separator = "[";
      for (Node item : items.items()) {
        json.append(separator);
        write(item, json);
        separator = ",";
      }
      json.append(items.items().isEmpty() ? "[]" : "]");
    } else if (node instanceof Node.Entries entries) {
      String separator = "{";
      for (Node.Entry entry : entries.entries()) {
        json.append(separator);
        writeText(entry.key().text(), json);
        json.append(':');
        write(entry.value(), json);
        separator = ",";
      }
      json.append(entries.entries().isEmpty() ? "{}" : "}");
    }
  }

  private static void writeScalar(Node.Scalar scalar, StringBuilder json) {
    String text = scalar.text();
    if (scalar.isNull()) {
      json.append("null");
    } else if (scalar.plain()
        && text.matches("true|false|-?(0|[1-9]\\d*)(\\.\\d+)?([eE][-+]?\\d+)?")) {
      json.append(text);
    } else {
      writeText(text, json);
    }
  }

  private static void writeText(String text, StringBuilder json) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char at = text.charAt(i);
      if (at == '"' || at == '\\') {
        json.append('\\').append(at);
      } else if (at < ' ') {
        json.append("\\u").append(Printable.hex(at));
      } else {
        json.append(at);
      }
    }
    json.append('"');
  }
}

package dev.firebreak.app.gameday;

import dev.firebreak.experiment.GameDay;
import java.util.Locale;
import java.util.Optional;

/** Reads {@code metadata}. */
final class MetadataReader {
  private static final String NAME = "1 to 63 of a to z, 0 to 9 and -";
  private static final int LONGEST_NAME = 63;
  private static final int LONGEST_TEXT = 100;

  private final Values values;
  private final Mistakes mistakes;

  MetadataReader(Values values, Mistakes mistakes) {
    this.values = values;
    this.mistakes = mistakes;
  }

  GameDay.Metadata read(Optional<Node> node, String fileName) {
    return node.flatMap(found -> Fields.of(found, Form.METADATA, mistakes))
        .map(
            fields ->
                new GameDay.Metadata(
                    fields.find("name").flatMap(this::name).orElse(nameOf(fileName)),
                    text(fields, "owner", "unknown"),
                    text(fields, "environment", "default")))
        .orElse(new GameDay.Metadata(nameOf(fileName), "unknown", "default"));
  }

  private String text(Fields fields, String key, String otherwise) {
    return fields.find(key).flatMap(node -> values.text(node, LONGEST_TEXT)).orElse(otherwise);
  }

  private Optional<String> name(Node node) {
    return values
        .scalar(node, NAME)
        .filter(
            text -> {
              boolean fits = isName(text);
              if (!fits) {
                mistakes.add(node, "is not a name for a GameDay", NAME + hint(text));
              }
              return fits;
            });
  }

  private static String hint(String text) {
    return text.isBlank() ? "" : Nearest.hint(toName(text));
  }

  private static boolean isName(String text) {
    return !text.isEmpty()
        && text.length() <= LONGEST_NAME
        && text.chars().allMatch(MetadataReader::isNameChar);
  }

  private static boolean isNameChar(int at) {
    return (at >= 'a' && at <= 'z') || (at >= '0' && at <= '9') || at == '-';
  }

  /** {@code days/Checkout weekly.yaml} gives {@code checkout-weekly}. */
  static String nameOf(String fileName) {
    String name =
        fileName.substring(Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\')) + 1);
    int dot = name.lastIndexOf('.');
    return toName(dot > 0 ? name.substring(0, dot) : name);
  }

  private static String toName(String text) {
    StringBuilder name = new StringBuilder();
    String lower = text.toLowerCase(Locale.ROOT);
    for (int i = 0; i < lower.length() && name.length() < LONGEST_NAME; i++) {
      if (lower.charAt(i) != '-' && isNameChar(lower.charAt(i))) {
        name.append(lower.charAt(i));
      } else if (!name.isEmpty() && name.charAt(name.length() - 1) != '-') {
        name.append('-');
      }
    }
    if (!name.isEmpty() && name.charAt(name.length() - 1) == '-') {
      name.setLength(name.length() - 1);
    }
    return name.isEmpty() ? "gameday" : name.toString();
  }
}

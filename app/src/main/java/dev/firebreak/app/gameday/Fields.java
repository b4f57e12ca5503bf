package dev.firebreak.app.gameday;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** An object of the file, seen as one of the forms that a GameDay is made of. */
final class Fields {
  private final Node.Entries owner;
  private final Form form;
  private final Mistakes mistakes;
  private final Map<String, Node> values = new LinkedHashMap<>();

  private Fields(Node.Entries owner, Form form, Mistakes mistakes) {
    this.owner = owner;
    this.form = form;
    this.mistakes = mistakes;
    for (Node.Entry entry : owner.entries()) {
      if (form.keys().contains(entry.key().text())) {
        values.put(entry.key().text(), entry.value());
      } else {
        tellUnknown(entry.key());
      }
    }
  }

  /** The object that {@code node} is; if it is none, empty and a mistake. */
  static Optional<Fields> of(Node node, Form form, Mistakes mistakes) {
    if (node instanceof Node.Entries entries) {
      return Optional.of(new Fields(entries, form, mistakes));
    }
    mistakes.addForm(node, "an object with " + String.join(", ", form.keys()));
    return Optional.empty();
  }

  private void tellUnknown(Node.Scalar key) {
    mistakes.add(
        key,
        "is not a known key",
        String.join(", ", form.keys()) + Nearest.hint(key.text(), form.keys()));
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  /** The value under {@code key}, which may be left out but not be empty. */
  Optional<Node> find(String key) {
    Node value = values.get(key);
    if (value instanceof Node.Scalar scalar && scalar.isNull()) {
      mistakes.add(value, "is empty", "a value, or leave the key out");
      return Optional.empty();
    }
    return Optional.ofNullable(value);
  }

  /** The value under {@code key}, without judging it. */
  Optional<Node> value(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /**
   * The value under {@code key}; a mistake if there is none.
   *
   * @param allowed what it should be
   */
  Optional<Node> require(String key, String allowed) {
    if (!has(key)) {
      mistakes.addMissing(owner, path(key), allowed);
    }
    return find(key);
  }

  /** Tells a mistake of the object as a whole. */
  void tell(String problem, String allowed) {
    mistakes.add(owner, problem, allowed);
  }

  private Path path(String key) {
    return owner.path().key(key);
  }
}

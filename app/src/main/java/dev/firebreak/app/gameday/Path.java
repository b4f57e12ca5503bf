package dev.firebreak.app.gameday;

import org.jspecify.annotations.Nullable;

/**
 * Where in the document a node stands. A chain instead of a text, because a file may have thousands
 * of nodes and few mistakes.
 */
final class Path {
  static final Path ROOT = new Path(null, "");

  private final @Nullable Path parent;
  private final String step;

  private Path(@Nullable Path parent, String step) {
    this.parent = parent;
    this.step = step;
  }

  Path key(String key) {
    return new Path(this, parent == null ? key : "." + key);
  }

  Path index(int index) {
    return new Path(this, "[" + index + "]");
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Path at = this; at != null; at = at.parent) {
      text.insert(0, Printable.shortened(at.step));
    }
    return text.toString();
  }
}

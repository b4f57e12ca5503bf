package dev.firebreak.app.gameday;

import java.util.List;

/**
 * A value of the document and where it stands. Scalars are text: YAML's guesses ({@code no} is
 * false, {@code 12:30} is 750, {@code on} is a boolean key) never happen.
 */
sealed interface Node permits Node.Scalar, Node.Items, Node.Entries, Node.Unreadable {
  Path path();

  /** From 1. */
  int line();

  /** From 1. */
  int column();

  /** What it is, for messages: {@code a list}. */
  String form();

  /**
   * One value.
   *
   * @param plain neither quoted nor a block
   */
  record Scalar(Path path, int line, int column, String text, boolean plain) implements Node {
    @Override
    public String form() {
      return "a single value";
    }

    /** Whether YAML and JSON call it null. */
    boolean isNull() {
      return plain
          && switch (text) {
            case "", "~", "null", "Null", "NULL" -> true;
            default -> false;
          };
    }
  }

  /** A list. */
  record Items(Path path, int line, int column, List<Node> items) implements Node {
    @Override
    public String form() {
      return "a list";
    }
  }

  /** An object; its keys differ from each other. */
  record Entries(Path path, int line, int column, List<Entry> entries) implements Node {
    @Override
    public String form() {
      return "an object";
    }
  }

  /** Something whose mistake is already told, such as an alias. */
  record Unreadable(Path path, int line, int column) implements Node {
    @Override
    public String form() {
      return "unreadable";
    }
  }

  /** A key, where it stands, and its value. */
  record Entry(Scalar key, Node value) {}
}

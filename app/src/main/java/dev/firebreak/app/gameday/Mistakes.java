package dev.firebreak.app.gameday;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The mistakes found so far in one file. */
final class Mistakes {
  private final List<Mistake> found = new ArrayList<>();

  boolean none() {
    return found.isEmpty();
  }

  int count() {
    return found.size();
  }

  /** In the order of the file. */
  List<Mistake> inOrder() {
    List<Mistake> ordered = new ArrayList<>(found);
    ordered.sort(Comparator.comparingInt(Mistake::line).thenComparingInt(Mistake::column));
    return ordered;
  }

  /** A mistake of the file as a whole, or one that no node stands for. */
  void add(int line, int column, String problem, String allowed) {
    found.add(new Mistake(line, column, "", "", problem, allowed));
  }

  /** A mistake in what {@code node} says. */
  void add(Node node, String problem, String allowed) {
    String value = node instanceof Node.Scalar scalar ? Printable.shortened(scalar.text()) : "";
    found.add(
        new Mistake(node.line(), node.column(), node.path().toString(), value, problem, allowed));
  }

  /** A mistake in what {@code node} says, which may be a secret and is not shown. */
  void addSecret(Node node, String problem, String allowed) {
    found.add(
        new Mistake(node.line(), node.column(), node.path().toString(), "", problem, allowed));
  }

  /** {@code owner} should have {@code key}. */
  void addMissing(Node owner, Path key, String allowed) {
    found.add(new Mistake(owner.line(), owner.column(), key.toString(), "", "is missing", allowed));
  }

  /** {@code node} has the wrong form, unless that is told already. */
  void addForm(Node node, String allowed) {
    if (node instanceof Node.Unreadable) {
      return;
    }
    boolean empty = node instanceof Node.Scalar scalar && scalar.isNull();
    add(node, empty ? "is empty" : "is " + node.form(), allowed);
  }
}

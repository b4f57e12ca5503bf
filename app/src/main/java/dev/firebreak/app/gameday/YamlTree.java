package dev.firebreak.app.gameday;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Builds the document from the parser's events. Nothing is resolved: no anchors, no tags, no merge
 * keys, no types; each of them is a mistake instead. JSON is read as the YAML that it almost is.
 */
final class YamlTree {
  static final int DEEPEST = 30;
  static final int MOST_NODES = 10_000;
  static final int LONGEST_KEY = 200;

  private static final String SYNTAX = "YAML or JSON";

  private final ParserImpl parser;
  private final Mistakes mistakes;
  private int nodes;
  private int line = 1;
  private int column = 1;

  private YamlTree(String text, Mistakes mistakes) {
    this.parser = new ParserImpl(new StreamReader(text), new LoaderOptions());
    this.mistakes = mistakes;
  }

  /** The root of the only document, or empty and a mistake. */
  static Optional<Node> read(String text, Mistakes mistakes) {
    try {
      return Optional.of(new YamlTree(text, mistakes).document());
    } catch (UnreadableException e) {
      return Optional.empty();
    }
  }

  private Node document() throws UnreadableException {
    next();
    if (!next().is(Event.ID.DocumentStart)) {
      throw unreadable(1, 1, "the file is empty", "one GameDay");
    }
    Node root = node(next(), Path.ROOT, 1);
    next();
    if (!next().is(Event.ID.StreamEnd)) {
      throw unreadable(line, column, "a second document starts here", "one document");
    }
    return root;
  }

  private Node node(Event event, Path path, int depth) throws UnreadableException {
    int atLine = line;
    int atColumn = column;
    if (++nodes > MOST_NODES) {
      throw unreadable(atLine, atColumn, "too many values", "at most " + MOST_NODES);
    }
    if (event instanceof AliasEvent alias) {
      Node node = new Node.Unreadable(path, atLine, atColumn);
      tellAlias(node, alias);
      return node;
    }
    Node node =
        event instanceof ScalarEvent scalar
            ? new Node.Scalar(path, atLine, atColumn, scalar.getValue(), scalar.isPlain())
            : collection((CollectionStartEvent) event, path, depth);
    tellAnchor(node, (NodeEvent) event);
    tellTag(node, tag(event));
    return node;
  }

  private Node collection(CollectionStartEvent event, Path path, int depth)
      throws UnreadableException {
    int atLine = line;
    int atColumn = column;
    if (depth > DEEPEST) {
      throw unreadable(
          atLine,
          atColumn,
          "nested too deep",
          "at most " + DEEPEST + " levels of lists and objects");
    }
    return event instanceof MappingStartEvent
        ? new Node.Entries(path, atLine, atColumn, entries(path, depth))
        : new Node.Items(path, atLine, atColumn, items(path, depth));
  }

  private List<Node> items(Path path, int depth) throws UnreadableException {
    List<Node> items = new ArrayList<>();
    for (Event event = next(); !event.is(Event.ID.SequenceEnd); event = next()) {
      items.add(node(event, path.index(items.size()), depth + 1));
    }
    return items;
  }

  private List<Node.Entry> entries(Path path, int depth) throws UnreadableException {
    Map<String, Node.Entry> entries = new LinkedHashMap<>();
    for (Event event = next(); !event.is(Event.ID.MappingEnd); event = next()) {
      Path at = event instanceof ScalarEvent scalar ? path.key(scalar.getValue()) : path;
      Node key = node(event, at, depth + 1);
      Node value = node(next(), at, depth + 1);
      if (!(key instanceof Node.Scalar word)) {
        mistakes.addForm(key, "a word as key");
      } else if (isUsable(word)) {
        add(new Node.Entry(word, value), entries);
      }
    }
    return List.copyOf(entries.values());
  }

  private void add(Node.Entry entry, Map<String, Node.Entry> entries) {
    Node.Entry twin = entries.putIfAbsent(entry.key().text(), entry);
    if (twin != null) {
      mistakes.add(
          entry.key(), "is given twice, first on line " + twin.key().line(), "each key once");
    }
  }

  private boolean isUsable(Node.Scalar key) {
    if (key.text().isEmpty()) {
      mistakes.add(key, "has an empty key", "a word as key");
      return false;
    }
    if (key.text().length() > LONGEST_KEY) {
      mistakes.add(
          key,
          "is a key of " + key.text().length() + " characters",
          "keys of at most " + LONGEST_KEY + " characters");
      return false;
    }
    if (key.plain() && key.text().equals("<<")) {
      mistakes.add(key, "is a merge key", "no merge keys: write the values out");
      return false;
    }
    return true;
  }

  private void tellAlias(Node node, AliasEvent alias) {
    mistakes.add(
        node,
        "the alias *" + Printable.shortened(alias.getAnchor()) + " stands for another value",
        "no aliases: write the value out; a text that begins with * needs quotes");
  }

  private void tellAnchor(Node node, NodeEvent event) {
    @Nullable String anchor = event.getAnchor();
    if (anchor != null) {
      mistakes.add(
          node,
          "has the anchor &" + Printable.shortened(anchor),
          "no anchors; a text that begins with & needs quotes");
    }
  }

  private void tellTag(Node node, @Nullable String tag) {
    if (tag != null) {
      mistakes.add(
          node,
          "has the tag " + Printable.shortened(tag),
          "no tags; a text that begins with ! needs quotes");
    }
  }

  private static @Nullable String tag(Event event) {
    return event instanceof ScalarEvent scalar
        ? scalar.getTag()
        : ((CollectionStartEvent) event).getTag();
  }

  private Event next() throws UnreadableException {
    try {
      Event event = parser.getEvent();
      line = event.getStartMark().getLine() + 1;
      column = event.getStartMark().getColumn() + 1;
      return event;
    } catch (MarkedYAMLException e) {
      throw unreadable(e);
    } catch (RuntimeException e) {
      // The scanner lets some escapes, such as "\UFFFFFFFF", fail in the JDK's own methods.
      throw unreadable(line, column, "cannot be read from here on: " + oneLine(e), SYNTAX);
    }
  }

  private UnreadableException unreadable(MarkedYAMLException e) {
    Mark mark = e.getProblemMark() != null ? e.getProblemMark() : e.getContextMark();
    String problem = e.getProblem() != null ? e.getProblem() : String.valueOf(e.getMessage());
    return unreadable(
        mark != null ? mark.getLine() + 1 : line,
        mark != null ? mark.getColumn() + 1 : column,
        Printable.sentence(problem.strip()),
        isAlias(e) ? SYNTAX + "; text that begins with * or & needs quotes" : SYNTAX);
  }

  // Somebody who writes cron: with a leading asterisk sees what YAML takes it for.
  private static boolean isAlias(MarkedYAMLException e) {
    String context = String.valueOf(e.getContext());
    return context.contains("alias") || context.contains("anchor");
  }

  private UnreadableException unreadable(int line, int column, String problem, String allowed) {
    mistakes.add(line, column, problem, allowed);
    return new UnreadableException();
  }

  private static String oneLine(RuntimeException e) {
    return Printable.sentence(String.valueOf(e.getMessage()));
  }
}

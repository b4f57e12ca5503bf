package dev.firebreak.probes.scrape;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.firebreak.probes.scrape.ExpositionParser.Format;
import dev.firebreak.probes.scrape.Page.PageSample;
import dev.firebreak.probes.signal.FloatText;
import dev.firebreak.probes.signal.Labels;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;

/** Moves over one line of a metrics page. */
final class LineCursor {
  private static final int EXCERPT = 60;

  private final byte[] bytes;
  private final int to;
  private int at;

  /** The bytes from {@code from} to before {@code to}, not blank at their start. */
  LineCursor(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.at = from;
    this.to = to;
  }

  static int skipBlanks(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && (bytes[at] == ' ' || bytes[at] == '\t')) {
      at++;
    }
    return at;
  }

  static String excerpt(byte[] bytes, int from, int to) {
    String text = new String(bytes, from, Math.min(to - from, EXCERPT), UTF_8);
    String printable = text.replaceAll("\\p{Cntrl}", "?");
    return '"' + printable + (to - from > EXCERPT ? "…" : "") + '"';
  }

  boolean at(char wanted) {
    return at < to && bytes[at] == wanted;
  }

  private void skipBlanks() {
    at = skipBlanks(bytes, at, to);
  }

  private boolean takeIf(char wanted) {
    if (at(wanted)) {
      at++;
      return true;
    }
    return false;
  }

  private void require(char wanted) throws MalformedLine {
    if (!takeIf(wanted)) {
      throw new MalformedLine("expected " + wanted + " at character " + at);
    }
  }

  /** Moves behind a metric's name and says where that is. */
  int metricName() throws MalformedLine {
    int start = at;
    while (at < to && isNamePart(bytes[at], at > start, true)) {
      at++;
    }
    if (at == start) {
      throw new MalformedLine("expected a metric's name");
    }
    return at;
  }

  private static boolean isNamePart(byte b, boolean digits, boolean colon) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || b == '_'
        || (colon && b == ':')
        || (digits && b >= '0' && b <= '9');
  }

  /** After the name: whether what follows can be labels or a number at all. */
  void glance() throws MalformedLine {
    boolean blank = at(' ') || at('\t');
    skipBlanks();
    if (at('{')) {
      return;
    }
    if (!blank || at == to || "0123456789+-.NnIi".indexOf(bytes[at]) < 0) {
      throw new MalformedLine("expected labels or a number after the metric's name");
    }
  }

  /**
   * The rest of the line.
   *
   * @param name what was read already; empty if it must come as a quoted name among the labels
   */
  PageSample sample(String name, Format format) throws MalformedLine {
    skipBlanks();
    Map<String, String> labels = new HashMap<>();
    String metric = takeIf('{') ? labels(name, labels) : name;
    if (metric.isEmpty()) {
      throw new MalformedLine("the sample has no name");
    }
    skipBlanks();
    double value = number(token());
    skipBlanks();
    long timestamp = timestamp(format);
    skipBlanks();
    if (at < to && !at('#')) {
      throw new MalformedLine("expected the end of the line after value and timestamp");
    }
    return new PageSample(metric, Labels.of(labels), value, timestamp);
  }

  /** Moves behind the closing brace and gives the metric's name. */
  private String labels(String name, Map<String, String> labels) throws MalformedLine {
    String metric = name;
    skipBlanks();
    while (!takeIf('}')) {
      boolean quoted = at('"');
      String label = quoted ? quoted() : labelName();
      skipBlanks();
      if (takeIf('=')) {
        skipBlanks();
        if (labels.put(label, quoted()) != null) {
          throw new MalformedLine("the label " + label + " twice");
        }
      } else if (quoted && metric.isEmpty()) {
        metric = label;
      } else {
        throw new MalformedLine("the label " + label + " has no value");
      }
      skipBlanks();
      if (!at('}')) {
        require(',');
        skipBlanks();
      }
    }
    return metric;
  }

  private String labelName() throws MalformedLine {
    int start = at;
    while (at < to && isNamePart(bytes[at], at > start, false)) {
      at++;
    }
    if (at == start) {
      throw new MalformedLine("expected a label's name at character " + at);
    }
    return new String(bytes, start, at - start, UTF_8);
  }

  private String quoted() throws MalformedLine {
    require('"');
    int start = at;
    boolean escapes = false;
    while (at < to && bytes[at] != '"') {
      escapes |= bytes[at] == '\\';
      at += bytes[at] == '\\' ? 2 : 1;
    }
    if (at >= to) {
      throw new MalformedLine("a quoted text does not end");
    }
    String text = new String(bytes, start, at - start, UTF_8);
    at++;
    return escapes ? unescape(text) : text;
  }

  /** Unknown escapes stand for themselves, as in Prometheus. */
  private static String unescape(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i++);
      if (c != '\\') {
        plain.append(c);
        continue;
      }
      char escaped = text.charAt(i++);
      switch (escaped) {
        case 'n' -> plain.append('\n');
        case '\\', '"' -> plain.append(escaped);
        default -> plain.append('\\').append(escaped);
      }
    }
    return plain.toString();
  }

  private String token() {
    int start = at;
    while (at < to && bytes[at] != ' ' && bytes[at] != '\t') {
      at++;
    }
    return new String(bytes, start, at - start, UTF_8);
  }

  private static double number(String text) throws MalformedLine {
    OptionalDouble number = FloatText.parse(text);
    if (number.isEmpty()) {
      throw new MalformedLine("\"" + text + "\" is no number");
    }
    return number.getAsDouble();
  }

  private long timestamp(Format format) throws MalformedLine {
    if (at == to || at('#')) {
      return PageSample.NO_TIMESTAMP;
    }
    double timestamp = number(token());
    if (!Double.isFinite(timestamp)) {
      throw new MalformedLine("the timestamp is not finite");
    }
    return Math.round(format == Format.OPEN_METRICS ? 1000 * timestamp : timestamp);
  }
}

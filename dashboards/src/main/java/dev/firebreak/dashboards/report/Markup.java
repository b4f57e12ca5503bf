package dev.firebreak.dashboards.report;

/**
 * Writes elements of HTML, SVG or XML. All text and all attribute values pass through one escape,
 * so that nothing which a service, a file or a server said can become markup.
 */
final class Markup {
  private final StringBuilder out = new StringBuilder();

  /** Opens an element; attributes are name, value, name, value. */
  Markup open(String name, String... attributes) {
    start(name, attributes);
    out.append('>');
    return this;
  }

  Markup close(String name) {
    out.append("</").append(name).append('>');
    return this;
  }

  /** An element with nothing but text. */
  Markup leaf(String name, String text, String... attributes) {
    return open(name, attributes).text(text).close(name);
  }

  /** An element without content: void in HTML, or of SVG or XML. */
  Markup empty(String name, String... attributes) {
    start(name, attributes);
    out.append("/>");
    return this;
  }

  Markup text(String text) {
    escape(text);
    return this;
  }

  Markup line() {
    out.append('\n');
    return this;
  }

  Markup add(Markup other) {
    out.append(other.out);
    return this;
  }

  /** Only for what we wrote ourselves, such as the style sheet. */
  Markup trusted(String markup) {
    out.append(markup);
    return this;
  }

  private void start(String name, String... attributes) {
    out.append('<').append(name);
    for (int i = 0; i + 1 < attributes.length; i += 2) {
      out.append(' ').append(attributes[i]).append("=\"");
      escape(attributes[i + 1]);
      out.append('"');
    }
  }

  private void escape(String text) {
    text.codePoints().forEach(this::escape);
  }

  private void escape(int character) {
    switch (character) {
      case '&' -> out.append("&amp;");
      case '<' -> out.append("&lt;");
      case '>' -> out.append("&gt;");
      case '"' -> out.append("&quot;");
      case '\'' -> out.append("&#39;");
      default -> out.appendCodePoint(isLegal(character) ? character : '\uFFFD');
    }
  }

  /**
   * The characters that XML 1.0 allows; of the controls beyond ASCII none, and no bidi override.
   */
  private static boolean isLegal(int character) {
    boolean text =
        character == '\t'
            || character == '\n'
            || character == '\r'
            || (character >= 0x20 && character < 0x7f)
            || (character >= 0xa0 && character < 0xd800)
            || (character >= 0xe000 && character < 0xfffe)
            || character > 0xffff;
    boolean reorders =
        (character >= 0x202a && character <= 0x202e)
            || (character >= 0x2066 && character <= 0x2069);
    return text && !reorders;
  }

  @Override
  public String toString() {
    return out.toString();
  }
}

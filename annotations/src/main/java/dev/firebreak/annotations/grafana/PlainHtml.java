package dev.firebreak.annotations.grafana;

import java.util.regex.Pattern;

/**
 * What others wrote, as letters and nothing else: for Grafana, which shows HTML and in some places
 * Markdown.
 */
final class PlainHtml {
  /** What others wrote may be long; a mark is no place for it. */
  private static final int LONGEST = 500;

  /**
   * Controls, signs that reverse or hide text, and halves of characters, which are no JSON either.
   */
  private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]+");

  /** A user and a password in an address. */
  private static final Pattern USER = Pattern.compile("(?<=//)[^/@\\s]*@");

  private PlainHtml() {}

  /** Cut if it is long, without passwords in addresses, and without markup. */
  static String of(String raw) {
    String clean = USER.matcher(visible(raw)).replaceAll("…@");
    int letters = clean.codePointCount(0, clean.length());
    String part =
        letters <= LONGEST
            ? clean
            : clean.substring(0, clean.offsetByCodePoints(0, LONGEST - 1)) + "…";
    return escaped(part);
  }

  /** With a space in place of what cannot be seen. */
  static String visible(String raw) {
    return UNSEEN.matcher(raw).replaceAll(" ");
  }

  /** Without a sign that begins a tag, an entity, or a link or code in Markdown. */
  static String escaped(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    text.codePoints().forEach(codePoint -> append(escaped, codePoint));
    return escaped.toString();
  }

  private static void append(StringBuilder escaped, int codePoint) {
    switch (codePoint) {
      case '&' -> escaped.append("&amp;");
      case '<' -> escaped.append("&lt;");
      case '>' -> escaped.append("&gt;");
      case '[', ']', '`' -> escaped.append("&#").append(codePoint).append(';');
      default -> escaped.appendCodePoint(codePoint);
    }
  }
}

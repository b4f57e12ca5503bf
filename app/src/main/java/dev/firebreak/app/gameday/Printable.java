package dev.firebreak.app.gameday;

/** Makes what a file says fit to be shown on one line of a terminal. */
final class Printable {
  private static final int LONGEST_VALUE = 80;
  private static final int LONGEST_SENTENCE = 300;

  private Printable() {}

  /** At most 80 characters; control and format characters as escapes, so they cannot act. */
  static String shortened(String text) {
    return shortened(text, LONGEST_VALUE);
  }

  /** At most 300 characters of what somebody else says about a value, made harmless likewise. */
  static String sentence(String text) {
    return shortened(text, LONGEST_SENTENCE);
  }

  private static String shortened(String text, int longest) {
    StringBuilder shown = new StringBuilder();
    int end = Math.min(text.length(), longest);
    for (int i = 0; i < end; i++) {
      append(shown, text.charAt(i));
    }
    return text.length() > longest ? shown.append('…').toString() : shown.toString();
  }

  private static void append(StringBuilder shown, char character) {
    if (character == '\n') {
      shown.append("\\n");
    } else if (character == '\t') {
      shown.append("\\t");
    } else if (isHidden(character)) {
      shown.append("\\u").append(hex(character));
    } else {
      shown.append(character);
    }
  }

  /** {@code 00e9} for é. */
  static String hex(int codePoint) {
    String digits = Integer.toHexString(codePoint);
    return digits.length() >= 4 ? digits : "0000".substring(digits.length()) + digits;
  }

  private static boolean isHidden(char character) {
    return Character.isISOControl(character)
        || Character.getType(character) == Character.FORMAT
        || Character.isSurrogate(character);
  }
}

package dev.firebreak.app.replay;

import java.util.regex.Pattern;

/** Shell patterns on names: {@code *} any characters, {@code ?} one, {@code [ab]} one of these. */
final class ShellPattern {
  private ShellPattern() {}

  static Pattern compile(String glob) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      int close = c == '[' ? glob.indexOf(']', i + 2) : -1;
      if (c == '*') {
        regex.append(".*");
      } else if (c == '?') {
        regex.append('.');
      } else if (close > 0) {
        regex.append(oneOf(glob.substring(i + 1, close)));
        i = close;
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }

  private static String oneOf(String members) {
    boolean not = members.startsWith("!");
    String listed = (not ? members.substring(1) : members).replaceAll("([\\\\\\[\\]^&])", "\\\\$1");
    return "[" + (not ? "^" : "") + listed + "]";
  }
}

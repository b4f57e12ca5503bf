package dev.firebreak.injector.http;

import java.util.List;
import java.util.regex.Pattern;

/** Status codes, as in {@code 2xx} or {@code 200, 404}. */
record Statuses(List<String> patterns) {
  private static final Pattern FORM = Pattern.compile("[1-5]([0-9][0-9]|xx)");

  Statuses {
    patterns = List.copyOf(patterns);
  }

  static Statuses parse(String word, String text) {
    List<String> patterns = List.of(text.strip().split("\\s*,\\s*", -1));
    for (String pattern : patterns) {
      if (!FORM.matcher(pattern).matches()) {
        throw new IllegalArgumentException(
            "%s is \"%s\"; allowed are status codes such as 2xx or 200, 404".formatted(word, text));
      }
    }
    return new Statuses(patterns);
  }

  boolean contain(int status) {
    String code = Integer.toString(status);
    return patterns.stream()
        .anyMatch(
            pattern ->
                pattern.equals(code)
                    || (pattern.endsWith("xx") && pattern.charAt(0) == code.charAt(0)));
  }

  @Override
  public String toString() {
    return String.join(", ", patterns);
  }
}

package dev.firebreak.injector.http;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Header lines of the form {@code Name: value}, one a line. Those that hold secrets stand in an
 * environment variable; files, undo records and logs only have its name.
 */
public final class Headers {
  private static final Pattern LINE = Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]{1,80}):(.*)");

  /** So that a file cannot send just any variable of the environment to just any address. */
  private static final Pattern VARIABLE = Pattern.compile("FIREBREAK_[A-Z0-9_]{1,80}");

  /** Headers that the JDK's client sets itself and refuses to take. */
  private static final Set<String> RESTRICTED =
      Set.of("connection", "content-length", "expect", "host", "upgrade");

  private Headers() {}

  /**
   * Reads header lines; a later line wins.
   *
   * @throws IllegalArgumentException naming {@code word}, the line and what is allowed
   */
  public static Map<String, String> parse(String word, String text) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line : text.split("\\R", -1)) {
      if (!line.isBlank()) {
        add(word, line.strip(), headers);
      }
    }
    return headers;
  }

  private static void add(String word, String line, Map<String, String> headers) {
    Matcher parts = LINE.matcher(line);
    if (!parts.matches() || RESTRICTED.contains(parts.group(1).toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException(
          "%s has a line that is not allowed; allowed is \"Name: value\", one a line, except %s"
              .formatted(word, new TreeSet<>(RESTRICTED)));
    }
    headers.put(parts.group(1), parts.group(2).strip());
  }

  /**
   * Reads the header lines in an environment variable; none if {@code variable} is empty.
   *
   * @throws IllegalArgumentException if the variable is not set or may not be used
   */
  public static Map<String, String> fromEnvironment(
      String word, String variable, UnaryOperator<@Nullable String> environment) {
    if (variable.isEmpty()) {
      return Map.of();
    }
    if (!VARIABLE.matcher(variable).matches()) {
      throw new IllegalArgumentException(
          "%s is \"%s\"; allowed is the name of an environment variable that begins with FIREBREAK_"
              .formatted(word, variable));
    }
    String text = environment.apply(variable);
    if (text == null) {
      throw new IllegalArgumentException(
          "%s names the environment variable %s, which is not set".formatted(word, variable));
    }
    return parse(variable, text);
  }
}

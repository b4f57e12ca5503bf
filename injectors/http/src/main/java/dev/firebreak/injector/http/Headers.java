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
 * Headers of requests. Those that hold secrets stand in an environment variable, as {@code Name:
 * value}, one a line; files, undo records and logs only have its name.
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
   * The words that begin with {@code word} and a dot, each of which names a header.
   *
   * @throws IllegalArgumentException naming the word that is not allowed
   */
  static Map<String, String> read(String word, Map<String, String> words) {
    Map<String, String> headers = none();
    words.forEach(
        (name, value) -> {
          if (name.startsWith(word + ".")) {
            add(name, name.substring(word.length() + 1) + ":" + value, headers);
          }
        });
    return headers;
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
    Map<String, String> headers = none();
    for (String line : text.split("\\R", -1)) {
      if (!line.isBlank()) {
        add(variable, line.strip(), headers);
      }
    }
    return headers;
  }

  private static Map<String, String> none() {
    return new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  }

  /** The line may hold a secret: it is never shown. */
  private static void add(String word, String line, Map<String, String> headers) {
    Matcher parts = LINE.matcher(line);
    if (!parts.matches() || RESTRICTED.contains(parts.group(1).toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException(
          "%s has a header that is not allowed; allowed are a name and a value, except %s"
              .formatted(word, new TreeSet<>(RESTRICTED)));
    }
    headers.put(parts.group(1), parts.group(2).strip());
  }
}

package dev.firebreak.app.gameday;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads {@code headers}. Their values may be secrets: no mistake shows one. */
final class HeadersReader {
  private static final String VALUE = "text on one line, or {env: NAME OF A VARIABLE}";
  private static final int LONGEST_NAME = 100;
  private static final int LONGEST_VALUE = 8000;

  private final Values values;
  private final Mistakes mistakes;
  private final Environment environment;

  HeadersReader(Values values, Mistakes mistakes, Environment environment) {
    this.values = values;
    this.mistakes = mistakes;
    this.environment = environment;
  }

  Map<String, String> read(Node node) {
    Map<String, String> headers = new LinkedHashMap<>();
    if (!(node instanceof Node.Entries entries)) {
      mistakes.addForm(node, "an object that gives each header its value");
      return headers;
    }
    for (Node.Entry entry : entries.entries()) {
      boolean named = isName(entry.key());
      Optional<String> value = value(entry.value());
      if (named && value.isPresent()) {
        headers.put(entry.key().text(), value.get());
      }
    }
    return headers;
  }

  private boolean isName(Node.Scalar key) {
    String name = key.text();
    boolean token = name.length() <= LONGEST_NAME && name.chars().allMatch(HeadersReader::isToken);
    if (!token) {
      mistakes.add(key, "is not the name of a header", "letters, digits and hyphens");
      return false;
    }
    if (isOurs(name)) {
      mistakes.add(key, "is a header that the HTTP client sets itself", "any other header");
      return false;
    }
    return true;
  }

  /** RFC 9110, 5.6.2. */
  private static boolean isToken(int character) {
    return character > ' ' && character < 0x7F && "\"(),/:;<=>?@[\\]{}".indexOf(character) < 0;
  }

  /** What {@code java.net.http} refuses to send for others. */
  private static boolean isOurs(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "connection", "content-length", "expect", "host", "upgrade" -> true;
      default -> false;
    };
  }

  private Optional<String> value(Node node) {
    if (node instanceof Node.Entries) {
      return Fields.of(node, Form.SECRET, mistakes)
          .flatMap(fields -> fields.require("env", "the name of an environment variable"))
          .flatMap(this::fromEnvironment);
    }
    return values.scalar(node, VALUE).filter(text -> isSendable(node, text));
  }

  private Optional<String> fromEnvironment(Node node) {
    Optional<String> variable = values.name(node);
    Optional<String> value = variable.flatMap(environment::find);
    if (variable.isPresent() && value.isEmpty()) {
      mistakes.add(node, "is not set in the environment", "a variable that is set");
    }
    return value.filter(text -> isSendable(node, text));
  }

  private boolean isSendable(Node node, String value) {
    boolean sendable =
        !value.isBlank()
            && value.length() <= LONGEST_VALUE
            && value.chars().noneMatch(Character::isISOControl);
    if (!sendable) {
      mistakes.addSecret(node, "gives a value that no header may have", VALUE);
    }
    return sendable;
  }
}

package dev.firebreak.annotations.grafana;

import dev.firebreak.run.RunEvent.RunOpened;
import dev.firebreak.service.ServiceName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The tags of a mark, such as Grafana keeps them: it cuts a tag at its second colon, trims, and
 * rejects a list whose JSON is longer than 500 bytes.
 */
final class Tags {
  /** Selects the marks of every chaos tool that follows the custom, ours among them. */
  static final String CHAOS = "chaos";

  /** Selects all marks of all runs. */
  static final String ALL = "firebreak";

  /**
   * Tags with values of at most this and their keys stay well below Grafana's limit for the list.
   */
  private static final int LONGEST_VALUE = 90;

  private static final int HASH_BYTES = 4;

  private Tags() {}

  static List<String> of(RunOpened run, Role role, Optional<ServiceName> service) {
    List<String> tags = new ArrayList<>();
    tags.add(CHAOS);
    tags.add(ALL);
    add(tags, "gameday", run.gameDay());
    add(tags, "run", run.runId().value());
    add(tags, "role", role.tag());
    service.ifPresent(name -> add(tags, "service", name.value()));
    add(tags, "env", run.environment());
    return List.copyOf(tags);
  }

  /** Those by which one mark is told from every other mark of every run. */
  static List<String> identity(List<String> tags) {
    return tags.stream()
        .filter(
            tag ->
                tag.equals(ALL)
                    || tag.startsWith("run:")
                    || tag.startsWith("role:")
                    || tag.startsWith("service:"))
        .toList();
  }

  /**
   * Without colons, control characters and outer spaces, and not too long: a value that is too long
   * ends in a hash of the whole, so that two of them stay apart.
   */
  static String value(String raw) {
    String clean = PlainHtml.visible(raw).strip().replace(':', '.');
    if (length(clean) <= LONGEST_VALUE) {
      return clean;
    }
    String suffix = "-" + hash(clean, HASH_BYTES);
    return beginning(clean, LONGEST_VALUE - suffix.length()) + suffix;
  }

  private static void add(List<String> tags, String key, String raw) {
    String value = value(raw);
    if (!value.isEmpty()) {
      tags.add(key + ":" + value);
    }
  }

  private static String beginning(String text, int longest) {
    int end = 0;
    int used = 0;
    while (end < text.length()) {
      int codePoint = text.codePointAt(end);
      used += length(codePoint);
      if (used > longest) {
        break;
      }
      end += Character.charCount(codePoint);
    }
    return text.substring(0, end).strip();
  }

  private static int length(String text) {
    return text.codePoints().map(Tags::length).sum();
  }

  /** In bytes of the JSON that Grafana's encoder writes; it escapes these for HTML's sake. */
  private static int length(int codePoint) {
    return switch (codePoint) {
      case '<', '>', '&', 0x2028, 0x2029 -> 6;
      case '"', '\\' -> 2;
      default -> Character.toString(codePoint).getBytes(StandardCharsets.UTF_8).length;
    };
  }

  static String hash(String text, int bytes) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}

package dev.firebreak.scheduler;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a GameDay, as its file says it. The ledger makes a directory of it, so it has at most
 * 240 characters once everything but {@code a-z 0-9 _ -} is spelled as three characters per byte.
 */
public record GameDayName(String value) implements Comparable<GameDayName> {
  private static final int LONGEST_DIRECTORY = 240;
  private static final Pattern DIRECTORY = Pattern.compile("(?:[a-z0-9_-]|%[0-9a-f]{2})+");

  public GameDayName {
    if (value.isBlank()) {
      throw new IllegalArgumentException("a GameDay name is blank");
    }
    if (value.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("a GameDay name has a control character");
    }
    if (directoryOf(value).length() > LONGEST_DIRECTORY) {
      throw new IllegalArgumentException(
          "the GameDay name %s… is too long for a directory of the ledger; allowed are %d characters, where all but a-z 0-9 _ - count at least three"
              .formatted(value.substring(0, 20), LONGEST_DIRECTORY));
    }
  }

  /** Different for every name, on file systems too that take A for a. */
  String directory() {
    return directoryOf(value);
  }

  /** The name whose {@link #directory} this is; empty if it is that of no name. */
  static Optional<GameDayName> ofDirectory(String directory) {
    if (!DIRECTORY.matcher(directory).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new GameDayName(decoded(directory)))
          .filter(name -> name.directory().equals(directory));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String decoded(String directory) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < directory.length(); i++) {
      if (directory.charAt(i) == '%') {
        bytes.write(Integer.parseInt(directory.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        bytes.write(directory.charAt(i));
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static String directoryOf(String name) {
    StringBuilder directory = new StringBuilder();
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      directory.append(plain(b) ? String.valueOf((char) b) : "%%%02x".formatted(b));
    }
    return directory.toString();
  }

  private static boolean plain(byte b) {
    return (b >= 'a' && b <= 'z') || (b >= '0' && b <= '9') || b == '_' || b == '-';
  }

  @Override
  public int compareTo(GameDayName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}

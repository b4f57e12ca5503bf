package dev.firebreak.injector.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * How a process is found, at first and, once it was killed, the one that replaces it.
 *
 * @param word one of {@link #PID}, {@link #PID_FILE}, {@link #COMMAND}, {@link #SAME_COMMAND}
 */
record Finder(String word, String value) {
  static final String PID = "pid";
  static final String PID_FILE = "pidFile";
  static final String COMMAND = "command";

  /** The hash of a whole command line, which itself may hold secrets. */
  static final String SAME_COMMAND = "sameCommand";

  private static final int LONGEST_PID_FILE = 64;
  private static final int MOST_NAMED = 5;

  /**
   * Reads the words of a file.
   *
   * @throws IllegalArgumentException unless there is exactly one
   */
  static Finder read(Map<String, String> words) {
    List<String> given =
        List.of(PID, PID_FILE, COMMAND).stream().filter(words::containsKey).toList();
    if (given.size() != 1) {
      throw new IllegalArgumentException(
          "the target has %s; give exactly one of pid, pidFile, command"
              .formatted(given.isEmpty() ? "no process" : String.join(" and ", given)));
    }
    String word = given.get(0);
    String value = words.getOrDefault(word, "").strip();
    if (value.isEmpty()) {
      throw new IllegalArgumentException("target." + word + " is empty");
    }
    return new Finder(
        word, word.equals(PID_FILE) ? Path.of(value).toAbsolutePath().toString() : value);
  }

  /** How to find what replaces this process: a pid alone finds nobody a second time. */
  Map<String, String> forReplacement(ProcessEntry entry) {
    Map<String, String> words = new TreeMap<>();
    words.put("findBy", word.equals(PID) ? SAME_COMMAND : word);
    words.put("find", word.equals(PID) ? hash(entry.commandLine()) : value);
    return words;
  }

  /** Reads what {@link #forReplacement} wrote. */
  static Finder ofReplacement(Map<String, String> words) {
    String word = words.get("findBy");
    String value = words.get("find");
    if (word == null || value == null) {
      throw new IllegalArgumentException("the record lacks findBy or find");
    }
    return new Finder(word, value);
  }

  /**
   * The one process that it means.
   *
   * @throws IllegalArgumentException if there is none, or more than one
   * @throws IOException if that cannot be told
   */
  ProcessEntry findOne(ProcessTable table, Predicate<ProcessEntry> eligible) throws IOException {
    return switch (word) {
      case PID -> findPid(table, pid(value, "target.pid"));
      case PID_FILE -> findPid(table, pid(pidFile(), "the pid file " + value));
      default -> findCommand(table, eligible);
    };
  }

  private static ProcessEntry findPid(ProcessTable table, long pid) throws IOException {
    return table
        .find(pid)
        .filter(ProcessEntry::alive)
        .orElseThrow(() -> new IllegalArgumentException("no process has the pid " + pid));
  }

  private static long pid(String text, String where) {
    if (!text.matches("[0-9]{1,10}")) {
      throw new IllegalArgumentException(
          "%s is \"%s\"; allowed is the number of a process".formatted(where, text));
    }
    return Long.parseLong(text);
  }

  private String pidFile() throws IOException {
    try (InputStream file = Files.newInputStream(Path.of(value))) {
      return new String(file.readNBytes(LONGEST_PID_FILE), StandardCharsets.UTF_8).strip();
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("there is no pid file " + value, e);
    }
  }

  private ProcessEntry findCommand(ProcessTable table, Predicate<ProcessEntry> eligible)
      throws IOException {
    List<ProcessEntry> found =
        table.all().stream()
            .filter(ProcessEntry::alive)
            .filter(eligible)
            .filter(this::matches)
            .toList();
    if (found.size() != 1) {
      throw new IllegalArgumentException(
          "%s in their command line have %s; it must be exactly one"
              .formatted("\"" + value + "\"", named(found)));
    }
    return found.get(0);
  }

  private static String named(List<ProcessEntry> found) {
    if (found.isEmpty()) {
      return "no processes";
    }
    String pids =
        found.stream()
            .limit(MOST_NAMED)
            .map(entry -> Long.toString(entry.pid()))
            .collect(Collectors.joining(", "));
    return "%d processes (pid %s%s)"
        .formatted(found.size(), pids, found.size() > MOST_NAMED ? ", …" : "");
  }

  private boolean matches(ProcessEntry entry) {
    return word.equals(SAME_COMMAND)
        ? hash(entry.commandLine()).equals(value)
        : entry.commandLine().contains(value);
  }

  /** The first process since then that it means. */
  Optional<ProcessEntry> findReplacement(ProcessTable table, long sinceMillis) throws IOException {
    if (word.equals(PID_FILE)) {
      return ofPidFile(table).filter(entry -> startedSince(entry, sinceMillis));
    }
    return table.all().stream()
        .filter(ProcessEntry::alive)
        .filter(entry -> startedSince(entry, sinceMillis))
        .filter(this::matches)
        .findFirst();
  }

  /** A file that is not there, or not written yet, names nobody. */
  private Optional<ProcessEntry> ofPidFile(ProcessTable table) throws IOException {
    try {
      return Optional.of(findPid(table, pid(pidFile(), value)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static boolean startedSince(ProcessEntry entry, long sinceMillis) {
    return entry.identity().startedMillis() >= sinceMillis;
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}

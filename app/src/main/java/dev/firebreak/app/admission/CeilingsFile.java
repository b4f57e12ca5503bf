package dev.firebreak.app.admission;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads {@code FIREBREAK_HOME/limits}: a line {@code key = value} each, {@code #} begins a comment.
 * Strict: a limit that is misspelt or not understood is never passed over.
 */
public final class CeilingsFile {
  private static final Set<String> KEYS =
      new TreeSet<>(
          Set.of(
              "longest-run",
              "faults-at-once",
              "injected-services",
              "injected-share",
              "longest-blindness",
              "environments",
              "hosts"));

  private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})(s|m|h)");
  private static final Pattern COUNT = Pattern.compile("[1-9][0-9]{0,3}");
  private static final Pattern SHARE = Pattern.compile("([1-9][0-9]?|100)%");

  private final Path file;
  private final List<String> mistakes = new ArrayList<>();
  private final Map<String, String> values = new HashMap<>();

  private CeilingsFile(Path file) {
    this.file = file;
  }

  /**
   * The ceilings of this home; the defaults where the file says nothing, or is not there.
   *
   * @throws IOException if the file cannot be read or says something that is not allowed; the
   *     message names every mistake, and nothing may be run
   */
  public static Ceilings read(Path home) throws IOException {
    return new CeilingsFile(home.resolve("limits")).read();
  }

  private Ceilings read() throws IOException {
    if (!Files.exists(file)) {
      return Ceilings.DEFAULT;
    }
    int number = 0;
    for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      number++;
      take(line.replaceFirst("#.*", "").strip(), number);
    }
    Ceilings ceilings = ceilings();
    if (!mistakes.isEmpty()) {
      throw new IOException(String.join("\n", mistakes));
    }
    return ceilings;
  }

  private void take(String line, int number) {
    if (line.isEmpty()) {
      return;
    }
    int equals = line.indexOf('=');
    String key = equals < 0 ? line : line.substring(0, equals).strip();
    if (equals < 0 || !KEYS.contains(key)) {
      mistakes.add(
          "%s:%d: \"%s\" is not understood; allowed: key = value with one of %s"
              .formatted(file, number, line, String.join(", ", KEYS)));
    } else if (values.putIfAbsent(key, line.substring(equals + 1).strip()) != null) {
      mistakes.add("%s:%d: %s is given twice".formatted(file, number, key));
    }
  }

  private Ceilings ceilings() {
    Ceilings standard = Ceilings.DEFAULT;
    return new Ceilings(
        value("longest-run", "a duration such as 30m", CeilingsFile::duration)
            .orElse(standard.longestRun()),
        value("faults-at-once", "1 to 9999", CeilingsFile::count).orElse(standard.faultsAtOnce()),
        value("injected-services", "1 to 9999", CeilingsFile::count)
            .orElse(standard.injectedServices()),
        value("injected-share", "1% to 100%", CeilingsFile::share).orElse(standard.injectedShare()),
        value("longest-blindness", "a duration such as 60s", CeilingsFile::duration)
            .orElse(standard.longestBlindness()),
        value("environments", "names with commas between them", CeilingsFile::words),
        value("hosts", "host or host:port, with commas between them", CeilingsFile::words));
  }

  private <T> Optional<T> value(String key, String allowed, Function<String, Optional<T>> parse) {
    String text = values.get(key);
    if (text == null) {
      return Optional.empty();
    }
    Optional<T> parsed = parse.apply(text);
    if (parsed.isEmpty()) {
      mistakes.add("%s: %s is \"%s\"; allowed: %s".formatted(file, key, text, allowed));
    }
    return parsed;
  }

  private static Optional<Duration> duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(matcher.group(1));
    return Optional.of(
        switch (matcher.group(2)) {
          case "s" -> Duration.ofSeconds(number);
          case "m" -> Duration.ofMinutes(number);
          default -> Duration.ofHours(number);
        });
  }

  private static Optional<Integer> count(String text) {
    return COUNT.matcher(text).matches() ? Optional.of(Integer.valueOf(text)) : Optional.empty();
  }

  private static Optional<Double> share(String text) {
    Matcher matcher = SHARE.matcher(text);
    return matcher.matches()
        ? Optional.of(Integer.parseInt(matcher.group(1)) / 100.0)
        : Optional.empty();
  }

  private static Optional<Set<String>> words(String text) {
    Set<String> words =
        Arrays.stream(text.split(",", -1))
            .map(word -> word.strip().toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    return words.contains("") ? Optional.empty() : Optional.of(words);
  }
}

package dev.firebreak.scheduler;

import dev.firebreak.run.Outcome;
import dev.firebreak.run.RunId;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of one fire's file: a line per thing that happened, {@code instant TAB word TAB text}.
 *
 * @param lines the whole and well-formed lines, in order
 * @param damaged whether a line, though it has its end, is not well-formed
 */
record FireFile(List<Line> lines, boolean damaged) {
  /** What a line may say. */
  enum Word {
    CLAIMED,
    RUN,
    SKIPPED,
    MISSED,
    STARTED,
    ENDED
  }

  record Line(Instant at, Word word, String text) {
    private static final Pattern FORM = Pattern.compile("([^\t]+)\t([A-Z]+)\t([^\t]*)");
    private static final Pattern UNWRITABLE = Pattern.compile("\\p{Cntrl}");

    byte[] encode() {
      String clean = UNWRITABLE.matcher(text).replaceAll(" ");
      return "%s\t%s\t%s\n".formatted(at, word, clean).getBytes(StandardCharsets.UTF_8);
    }

    static Optional<Line> decode(String line) {
      Matcher matcher = FORM.matcher(line);
      if (!matcher.matches()) {
        return Optional.empty();
      }
      try {
        return Optional.of(
            new Line(
                Instant.parse(matcher.group(1)), Word.valueOf(matcher.group(2)), matcher.group(3)));
      } catch (DateTimeException | IllegalArgumentException e) {
        return Optional.empty();
      }
    }
  }

  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final Pattern NAME_FORM = Pattern.compile("[0-9]{8}T[0-9]{6}Z");

  FireFile {
    lines = List.copyOf(lines);
  }

  static String name(Instant scheduledAt) {
    return NAME.format(scheduledAt);
  }

  static Optional<Instant> scheduledAt(String name) {
    return NAME_FORM.matcher(name).matches()
        ? Optional.of(NAME.parse(name, Instant::from))
        : Optional.empty();
  }

  /** Reads a file, also one that its writer left unfinished: a torn last line was never said. */
  static FireFile decode(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    int end = text.lastIndexOf('\n');
    if (end < 0) {
      return new FireFile(List.of(), false);
    }
    List<Optional<Line>> lines = text.substring(0, end).lines().map(Line::decode).toList();
    return new FireFile(
        lines.stream().flatMap(Optional::stream).toList(),
        lines.stream().anyMatch(Optional::isEmpty));
  }

  FireRow row(GameDayName gameDay, Instant scheduledAt) {
    Optional<Line> decision = decision();
    return new FireRow(
        gameDay,
        scheduledAt,
        decision.map(line -> FireState.valueOf(line.word().name())).orElse(FireState.CLAIMED),
        decision.map(Line::text).orElse(damaged ? "its file in the ledger is damaged" : ""),
        last(Word.STARTED).flatMap(line -> parsed(line.text(), RunId::new)),
        last(Word.ENDED).flatMap(line -> parsed(line.text(), Outcome::valueOf)));
  }

  /** Whether its claimant ended before it decided, so that it was not run. */
  boolean undecided() {
    return decision().isEmpty() && !damaged;
  }

  /** RUN weighs most: whoever wrote another decision beside it did not know of the run. */
  private Optional<Line> decision() {
    return last(Word.RUN).or(() -> last(Word.SKIPPED)).or(() -> last(Word.MISSED));
  }

  private Optional<Line> last(Word word) {
    return lines.stream().filter(line -> line.word() == word).reduce((first, second) -> second);
  }

  private static <T> Optional<T> parsed(String text, Function<String, T> parser) {
    try {
      return Optional.of(parser.apply(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}

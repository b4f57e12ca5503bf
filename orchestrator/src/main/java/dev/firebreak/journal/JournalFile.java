package dev.firebreak.journal;

import dev.firebreak.run.JournalException;
import dev.firebreak.run.RunEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a journal file holds.
 *
 * @param events every intact event, in order
 * @param damage what is missing or damaged, one sentence each; empty for a whole file
 */
public record JournalFile(List<RunEvent> events, List<String> damage) {
  public JournalFile {
    events = List.copyOf(events);
    damage = List.copyOf(damage);
  }

  /**
   * Reads a journal, also one that was cut or damaged: a torn last line is left out, a damaged line
   * in the middle is named and skipped.
   *
   * @throws JournalException if the file cannot be read at all
   */
  public static JournalFile read(Path file, EventCodec codec) throws JournalException {
    try {
      return parse(Files.readAllBytes(file), codec);
    } catch (IOException e) {
      throw new JournalException("the journal " + file + " cannot be read: " + e, e);
    }
  }

  /**
   * The same, of bytes. A record that is whole is found wherever it stands: a damaged line break
   * costs neither the record before it nor the one after.
   */
  public static JournalFile parse(byte[] bytes, EventCodec codec) {
    Parser parser = new Parser(codec);
    int start = 0;
    while (start < bytes.length) {
      int end = lineEnd(bytes, start);
      parser.line(Arrays.copyOfRange(bytes, start, end), end < bytes.length);
      start = end + 1;
    }
    return new JournalFile(parser.events, parser.damage);
  }

  private static int lineEnd(byte[] bytes, int start) {
    int end = start;
    while (end < bytes.length && bytes[end] != '\n') {
      end++;
    }
    return end;
  }

  private static final class Parser {
    private final EventCodec codec;
    private final List<RunEvent> events = new ArrayList<>();
    private final List<String> damage = new ArrayList<>();
    private long expected = 1;
    private int number;

    Parser(EventCodec codec) {
      this.codec = codec;
    }

    void line(byte[] line, boolean ended) {
      number++;
      boolean whole = take(line);
      if (!whole) {
        damage.add("line %d is %s".formatted(number, ended ? "damaged" : "torn off"));
        List<byte[]> pieces = JournalLine.pieces(line);
        pieces.forEach(piece -> expected += take(piece) ? 0 : 1);
        expected += pieces.isEmpty() ? 1 : 0;
      } else if (!ended) {
        damage.add("line %d has no end".formatted(number));
      }
    }

    private boolean take(byte[] record) {
      Optional<JournalLine> line = JournalLine.decode(record);
      Optional<RunEvent> event = line.flatMap(this::decode);
      if (line.isEmpty() || event.isEmpty()) {
        return false;
      }
      if (line.get().seq() != expected) {
        damage.add("line %d has number %d".formatted(number, line.get().seq()));
      }
      expected = line.get().seq() + 1;
      events.add(event.get());
      return true;
    }

    private Optional<RunEvent> decode(JournalLine line) {
      try {
        return Optional.of(codec.decode(line.event()));
      } catch (JournalException e) {
        return Optional.empty();
      }
    }
  }
}

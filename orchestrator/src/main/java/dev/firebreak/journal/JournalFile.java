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

  static JournalFile parse(byte[] bytes, EventCodec codec) {
    List<RunEvent> events = new ArrayList<>();
    List<String> damage = new ArrayList<>();
    long expected = 1;
    int start = 0;
    int number = 0;
    while (start < bytes.length) {
      number++;
      int end = lineEnd(bytes, start);
      if (end == bytes.length) {
        damage.add("line %d is torn off".formatted(number));
        break;
      }
      Optional<JournalLine> line = JournalLine.decode(Arrays.copyOfRange(bytes, start, end));
      Optional<RunEvent> event = line.flatMap(intact -> decode(intact, codec));
      if (line.isEmpty() || event.isEmpty()) {
        damage.add("line %d is damaged".formatted(number));
        expected++;
      } else {
        if (line.get().seq() != expected) {
          damage.add("line %d has number %d".formatted(number, line.get().seq()));
        }
        expected = line.get().seq() + 1;
        events.add(event.get());
      }
      start = end + 1;
    }
    return new JournalFile(events, damage);
  }

  private static int lineEnd(byte[] bytes, int start) {
    int end = start;
    while (end < bytes.length && bytes[end] != '\n') {
      end++;
    }
    return end;
  }

  private static Optional<RunEvent> decode(JournalLine line, EventCodec codec) {
    try {
      return Optional.of(codec.decode(line.event()));
    } catch (JournalException e) {
      return Optional.empty();
    }
  }
}

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
 * What a journal file holds. Empty lines are room that was not used yet.
 *
 * @param events every intact event, in order
 * @param damage what is missing or damaged, one sentence each; empty for a whole file
 * @param tail where the journal ends
 */
public record JournalFile(List<RunEvent> events, List<String> damage, Tail tail) {
  /**
   * Where a journal ends.
   *
   * @param nextSeq the number of the next event
   * @param length bytes up to the end of the last line that was written to its end
   * @param torn whether another line was begun after it; nobody was told what it says
   */
  public record Tail(long nextSeq, long length, boolean torn) {}

  public JournalFile {
    events = List.copyOf(events);
    damage = List.copyOf(damage);
  }

  /** Whether something before the end cannot be read: an undo record may be lost. */
  public boolean damagedWithin() {
    return damage.size() > (tail.torn() ? 1 : 0);
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
    Parser parser = new Parser(codec);
    int start = 0;
    while (start < bytes.length) {
      int end = lineEnd(bytes, start);
      parser.line(Arrays.copyOfRange(bytes, start, end), end < bytes.length, start, end + 1);
      start = end + 1;
    }
    return parser.result();
  }

  /** Goes through the lines. */
  private static final class Parser {
    private final EventCodec codec;
    private final List<RunEvent> events = new ArrayList<>();
    private final List<String> damage = new ArrayList<>();
    private long nextSeq = 1;
    private long expected = 1;
    private long length;
    private int number;

    /** Of the damaged lines after the last intact one. */
    private int damagedAtEnd;

    private long lastDamagedStart;
    private boolean lastEnded;

    Parser(EventCodec codec) {
      this.codec = codec;
    }

    void line(byte[] bytes, boolean ended, long start, long next) {
      number++;
      if (bytes.length == 0) {
        return;
      }
      lastEnded = ended;
      length = next;
      Optional<JournalLine> line = ended ? JournalLine.decode(bytes) : Optional.empty();
      Optional<RunEvent> event = line.flatMap(intact -> decode(intact, codec));
      if (line.isPresent() && event.isPresent()) {
        intact(line.get().seq(), event.get());
      } else {
        damagedAtEnd++;
        lastDamagedStart = start;
        expected++;
        damage.add("line %d is damaged".formatted(number));
      }
    }

    private void intact(long seq, RunEvent event) {
      if (seq != expected) {
        damage.add("line %d has number %d".formatted(number, seq));
      }
      damagedAtEnd = 0;
      expected = seq + 1;
      nextSeq = Math.max(nextSeq, expected);
      events.add(event);
    }

    /** One unreadable line at the very end was cut while it was written, and nobody told of it. */
    JournalFile result() {
      boolean torn = damagedAtEnd == 1 || (damagedAtEnd > 1 && !lastEnded);
      if (torn) {
        String last = damage.get(damage.size() - 1);
        damage.set(damage.size() - 1, last.replace("is damaged", "is torn off"));
        return result(new Tail(Math.max(nextSeq, expected - 1), lastDamagedStart, true));
      }
      return result(new Tail(Math.max(nextSeq, expected), length, false));
    }

    private JournalFile result(Tail tail) {
      return new JournalFile(events, damage, tail);
    }
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

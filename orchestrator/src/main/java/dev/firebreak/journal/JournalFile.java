package dev.firebreak.journal;

import dev.firebreak.run.JournalException;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.FaultArmed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a journal file holds. Empty lines are room that was not used yet.
 *
 * @param events every intact event, in order
 * @param damage what is missing or damaged, one sentence each; empty for a whole file
 * @param tail where the journal ends
 * @param byRun how many of the events, from the first on, the run's own process wrote; those after
 *     were written by whoever recovered it
 */
public record JournalFile(List<RunEvent> events, List<String> damage, Tail tail, int byRun) {
  /**
   * Where a journal ends.
   *
   * @param nextSeq the number of the next event
   * @param epoch the highest of whoever wrote or fenced it, see {@link Epoch}; 1 in an empty file
   * @param length bytes up to the end of the last line that was kept; what follows is room that was
   *     not used, and what is left of a torn line
   * @param torn whether the last line was not written to its end; nobody was told what it says
   */
  public record Tail(long nextSeq, int epoch, long length, boolean torn) {}

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
   * in the middle is named and skipped. Of a line that a process wrote after one of a later epoch
   * had gone on, only an undo record counts: that can do no harm, and what the line claims can.
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
      parser.line(Arrays.copyOfRange(bytes, start, end), end < bytes.length, start);
      start = end + 1;
    }
    return parser.result();
  }

  private static int lineEnd(byte[] bytes, int start) {
    int end = start;
    while (end < bytes.length && bytes[end] != '\n') {
      end++;
    }
    return end;
  }

  /** Goes through the lines. */
  private static final class Parser {
    private final EventCodec codec;
    private final List<RunEvent> events = new ArrayList<>();
    private final List<String> damage = new ArrayList<>();
    private long nextSeq = 1;
    private long expected = 1;
    private int number;

    /** The highest of the lines so far. */
    private int epoch = Epoch.RUN;

    private int fence = Epoch.RUN;

    /** Behind the last line that is not empty. */
    private long end;

    /** Damaged lines after the last one of which anything was kept. */
    private int lostAtEnd;

    private long lastLostStart;
    private boolean lastEnded;
    private boolean endMissing;
    private int byRun;

    Parser(EventCodec codec) {
      this.codec = codec;
    }

    void line(byte[] bytes, boolean ended, long start) {
      number++;
      if (bytes.length == 0) {
        return;
      }
      lastEnded = ended;
      end = start + bytes.length + (ended ? 1 : 0);
      if (isHead(bytes) || take(bytes)) {
        endMissing = !ended;
        if (endMissing) {
          damage.add("line %d has no end".formatted(number));
        }
        kept();
        return;
      }
      damage.add("line %d is damaged".formatted(number));
      lostAtEnd++;
      lastLostStart = start;
      salvage(bytes);
    }

    private boolean isHead(byte[] bytes) {
      OptionalInt head = number == 1 ? JournalHead.epochOf(bytes) : OptionalInt.empty();
      head.ifPresent(found -> fence = found);
      return head.isPresent();
    }

    private void salvage(byte[] line) {
      int before = events.size();
      List<byte[]> pieces = JournalLine.pieces(line);
      for (byte[] piece : pieces) {
        if (!take(piece)) {
          expected++;
        }
      }
      expected += pieces.isEmpty() ? 1 : 0;
      if (events.size() > before) {
        kept();
      }
    }

    private void kept() {
      lostAtEnd = 0;
      nextSeq = Math.max(nextSeq, expected);
    }

    private boolean take(byte[] record) {
      Optional<JournalLine> line = JournalLine.decode(record);
      Optional<RunEvent> event = line.flatMap(this::decode);
      if (line.isEmpty() || event.isEmpty()) {
        return false;
      }
      if (line.get().epoch() < epoch) {
        takeLate(line.get(), event.get());
        return true;
      }
      epoch = line.get().epoch();
      if (line.get().seq() != expected) {
        damage.add("line %d has number %d".formatted(number, line.get().seq()));
      }
      expected = line.get().seq() + 1;
      events.add(event.get());
      byRun = epoch == Epoch.RUN ? events.size() : byRun;
      return true;
    }

    /** Nobody of a later epoch knew of this: what it says was done may not have been. */
    private void takeLate(JournalLine line, RunEvent event) {
      damage.add("line %d is of epoch %d, after %d".formatted(number, line.epoch(), epoch));
      if (event instanceof FaultArmed) {
        events.add(event);
      }
    }

    private Optional<RunEvent> decode(JournalLine line) {
      try {
        return Optional.of(codec.decode(line.event()));
      } catch (JournalException e) {
        return Optional.empty();
      }
    }

    /** One unreadable line at the very end was cut while it was written, and nobody told of it. */
    JournalFile result() {
      boolean torn = lostAtEnd == 1 || (lostAtEnd > 1 && !lastEnded);
      if (torn) {
        String last = damage.get(damage.size() - 1);
        damage.set(damage.size() - 1, last.replace("is damaged", "is torn off"));
        return result(Math.max(nextSeq, expected - 1), lastLostStart, true);
      }
      return result(Math.max(nextSeq, expected), end, endMissing);
    }

    private JournalFile result(long next, long length, boolean torn) {
      Tail tail = new Tail(next, Math.max(epoch, fence), length, torn);
      return new JournalFile(events, damage, tail, byRun);
    }
  }
}

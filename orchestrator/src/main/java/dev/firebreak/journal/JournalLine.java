package dev.firebreak.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * One record as a line of JSON: {@code {"seq":7,"epoch":1,"crc32c":"9ae0daaf","event":{…}}}. The
 * checksum is CRC-32C over the sequence number, the epoch, a colon after each, and the event's
 * bytes, so that a line can neither be altered nor moved unseen. A line without an epoch is of the
 * run itself, and its checksum leaves the epoch out.
 */
final class JournalLine {
  private static final Pattern HEAD =
      Pattern.compile(
          "\\{\"seq\":(\\d{1,18}),(?:\"epoch\":(\\d{1,9}),)?"
              + "\"crc32c\":\"([0-9a-f]{8})\",\"event\":");

  private static final String START = "{\"seq\":";

  /** The head's longest form, in bytes. */
  private static final int LONGEST_HEAD = 80;

  private final long seq;
  private final int epoch;
  private final byte[] event;

  JournalLine(long seq, int epoch, byte[] event) {
    this.seq = seq;
    this.epoch = epoch;
    this.event = event;
  }

  long seq() {
    return seq;
  }

  /** Of the process that wrote it, see {@link Epoch}. */
  int epoch() {
    return epoch;
  }

  byte[] event() {
    return event;
  }

  byte[] encode() {
    byte[] head =
        "{\"seq\":%d,\"epoch\":%d,\"crc32c\":\"%s\",\"event\":"
            .formatted(seq, epoch, checksum(seq + ":" + epoch, event))
            .getBytes(StandardCharsets.US_ASCII);
    byte[] line = Arrays.copyOf(head, head.length + event.length + 2);
    System.arraycopy(event, 0, line, head.length, event.length);
    line[line.length - 2] = '}';
    line[line.length - 1] = '\n';
    return line;
  }

  /** The record of a line without its line break; empty if the line is damaged. */
  static Optional<JournalLine> decode(byte[] line) {
    String start =
        new String(line, 0, Math.min(line.length, LONGEST_HEAD), StandardCharsets.ISO_8859_1);
    Matcher head = HEAD.matcher(start);
    if (!head.lookingAt() || line[line.length - 1] != '}') {
      return Optional.empty();
    }
    long seq = Long.parseLong(head.group(1));
    byte[] event = Arrays.copyOfRange(line, head.end(), line.length - 1);
    String covered = head.group(1) + (head.group(2) == null ? "" : ":" + head.group(2));
    return head.group(3).equals(checksum(covered, event))
        ? Optional.of(new JournalLine(seq, epochOf(head), event))
        : Optional.empty();
  }

  private static int epochOf(Matcher head) {
    String epoch = head.group(2);
    return epoch == null ? Epoch.RUN : Integer.parseInt(epoch);
  }

  /** The epoch of the line that begins here; 0 if none does. */
  static int epochAt(FileChannel file, long position) throws IOException {
    ByteBuffer start = ByteBuffer.allocate(LONGEST_HEAD);
    int length = Math.max(0, file.read(start, position));
    String text = new String(start.array(), 0, length, StandardCharsets.ISO_8859_1);
    Matcher head = HEAD.matcher(text);
    return head.lookingAt() ? epochOf(head) : 0;
  }

  /**
   * What may be records in a line whose breaks were damaged, each without what follows its last
   * brace. Text inside an event has its quotes escaped, so that a record's start is in no event.
   */
  static List<byte[]> pieces(byte[] line) {
    String text = new String(line, StandardCharsets.ISO_8859_1);
    List<byte[]> pieces = new ArrayList<>();
    int start = text.indexOf(START);
    while (start >= 0) {
      int next = text.indexOf(START, start + 1);
      int end = text.lastIndexOf('}', (next < 0 ? text.length() : next) - 1) + 1;
      pieces.add(Arrays.copyOfRange(line, start, Math.max(start, end)));
      start = next;
    }
    return pieces;
  }

  private static String checksum(String numbers, byte[] event) {
    CRC32C crc = new CRC32C();
    crc.update((numbers + ":").getBytes(StandardCharsets.US_ASCII));
    crc.update(event);
    return "%08x".formatted(crc.getValue());
  }
}

package dev.firebreak.journal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * One record as a line of JSON: {@code {"seq":7,"crc32c":"9ae0daaf","event":{…}}}. The checksum is
 * CRC-32C over the sequence number, a colon and the event's bytes, so that a line can neither be
 * altered nor moved unseen.
 */
final class JournalLine {
  private static final Pattern HEAD =
      Pattern.compile("\\{\"seq\":(\\d{1,18}),\"crc32c\":\"([0-9a-f]{8})\",\"event\":");

  private static final String START = "{\"seq\":";

  /** The head's longest form, in bytes. */
  private static final int LONGEST_HEAD = 64;

  private final long seq;
  private final byte[] event;

  JournalLine(long seq, byte[] event) {
    this.seq = seq;
    this.event = event;
  }

  long seq() {
    return seq;
  }

  byte[] event() {
    return event;
  }

  byte[] encode() {
    byte[] head =
        "{\"seq\":%d,\"crc32c\":\"%s\",\"event\":"
            .formatted(seq, checksum(seq, event))
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
    return head.group(2).equals(checksum(seq, event))
        ? Optional.of(new JournalLine(seq, event))
        : Optional.empty();
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

  private static String checksum(long seq, byte[] event) {
    CRC32C crc = new CRC32C();
    crc.update((seq + ":").getBytes(StandardCharsets.US_ASCII));
    crc.update(event);
    return "%08x".formatted(crc.getValue());
  }
}

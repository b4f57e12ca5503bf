package dev.firebreak.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * The first line of a journal: {@code {"epoch": 1,"crc32c":"9ae0daaf"}}, the highest epoch that has
 * gone on with the run. It has always the same length, so that a later process can raise it in
 * place, on a full disk too, while the one before may still be writing.
 */
final class JournalHead {
  private static final Pattern FORM =
      Pattern.compile("\\{\"epoch\": +(\\d{1,9}),.*", Pattern.DOTALL);

  /** In bytes, the line break included. */
  static final int LENGTH = line(1).length;

  private JournalHead() {}

  static byte[] line(int epoch) {
    return "{\"epoch\":%10d,\"crc32c\":\"%s\"}\n"
        .formatted(epoch, checksum(epoch))
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** The epoch of a first line without its line break; empty if this is no such line. */
  static OptionalInt epochOf(byte[] line) {
    Matcher head = FORM.matcher(new String(line, StandardCharsets.ISO_8859_1));
    if (!head.matches()) {
      return OptionalInt.empty();
    }
    int epoch = Integer.parseInt(head.group(1));
    byte[] sound = Arrays.copyOf(line(epoch), LENGTH - 1);
    return Arrays.equals(line, sound) ? OptionalInt.of(epoch) : OptionalInt.empty();
  }

  /** The epoch that stands in the file now; empty if it does not begin with such a line. */
  static OptionalInt read(FileChannel file) throws IOException {
    ByteBuffer line = ByteBuffer.allocate(LENGTH - 1);
    int length = file.read(line, 0);
    return length < line.capacity() ? OptionalInt.empty() : epochOf(line.array());
  }

  private static String checksum(int epoch) {
    CRC32C crc = new CRC32C();
    crc.update(("epoch:" + epoch).getBytes(StandardCharsets.US_ASCII));
    return "%08x".formatted(crc.getValue());
  }
}

package dev.firebreak.app.gameday;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.yaml.snakeyaml.reader.StreamReader;

/** From the bytes of a file to text that the YAML parser may see. */
final class FileText {
  /** Above this a parser's time can be made to grow out of hand; no GameDay needs it. */
  static final int LARGEST_BYTES = 256 * 1024;

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private FileText() {}

  /** The text, or empty and a mistake. */
  static Optional<String> of(byte[] bytes, Mistakes mistakes) {
    if (bytes.length > LARGEST_BYTES) {
      mistakes.add(
          1,
          1,
          "the file has " + bytes.length + " bytes",
          "at most " + LARGEST_BYTES + " bytes (256 KiB)");
      return Optional.empty();
    }
    return decode(bytes, mistakes)
        .map(FileText::withoutByteOrderMark)
        .filter(text -> isReadable(text, mistakes))
        .map(FileText::withoutJsonsOwnWays);
  }

  private static Optional<String> decode(byte[] bytes, Mistakes mistakes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT)
            .decode(in, out, true);
    String decoded = out.flip().toString();
    if (result.isError()) {
      int bad = bytes[in.position()] & 0xFF;
      tell(decoded, decoded.length(), "byte 0x" + Integer.toHexString(bad), mistakes);
      return Optional.empty();
    }
    return Optional.of(decoded);
  }

  private static String withoutByteOrderMark(String text) {
    return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
  }

  private static boolean isReadable(String text, Mistakes mistakes) {
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int codePoint = text.codePointAt(i);
      if (!isAllowed(codePoint)) {
        tell(text, i, "character U+" + Printable.hex(codePoint), mistakes);
        return false;
      }
    }
    return true;
  }

  /** YAML takes NEL, LS and PS for line ends and editors do not, so line numbers would differ. */
  private static boolean isAllowed(int codePoint) {
    return switch (codePoint) {
      case 0x85, 0x2028, 0x2029, BYTE_ORDER_MARK -> false;
      default -> StreamReader.isPrintable(codePoint);
    };
  }

  private static void tell(String text, int index, String what, Mistakes mistakes) {
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < index; i++) {
      char at = text.charAt(i);
      if (at == '\n' || (at == '\r' && !(i + 1 < text.length() && text.charAt(i + 1) == '\n'))) {
        line++;
        lineStart = i + 1;
      }
    }
    int column = text.codePointCount(lineStart, index) + 1;
    mistakes.add(line, column, "the " + what + " cannot be read", "printable text in UTF-8");
  }

  /**
   * Turns what JSON may have and our YAML parser refuses into the same in YAML: tabs as white
   * space, and {@code \/}. What gets shorter is filled up with spaces behind, so columns stay true.
   */
  private static String withoutJsonsOwnWays(String text) {
    if (!text.stripLeading().startsWith("{")) {
      return text;
    }
    StringBuilder yaml = new StringBuilder(text.length());
    boolean quoted = false;
    int dropped = 0;
    for (int i = 0; i < text.length(); i++) {
      char at = text.charAt(i);
      if (quoted && text.startsWith("\\/", i)) {
        dropped++;
      } else if (quoted && at == '\\' && i + 1 < text.length()) {
        yaml.append(at).append(text.charAt(++i));
      } else if (at == '"') {
        quoted = !quoted;
        yaml.append(at).append(" ".repeat(quoted ? 0 : dropped));
        dropped = 0;
      } else {
        yaml.append(at == '\t' && !quoted ? ' ' : at);
      }
    }
    return yaml.toString();
  }
}

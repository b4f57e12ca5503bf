package dev.firebreak.annotations.tracing;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The ids of a run's spans, which follow from the run's trace id and from what a span is for: who
 * has never seen a span can name it.
 */
public final class SpanIds {
  /** What the span over the whole run is for. */
  public static final String ROOT = "gameday";

  /** What the span over the run's experiment is for. */
  public static final String EXPERIMENT = "experiment";

  private static final int BYTES = 8;

  private SpanIds() {}

  /**
   * The first eight bytes of SHA-256 over trace id, slash and purpose, in hex.
   *
   * @param traceId 32 hex digits
   * @param purpose names the span within its trace
   */
  public static String of(String traceId, String purpose) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest((traceId + "/" + purpose).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}

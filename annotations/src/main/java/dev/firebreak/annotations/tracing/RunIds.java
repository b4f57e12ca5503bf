package dev.firebreak.annotations.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.sdk.trace.IdGenerator;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Gives the spans of a run the run's own trace id, and ids that follow from it and from what the
 * span is for: the same events give the same trace. Other spans get random ids. For any thread.
 */
final class RunIds implements IdGenerator {
  /** What the span over the whole run is for. */
  static final String ROOT = "gameday";

  private static final int SPAN_ID_BYTES = 8;

  private record Ids(String trace, String span) {}

  private final ThreadLocal<Optional<Ids>> next = ThreadLocal.withInitial(Optional::empty);

  /**
   * Starts a span with the ids of what it is for.
   *
   * @param traceId 32 hex digits
   * @param purpose names the span within its trace
   */
  Span start(SpanBuilder builder, String traceId, String purpose) {
    next.set(Optional.of(new Ids(traceId, spanId(traceId, purpose))));
    try {
      return builder.startSpan();
    } finally {
      next.remove();
    }
  }

  /** The first eight bytes of SHA-256 over trace id, slash and purpose, in hex. */
  static String spanId(String traceId, String purpose) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest((traceId + "/" + purpose).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, SPAN_ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  public String generateTraceId() {
    return next.get().map(Ids::trace).orElseGet(IdGenerator.random()::generateTraceId);
  }

  @Override
  public String generateSpanId() {
    return next.get().map(Ids::span).orElseGet(IdGenerator.random()::generateSpanId);
  }
}

package dev.firebreak.annotations.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.sdk.trace.IdGenerator;
import java.util.Optional;

/**
 * Gives the spans of a run the run's own trace id, and ids that follow from it and from what the
 * span is for: the same events give the same trace. Other spans get random ids. For any thread.
 */
final class RunIds implements IdGenerator {
  private record Ids(String trace, String span) {}

  private final ThreadLocal<Optional<Ids>> next = ThreadLocal.withInitial(Optional::empty);

  /**
   * Starts a span with the ids of what it is for.
   *
   * @param traceId 32 hex digits
   * @param purpose names the span within its trace
   */
  Span start(SpanBuilder builder, String traceId, String purpose) {
    next.set(Optional.of(new Ids(traceId, SpanIds.of(traceId, purpose))));
    try {
      return builder.startSpan();
    } finally {
      next.remove();
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

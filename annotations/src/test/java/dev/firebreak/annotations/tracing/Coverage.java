package dev.firebreak.annotations.tracing;

import io.opentelemetry.proto.trace.v1.Span;
import java.util.Comparator;
import java.util.List;

/** How much of a run's time its spans tell something of. */
final class Coverage {
  private Coverage() {}

  /** The share of the root's time in which there is a span of a phase, from 0 to 1. */
  static double ofPhases(List<Span> spans) {
    Span root =
        spans.stream().filter(span -> span.getParentSpanId().isEmpty()).findFirst().orElseThrow();
    List<Span> phases =
        spans.stream()
            .filter(span -> span.getName().startsWith("phase "))
            .sorted(Comparator.comparingLong(Span::getStartTimeUnixNano))
            .toList();
    long covered = 0;
    long until = root.getStartTimeUnixNano();
    for (Span phase : phases) {
      long from = Math.max(until, phase.getStartTimeUnixNano());
      covered += Math.max(0, phase.getEndTimeUnixNano() - from);
      until = Math.max(until, phase.getEndTimeUnixNano());
    }
    return (double) covered / (root.getEndTimeUnixNano() - root.getStartTimeUnixNano());
  }
}

package dev.firebreak.annotations.tracing;

import dev.firebreak.run.RunId;
import dev.firebreak.service.RequestHeaders;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What requests of a run say of it: {@code traceparent} as W3C Trace Context has it, so that what
 * they cause joins the run's trace, and to hosts of ours {@code baggage} with the run's id. For any
 * thread.
 */
public final class RunHeaders {
  private final String traceId;
  private final RunId run;
  private final boolean sampled;
  private final Set<String> baggageHosts;

  /**
   * The headers of one run.
   *
   * @param traceId 32 hex digits
   * @param sampled whether the run's own spans are sent: others are asked to record theirs only
   *     then
   * @param baggageHosts the hosts that may learn the run's id, without port
   */
  public RunHeaders(String traceId, RunId run, boolean sampled, Set<String> baggageHosts) {
    this.traceId = traceId;
    this.run = run;
    this.sampled = sampled;
    this.baggageHosts =
        baggageHosts.stream()
            .map(host -> host.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
  }

  /** Those of requests that are sent within the span for {@code purpose}, see {@link SpanIds}. */
  public RequestHeaders within(String purpose) {
    String parent =
        "00-%s-%s-%s".formatted(traceId, SpanIds.of(traceId, purpose), sampled ? "01" : "00");
    return address ->
        mayLearnTheRun(address)
            ? Map.of("traceparent", parent, "baggage", "chaos.run.id=" + run)
            : Map.of("traceparent", parent);
  }

  private boolean mayLearnTheRun(URI address) {
    return Optional.ofNullable(address.getHost())
        .filter(host -> baggageHosts.contains(host.toLowerCase(Locale.ROOT)))
        .isPresent();
  }
}

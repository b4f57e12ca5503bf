package dev.firebreak.annotations.metrics;

import dev.firebreak.run.FirebreakMetrics;
import dev.firebreak.run.Outcome;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/**
 * When each scheduled GameDay fires next, and when one last gave an answer. For any thread. A run
 * gives an answer if it ends as {@code HELD}, {@code DEVIATED} or {@code CASCADED}.
 */
public final class ScheduleMeters {
  private final Map<String, Supplier<Optional<Instant>>> nextFires = new ConcurrentSkipListMap<>();
  private final Gauge lastSuccess;

  /**
   * Registers the gauges.
   *
   * @throws IllegalArgumentException if the registry has them already
   */
  public ScheduleMeters(PrometheusRegistry registry) {
    GaugeWithCallback.builder()
        .name(FirebreakMetrics.NEXT_FIRE)
        .help("When the GameDay fires next, in seconds since the epoch.")
        .labelNames("gameday")
        .callback(this::tellNextFires)
        .register(registry);
    lastSuccess =
        Gauge.builder()
            .name(FirebreakMetrics.LAST_SUCCESS)
            .help("When the GameDay last gave an answer, in seconds since the epoch; 0 for never.")
            .labelNames("gameday")
            .register(registry);
  }

  /**
   * Shows a GameDay from here on.
   *
   * @param nextFire asked whenever the page is read; empty: it never fires again
   * @param last when it last gave an answer, if it is known
   */
  public void scheduled(
      String gameDay, Supplier<Optional<Instant>> nextFire, Optional<Instant> last) {
    nextFires.put(gameDay, nextFire);
    lastSuccess.labelValues(gameDay).set(last.map(ScheduleMeters::seconds).orElse(0.0));
  }

  /** A run of the GameDay ended. */
  public void ended(String gameDay, Outcome outcome, Instant at) {
    if (gaveAnAnswer(outcome)) {
      lastSuccess.labelValues(gameDay).set(seconds(at));
    }
  }

  /** Whether the run did what it was made for, whatever came of it. */
  public static boolean gaveAnAnswer(Outcome outcome) {
    return switch (outcome) {
      case HELD, DEVIATED, CASCADED -> true;
      case INCONCLUSIVE, INVALID, REFUSED, ABORTED, FAILED -> false;
    };
  }

  private void tellNextFires(GaugeWithCallback.Callback callback) {
    nextFires.forEach(
        (gameDay, next) ->
            next.get().ifPresent(instant -> callback.call(seconds(instant), gameDay)));
  }

  private static double seconds(Instant instant) {
    return instant.toEpochMilli() / 1e3;
  }
}

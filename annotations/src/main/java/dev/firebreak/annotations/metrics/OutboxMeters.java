package dev.firebreak.annotations.metrics;

import dev.firebreak.annotations.OutboxLevel;
import dev.firebreak.run.FirebreakMetrics;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.InstantSource;

/** How many annotations wait to be sent, and how long: read when the page is read. */
public final class OutboxMeters {
  private OutboxMeters() {}

  /**
   * Registers the gauges.
   *
   * @throws IllegalArgumentException if the registry has them already
   */
  public static void register(PrometheusRegistry registry, OutboxLevel level, InstantSource clock) {
    GaugeWithCallback.builder()
        .name(FirebreakMetrics.OUTBOX_MARKS)
        .help("Annotations that Grafana does not have yet.")
        .callback(callback -> callback.call((double) level.unsent()))
        .register(registry);
    GaugeWithCallback.builder()
        .name(FirebreakMetrics.OUTBOX_AGE)
        .help("How long the oldest annotation has waited for Grafana; 0 without any.")
        .callback(callback -> callback.call(ageSeconds(level, clock)))
        .register(registry);
  }

  private static double ageSeconds(OutboxLevel level, InstantSource clock) {
    return level
        .oldestUnsent()
        .map(since -> Math.max(0, Duration.between(since, clock.instant()).toMillis() / 1e3))
        .orElse(0.0);
  }
}

package dev.firebreak.probes;

import dev.firebreak.experiment.Telemetry;
import dev.firebreak.experiment.Telemetry.Prometheus;
import dev.firebreak.experiment.Telemetry.Scrape;
import dev.firebreak.probe.MetricSource;
import dev.firebreak.probes.http.Asking;
import dev.firebreak.probes.prometheus.PrometheusSource;
import dev.firebreak.probes.scrape.ScrapeSource;
import dev.firebreak.probes.signal.SignalPack;
import dev.firebreak.probes.signal.SignalPacks;
import java.time.InstantSource;
import java.util.List;
import java.util.function.LongSupplier;

/** Opens the source that a GameDay's {@code telemetry} names. Asks nobody yet. */
public final class MetricSources {
  private MetricSources() {}

  /**
   * A source with the built-in signal packs.
   *
   * @param nanoTime the monotonic clock
   * @throws IllegalArgumentException if a URL or a header cannot be used; says which
   */
  public static MetricSource open(Telemetry telemetry, InstantSource clock, LongSupplier nanoTime) {
    return open(telemetry, SignalPacks.builtIn(), clock, nanoTime);
  }

  /**
   * A source with the built-in signal packs.
   *
   * @param nanoTime the monotonic clock
   * @param asking what its requests say, and who is told of those that fail
   * @throws IllegalArgumentException if a URL or a header cannot be used; says which
   */
  public static MetricSource open(
      Telemetry telemetry, InstantSource clock, LongSupplier nanoTime, Asking asking) {
    return open(telemetry, SignalPacks.builtIn(), clock, nanoTime, asking);
  }

  /**
   * A source with the given signal packs.
   *
   * @param packs in order of precedence
   * @param nanoTime the monotonic clock
   * @throws IllegalArgumentException if a URL or a header cannot be used; says which
   */
  public static MetricSource open(
      Telemetry telemetry, List<SignalPack> packs, InstantSource clock, LongSupplier nanoTime) {
    return open(telemetry, packs, clock, nanoTime, Asking.plainly());
  }

  private static MetricSource open(
      Telemetry telemetry,
      List<SignalPack> packs,
      InstantSource clock,
      LongSupplier nanoTime,
      Asking asking) {
    if (telemetry.source() instanceof Prometheus prometheus) {
      return new PrometheusSource(prometheus, telemetry.every(), packs, clock, nanoTime, asking);
    }
    Scrape scrape = (Scrape) telemetry.source();
    return new ScrapeSource(scrape, telemetry.every(), packs, clock, nanoTime, asking);
  }
}

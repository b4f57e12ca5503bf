package dev.firebreak.probes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.experiment.Telemetry;
import dev.firebreak.experiment.Telemetry.Prometheus;
import dev.firebreak.experiment.Telemetry.Scrape;
import dev.firebreak.experiment.Telemetry.ScrapeTarget;
import dev.firebreak.probe.Change;
import dev.firebreak.probe.MetricSource;
import dev.firebreak.probe.ProbeException;
import dev.firebreak.probe.Reading;
import dev.firebreak.probes.http.LocalServer;
import dev.firebreak.probes.prometheus.RealPrometheus;
import dev.firebreak.service.CallGraph;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the real {@code prometheus} beside the source that reads pages itself. */
class SameChangesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Looks before the change, so that both have seen what there was. */
  private static final int LOOKS_BEFORE = 3;

  /** A look may be between a page of the one source and that of the other. */
  private static final int LOOKS_AFTER = 3;

  private final Path directory;

  /** Is released with each page: the rhythm of the test without a sleep. */
  private final Semaphore pages = new Semaphore(0);

  private volatile boolean changed;

  SameChangesTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void bothSourcesTellTheSameRestartsAndDeploys() throws Exception {
    try (LocalServer service = new LocalServer((path, body) -> page());
        RealPrometheus prometheus =
            RealPrometheus.startOrSkip(directory, List.of(service.url("/metrics")));
        MetricSource asked = open(new Prometheus(prometheus.url(), Map.of()));
        MetricSource scraped =
            open(
                new Scrape(List.of(new ScrapeTarget(service.url("/metrics"), Optional.empty()))))) {
      assertThat(changesOf(asked)).as(prometheus.log()).isEmpty();
      assertThat(changesOf(scraped)).isEmpty();
      changed = true;
      List<Change> own = changesOf(scraped);

      assertThat(changesOf(asked)).isEqualTo(own);
      assertThat(own)
          .extracting(change -> change.service() + " " + change.kind() + " " + change.detail())
          .containsExactly(
              "cart RESTART process start 2026-01-02T00:00:00Z → 2026-01-02T00:16:40Z",
              "stock RESTART container start 2026-01-02T00:00:00Z → 2026-01-02T00:16:40Z",
              "cart DEPLOY version 1.0, revision ab → version 1.1, revision cd");
    }
  }

  /** What some looks tell that gave evidence; only those count. */
  private List<Change> changesOf(MetricSource source) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    List<Change> changes = new ArrayList<>();
    int looks = 0;
    while (looks < (changed ? LOOKS_AFTER : LOOKS_BEFORE)) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      // Prometheus asks each second, and gives the beat.
      pages.drainPermits();
      var unused = pages.tryAcquire(5, TimeUnit.SECONDS);
      Optional<Reading> reading = read(source);
      reading.ifPresent(seen -> changes.addAll(seen.changes()));
      looks += reading.isPresent() ? 1 : 0;
    }
    return changes;
  }

  private static Optional<Reading> read(MetricSource source) {
    try {
      return Optional.of(source.read()).filter(SameChangesTest::hasRates);
    } catch (ProbeException e) {
      // Prometheus is still starting: asked again at the next beat, until the deadline.
      return Optional.empty();
    }
  }

  private static boolean hasRates(Reading reading) {
    return reading.samples().stream()
        .anyMatch(sample -> sample.series().signal().name().equals("http.rate"));
  }

  private static MetricSource open(Telemetry.Source source) {
    return MetricSources.open(
        new Telemetry(source, Duration.ofSeconds(1), CallGraph.empty()),
        InstantSource.system(),
        System::nanoTime);
  }

  private LocalServer.Reply page() {
    pages.release();
    String version =
        changed ? "version=\"1.1\",revision=\"cd\"" : "version=\"1.0\",revision=\"ab\"";
    return LocalServer.ok(
        "text/plain; version=0.0.4",
        """
        http_server_requests_seconds_count{application="cart",uri="/"} 7
        http_server_requests_seconds_count{application="stock",uri="/"} 7
        process_start_time_seconds{application="cart"} %1$d
        container_start_time_seconds{container="stock"} %1$d
        container_start_time_seconds{container="cart"} %1$d
        container_start_time_seconds{container="POD"} %1$d
        cart_build_info{application="cart",%2$s} 1
        """
            .formatted(1_767_312_000 + (changed ? 1_000 : 0), version));
  }
}

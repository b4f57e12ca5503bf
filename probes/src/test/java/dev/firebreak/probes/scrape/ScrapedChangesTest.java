package dev.firebreak.probes.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.firebreak.experiment.Telemetry.Scrape;
import dev.firebreak.experiment.Telemetry.ScrapeTarget;
import dev.firebreak.probe.Change;
import dev.firebreak.probe.Change.Kind;
import dev.firebreak.probe.ProbeException;
import dev.firebreak.probe.Reading;
import dev.firebreak.probe.Reading.Sample;
import dev.firebreak.probes.http.LocalServer;
import dev.firebreak.probes.http.LocalServer.Reply;
import dev.firebreak.probes.signal.SignalPacks;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScrapedChangesTest {
  private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
  private static final long START = NOW.getEpochSecond() - 3_600;
  private static final Duration STEP = Duration.ofSeconds(5);

  private final Map<String, Reply> pages = new ConcurrentHashMap<>();
  private final LocalServer server =
      new LocalServer(
          (path, body) ->
              pages.getOrDefault(path, LocalServer.status(404, "text/plain", "not found")));
  private final AtomicLong nanos = new AtomicLong();

  @AfterEach
  void close() {
    server.close();
  }

  private ScrapeSource source(String... paths) {
    return new ScrapeSource(
        new Scrape(
            Arrays.stream(paths)
                .map(path -> new ScrapeTarget(server.url(path), Optional.empty()))
                .toList()),
        STEP,
        SignalPacks.builtIn(),
        () -> NOW.plusNanos(nanos.get()),
        nanos::get);
  }

  private void page(String path, String text) {
    pages.put(path, LocalServer.ok("text/plain; version=0.0.4", text));
  }

  private Reading next(ScrapeSource source) throws ProbeException {
    nanos.addAndGet(STEP.toNanos());
    return source.read();
  }

  private static String service(int requests, long start, String version) {
    return """
        http_server_requests_seconds_count{application="cart",status="200",uri="/"} %d
        process_start_time_seconds{application="cart"} %d
        cart_build_info{application="cart",version="%s"} 1
        """
        .formatted(requests, start, version);
  }

  @Test
  void aRestartAndADeployShowOnThePage() throws ProbeException {
    page("/a", service(1_000, START, "1.0"));
    try (ScrapeSource source = source("/a")) {
      source.discover();
      assertThat(next(source).changes()).isEmpty();

      page("/a", service(50, START + 3_605, "1.1"));
      assertThat(next(source).changes())
          .containsExactly(
              new Change(
                  ServiceName.of("cart"),
                  Kind.RESTART,
                  "process start 2026-11-23T09:00:00Z → 2026-11-23T10:00:05Z"),
              new Change(ServiceName.of("cart"), Kind.DEPLOY, "version 1.0 → version 1.1"));
      assertThat(next(source).changes()).isEmpty();
    }
  }

  @Test
  void theCountersOfTheNewProcessAreNotMistakenForLostTraffic() throws ProbeException {
    page("/a", service(1_000, START, "1.0"));
    try (ScrapeSource source = source("/a")) {
      source.discover();
      page("/a", service(1_050, START, "1.0"));
      assertThat(rate(next(source))).isCloseTo(10, within(1e-9));

      page("/a", service(50, START + 3_605, "1.0"));
      Reading restarted = next(source);
      assertThat(restarted.changes()).hasSize(1);
      assertThat(rate(restarted)).isCloseTo(10, within(1e-9));
    }
  }

  private static double rate(Reading reading) {
    return reading.samples().stream()
        .filter(sample -> sample.series().signal().name().equals("http.rate"))
        .mapToDouble(Sample::value)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void ofSeveralInstancesTheNewestCountsAndOneThatIsGoneIsNoChange() throws ProbeException {
    page("/a", service(1_000, START, "1.0"));
    page("/b", service(1_000, START + 100, "1.1"));
    try (ScrapeSource source = source("/a", "/b")) {
      source.discover();
      assertThat(next(source).changes()).isEmpty();

      pages.remove("/b");
      assertThat(next(source).changes()).isEmpty();
      page("/b", service(1_000, START + 100, "1.1"));
      assertThat(next(source).changes()).isEmpty();

      page("/a", service(1_000, START + 3_000, "1.1"));
      assertThat(next(source).changes()).extracting(Change::kind).containsExactly(Kind.RESTART);
    }
  }

  @Test
  void aServiceWithoutAStartTimeIsSimplyNotToldOf() throws ProbeException {
    page("/a", "http_server_requests_seconds_count{application=\"cart\",uri=\"/\"} 9\n");
    try (ScrapeSource source = source("/a")) {
      source.discover();
      assertThat(next(source).changes()).isEmpty();
      assertThat(next(source).changes()).isEmpty();
    }
  }

  @Test
  void whatAContainerIsCalledNamesNoServiceAndNeitherDoesABuild() throws ProbeException {
    page(
        "/a",
        service(1_000, START, "1.0")
            + "thing_build_info{service=\"thing\",version=\"7\"} 1\n"
            + "container_start_time_seconds{container=\"sidecar\"} 1.7e9\n");
    try (ScrapeSource source = source("/a")) {
      assertThat(source.discover().services()).containsExactly(ServiceName.of("cart"));
      assertThat(next(source).samples())
          .extracting(sample -> sample.series().service().value())
          .containsOnly("cart");
      page(
          "/a",
          service(1_000, START, "1.0") + "thing_build_info{service=\"thing\",version=\"8\"} 1\n");
      assertThat(next(source).changes()).isEmpty();
    }
  }
}

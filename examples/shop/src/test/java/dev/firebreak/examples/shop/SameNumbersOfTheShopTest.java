package dev.firebreak.examples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.examples.shop.load.LoadGenerator;
import dev.firebreak.experiment.Telemetry;
import dev.firebreak.probe.MetricSource;
import dev.firebreak.probe.ProbeException;
import dev.firebreak.probe.Reading.Sample;
import dev.firebreak.probe.SeriesId;
import dev.firebreak.probes.MetricSources;
import dev.firebreak.probes.prometheus.RealPrometheus;
import dev.firebreak.service.CallGraph;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real {@code prometheus} beside the shop, and Firebreak's two sources on both. */
class SameNumbersOfTheShopTest {
  private static final double REQUESTS_PER_SECOND = 40;

  /** What both sources look back over at a step of a second. */
  private static final int WINDOW_SECONDS = 4;

  /** Looks until both windows are full, and looks that are compared. */
  private static final int LOOKS_TO_FILL = 6;

  private static final int LOOKS = 12;

  private final Path directory;

  SameNumbersOfTheShopTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void bothSourcesGiveTheSameNumbersOnTheSameShop() throws Exception {
    try (Shop shop = Shop.startOnFreePorts()) {
      List<URI> pages = Stream.of(ShopService.values()).map(each -> pageOf(shop, each)).toList();
      try (RealPrometheus prometheus = RealPrometheus.startOrSkip(directory, pages);
          LoadGenerator load =
              new LoadGenerator(
                  shop.url(ShopService.GATEWAY), REQUESTS_PER_SECOND, new SplittableRandom(1));
          MetricSource asked = open(new Telemetry.Prometheus(prometheus.url(), Map.of()));
          MetricSource scraped = open(scrape(pages))) {
        load.start();
        compare(prometheus, asked, scraped);
      }
    }
  }

  private static URI pageOf(Shop shop, ShopService service) {
    return URI.create(shop.url(service) + "/actuator/prometheus");
  }

  private static Telemetry.Scrape scrape(List<URI> pages) {
    return new Telemetry.Scrape(
        pages.stream().map(page -> new Telemetry.ScrapeTarget(page, Optional.empty())).toList());
  }

  private static MetricSource open(Telemetry.Source source) {
    return MetricSources.open(
        new Telemetry(source, Duration.ofSeconds(1), CallGraph.empty()),
        InstantSource.system(),
        System::nanoTime);
  }

  private static void compare(RealPrometheus prometheus, MetricSource asked, MetricSource scraped)
      throws Exception {
    List<Map<SeriesId, Double>> own = new ArrayList<>();
    List<Map<SeriesId, Double>> theirs = new ArrayList<>();
    Beat beat = new Beat(Duration.ofSeconds(1));
    Await.until(
        "both sources have rates for " + (LOOKS_TO_FILL + LOOKS) + " looks; " + prometheus.log(),
        Duration.ofMinutes(2),
        () -> {
          beat.next();
          Map<SeriesId, Double> ownLook = valuesOf(scraped);
          Map<SeriesId, Double> theirLook = valuesOf(asked);
          if (hasAllRates(ownLook) && hasAllRates(theirLook)) {
            own.add(ownLook);
            theirs.add(theirLook);
          }
          return own.size() == LOOKS_TO_FILL + LOOKS;
        });
    Map<SeriesId, Double> ownMedians = medians(own);
    Map<SeriesId, Double> theirMedians = medians(theirs);
    for (String signal : List.of("http.rate", "http.latency.mean", "http.latency.p50")) {
      for (Map.Entry<SeriesId, Double> entry : of(ownMedians, signal).entrySet()) {
        assertThat(theirMedians.getOrDefault(entry.getKey(), Double.NaN))
            .as("%s, which the scrape source says is %s", entry.getKey(), entry.getValue())
            .isCloseTo(entry.getValue(), sampling(ownMedians, entry.getKey()));
      }
    }
    assertThat(of(ownMedians, "http.rate")).hasSize(ShopService.values().length);
  }

  /**
   * The two windows are a second apart at most, so that a quarter of the requests differ: three
   * standard deviations of a Poisson count's share of them.
   */
  private static Percentage sampling(Map<SeriesId, Double> medians, SeriesId id) {
    double rate =
        medians.entrySet().stream()
            .filter(entry -> entry.getKey().service().equals(id.service()))
            .filter(entry -> entry.getKey().signal().name().equals("http.rate"))
            .mapToDouble(Map.Entry::getValue)
            .findFirst()
            .orElseThrow();
    double requests = rate * WINDOW_SECONDS;
    return Percentage.withPercentage(100 * 3 * Math.sqrt(2 * 0.25 / requests));
  }

  private static Map<SeriesId, Double> of(Map<SeriesId, Double> values, String signal) {
    Map<SeriesId, Double> chosen = new TreeMap<>();
    values.forEach(
        (id, value) -> {
          if (id.signal().name().equals(signal)) {
            chosen.put(id, value);
          }
        });
    return chosen;
  }

  private static boolean hasAllRates(Map<SeriesId, Double> values) {
    return of(values, "http.rate").size() == ShopService.values().length;
  }

  private static Map<SeriesId, Double> valuesOf(MetricSource source) {
    Map<SeriesId, Double> values = new TreeMap<>();
    try {
      for (Sample sample : source.read().samples()) {
        values.put(sample.series(), sample.value());
      }
    } catch (ProbeException e) {
      // Prometheus is still starting: asked again at the next beat.
      values.clear();
    }
    return values;
  }

  private static Map<SeriesId, Double> medians(List<Map<SeriesId, Double>> looks) {
    List<Map<SeriesId, Double>> full = looks.subList(LOOKS_TO_FILL, looks.size());
    Map<SeriesId, Double> medians = new TreeMap<>();
    for (SeriesId id : full.get(0).keySet()) {
      double[] values =
          full.stream().mapToDouble(look -> look.getOrDefault(id, Double.NaN)).sorted().toArray();
      medians.put(id, values[values.length / 2]);
    }
    return medians;
  }
}

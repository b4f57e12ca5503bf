package dev.firebreak.probes.scrape;

import dev.firebreak.probes.scrape.ScrapeHistory.Series;
import dev.firebreak.probes.signal.Labels;
import dev.firebreak.probes.signal.Selector;
import dev.firebreak.probes.signal.ServiceSamples;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/** The newest samples of one service, from all of its targets. Lives for one look. */
final class ScrapedService implements ServiceSamples {
  private final Map<String, List<Series>> byMetric = new HashMap<>();
  private final Map<Selector, OptionalDouble> rates = new HashMap<>();
  private final Map<Selector, Map<String, Double>> bucketRates = new HashMap<>();

  void add(Series series) {
    byMetric.computeIfAbsent(series.metric(), metric -> new ArrayList<>()).add(series);
  }

  Set<String> metrics() {
    return byMetric.keySet();
  }

  private List<Series> matching(Selector selector) {
    return byMetric.getOrDefault(selector.metric(), List.of()).stream()
        .filter(series -> selector.accepts(series.labels()))
        .toList();
  }

  @Override
  public OptionalDouble rate(Selector counter) {
    return rates.computeIfAbsent(counter, this::sumOfRates);
  }

  private OptionalDouble sumOfRates(Selector counter) {
    OptionalDouble sum = OptionalDouble.empty();
    for (Series series : matching(counter)) {
      OptionalDouble rate = series.rate();
      if (rate.isPresent()) {
        sum = OptionalDouble.of(sum.orElse(0) + rate.getAsDouble());
      }
    }
    return sum;
  }

  @Override
  public Map<String, Double> bucketRates(Selector buckets) {
    return bucketRates.computeIfAbsent(buckets, this::sumOfBucketRates);
  }

  private Map<String, Double> sumOfBucketRates(Selector buckets) {
    Map<String, Double> sums = new HashMap<>();
    for (Series series : matching(buckets)) {
      series.rate().ifPresent(rate -> sums.merge(series.labels().get("le"), rate, Double::sum));
    }
    return sums;
  }

  @Override
  public Map<Labels, Double> gauges(Selector gauge) {
    Map<Labels, Double> values = new HashMap<>();
    matching(gauge).forEach(series -> values.put(series.labels(), series.value()));
    return values;
  }
}

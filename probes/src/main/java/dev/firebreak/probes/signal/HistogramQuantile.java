package dev.firebreak.probes.signal;

import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Prometheus' {@code histogram_quantile} for classic histograms, as its documentation tells it:
 * observations are spread evenly within a bucket; the lowest bucket starts at 0 if its upper bound
 * is above 0; a quantile in the highest bucket is the upper bound of the one before it; buckets
 * that count less than the one below them, an artefact of scraping, count as much as that one.
 */
final class HistogramQuantile {
  private HistogramQuantile() {}

  /**
   * The quantile {@code q} of what the buckets counted.
   *
   * @param cumulative counts or rates by the text of {@code le}
   * @return NaN without observations, without the bucket {@code +Inf}, or with that one alone
   */
  static double of(double q, Map<String, Double> cumulative) {
    NavigableMap<Double, Double> buckets = byBound(cumulative);
    if (buckets.size() < 2 || buckets.lastKey() != Double.POSITIVE_INFINITY) {
      return Double.NaN;
    }
    double[] bounds = new double[buckets.size()];
    double[] counts = new double[buckets.size()];
    int next = 0;
    for (Map.Entry<Double, Double> bucket : buckets.entrySet()) {
      bounds[next] = bucket.getKey();
      counts[next] = next == 0 ? bucket.getValue() : Math.max(bucket.getValue(), counts[next - 1]);
      next++;
    }
    return interpolate(q, bounds, counts);
  }

  /** Bounds that are written differently but equal, such as 1 and 1.0, are one bucket. */
  private static NavigableMap<Double, Double> byBound(Map<String, Double> cumulative) {
    NavigableMap<Double, Double> buckets = new TreeMap<>();
    cumulative.forEach(
        (text, count) -> {
          OptionalDouble bound = FloatText.parse(text);
          if (bound.isPresent() && !Double.isNaN(bound.getAsDouble())) {
            buckets.merge(bound.getAsDouble(), count, Double::sum);
          }
        });
    return buckets;
  }

  private static double interpolate(double q, double[] bounds, double[] counts) {
    int last = counts.length - 1;
    double observations = counts[last];
    if (!(observations > 0)) {
      return Double.NaN;
    }
    double rank = q * observations;
    int bucket = 0;
    while (bucket < last && counts[bucket] < rank) {
      bucket++;
    }
    if (bucket == last) {
      return bounds[last - 1];
    }
    if (bucket == 0 && bounds[0] <= 0) {
      return bounds[0];
    }
    double start = bucket == 0 ? 0 : bounds[bucket - 1];
    double below = bucket == 0 ? 0 : counts[bucket - 1];
    return start + (bounds[bucket] - start) * ((rank - below) / (counts[bucket] - below));
  }
}

package dev.firebreak.benchmarks;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The rivals in their usual settings. */
final class Rivals {
  /**
   * A constant baseline has no scale: any wobble is then far beyond it, as the textbooks have it.
   */
  private static final double SMALLEST_SCALE = 1e-9;

  private static final int IN_A_ROW = 3;
  private static final double SIGMAS = 3;
  private static final double IQR_PER_SIGMA = 1.349;
  private static final double CUSUM_SLACK = 0.5;
  private static final double CUSUM_LIMIT = 20;
  private static final double PAGE_HINKLEY_LIMIT = 50;
  private static final double PAGE_HINKLEY_SLACK = 0.005;

  private Rivals() {}

  /** By name. */
  static Map<String, Rival.Maker> all() {
    Map<String, Rival.Maker> all = new LinkedHashMap<>();
    all.put("n-sigma", baseline -> new InARow(mean(baseline), deviation(baseline)));
    all.put(
        "median-iqr",
        baseline -> new InARow(quantile(baseline, 0.5), interquartile(baseline) / IQR_PER_SIGMA));
    all.put("cusum", baseline -> new Cusum(mean(baseline), deviation(baseline)));
    all.put("page-hinkley", baseline -> new PageHinkley(baseline));
    all.put("mann-whitney", baseline -> new MannWhitney(baseline));
    return Collections.unmodifiableMap(all);
  }

  /** Three samples in a row beyond three scales. */
  private static final class InARow implements Rival {
    private final double limit;
    private int beyond;

    InARow(double centre, double scale) {
      this.limit = centre + SIGMAS * Math.max(SMALLEST_SCALE, scale);
    }

    @Override
    public boolean alarms(double value) {
      beyond = value > limit ? beyond + 1 : 0;
      return beyond >= IN_A_ROW;
    }
  }

  /** E. S. Page, Continuous inspection schemes (1954). */
  private static final class Cusum implements Rival {
    private final double centre;
    private final double scale;
    private double sum;

    Cusum(double centre, double scale) {
      this.centre = centre;
      this.scale = Math.max(SMALLEST_SCALE, scale);
    }

    @Override
    public boolean alarms(double value) {
      sum = Math.max(0, sum + (value - centre) / scale - CUSUM_SLACK);
      return sum > CUSUM_LIMIT;
    }
  }

  /** Page's test against the running mean, D. V. Hinkley (1970). */
  private static final class PageHinkley implements Rival {
    private final double centre;
    private final double scale;
    private long count;
    private double mean;
    private double sum;
    private double least;

    PageHinkley(double[] baseline) {
      centre = mean(baseline);
      scale = Math.max(SMALLEST_SCALE, deviation(baseline));
      count = baseline.length;
    }

    @Override
    public boolean alarms(double value) {
      double z = (value - centre) / scale;
      count++;
      mean += (z - mean) / count;
      sum += z - mean - PAGE_HINKLEY_SLACK;
      least = Math.min(least, sum);
      return sum - least > PAGE_HINKLEY_LIMIT;
    }
  }

  /**
   * Kayenta's judge: the 98 % confidence interval of the Hodges-Lehmann shift, by normal
   * approximation, lies above a quarter of the shift, and the ratio of means is above its default
   * of 1.0.
   */
  private static final class MannWhitney implements Rival {
    private static final double QUANTILE_98_PERCENT = 2.326;
    private static final double TOLERANCE = 0.25;
    private static final int MOST_BASELINE = 120;
    private static final int MOST_SAMPLES = 30;

    private final double[] baseline;
    private final double[] window = new double[MOST_SAMPLES];
    private int seen;

    MannWhitney(double[] baseline) {
      this.baseline =
          Arrays.copyOfRange(
              baseline, Math.max(0, baseline.length - MOST_BASELINE), baseline.length);
    }

    @Override
    public boolean alarms(double value) {
      window[seen++ % MOST_SAMPLES] = value;
      double m = Math.min(seen, MOST_SAMPLES);
      double n = baseline.length;
      double half = QUANTILE_98_PERCENT * Math.sqrt(m * n * (m + n + 1) / 12);
      int rank = (int) Math.floor(m * n / 2 - half);
      if (rank < 1) {
        return false;
      }
      double[] now = Arrays.copyOf(window, (int) m);
      double[] shifts = shifts(now);
      double shift = quantile(shifts, 0.5);
      return shifts[rank - 1] > TOLERANCE * Math.abs(shift) && mean(now) > mean(baseline);
    }

    /** All differences between a sample and one of the baseline, sorted. */
    private double[] shifts(double[] now) {
      double[] shifts = new double[now.length * baseline.length];
      for (int i = 0; i < shifts.length; i++) {
        shifts[i] = now[i / baseline.length] - baseline[i % baseline.length];
      }
      Arrays.sort(shifts);
      return shifts;
    }
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(0);
  }

  private static double deviation(double[] values) {
    double mean = mean(values);
    return Math.sqrt(Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElse(0));
  }

  private static double interquartile(double[] values) {
    return quantile(values, 0.75) - quantile(values, 0.25);
  }

  private static double quantile(double[] values, double q) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double at = q * (sorted.length - 1);
    int below = (int) at;
    double above = sorted[Math.min(below + 1, sorted.length - 1)];
    return sorted[below] + (above - sorted[below]) * (at - below);
  }
}

package dev.firebreak.cascade;

import java.util.Arrays;

/**
 * What a series did before the injection, in the transformed unit in which up is bad.
 *
 * @param median the level
 * @param common x
 * @param scale how far it strays by itself: no smaller than its median deviation, than its own
 *     excursions explain, and than a floor
 * @param decorrelation samples that count as one look, at least 1
 * @param samples how many there were
 */
record Baseline(double median, double common, double scale, double decorrelation, int fewest, int samples) {
  /** Of a normal distribution, the standard deviation in units of the median deviation. */
  private static final double PER_MEDIAN_DEVIATION = 1.4826;

  /** Excursions beyond this upper share of the baseline measure its scale. */
  private static final double TAIL_SHARE = 0.35;

  /** Deviations are clipped here before their correlation is taken, so that no spike rules it. */
  private static final double CLIP_SCALES = 3;

  /**
   * Measures a baseline.
   *
   * @param values finite, in the order of time, at least one
   */
  static Baseline of(double[] values, double floor, double nu, double trim, int horizon, int fewest) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double median = middle(sorted);
    double[] deviations = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      deviations[i] = Math.abs(values[i] - median);
    }
    Arrays.sort(deviations);
    double common = Math.max(floor, PER_MEDIAN_DEVIATION * middle(deviations));
    double decorrelation = decorrelation(values, median, common, horizon);
    int f = persistence(decorrelation, fewest);
    double single = excursion(sorted, median, nu, 2, 1);
    double[] sustained = new double[Math.max(1, values.length - f + 1)];
    for (int i = 0; i < sustained.length; i++) {
      double least = values[i];
      for (int j = i; j < Math.min(values.length, i + f); j++) {
        least = Math.min(least, values[j]);
      }
      sustained[i] = least;
    }
    Arrays.sort(sustained);
    double longer = excursion(sustained, median, nu, 1, Math.max(1, f / decorrelation));
    double scale = Math.max(common, Math.max(single, longer));
    return new Baseline(median, common, scale, decorrelation, f, values.length);
  }

  static double middle(double[] sorted) {
    int n = sorted.length;
    return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
  }

  static int persistence(double decorrelation, int fewest) {
    return decorrelation < 2 ? fewest : (int) Math.max(fewest + 1, Math.ceil(decorrelation / 3));
  }

  /** The smallest scale with which the assumed tail covers every value that was really seen. */
  private static double excursion(
      double[] sorted, double median, double nu, int first, double looks) {
    int n = sorted.length;
    double widest = 0;
    for (int rank = first; rank <= n; rank++) {
      double p = StrictMath.pow(rank / (n + 1.0), 1 / looks);
      if (p > TAIL_SHARE) {
        break;
      }
      widest = Math.max(widest, (sorted[n - rank] - median) / Evidence.scalesAt(p, nu));
    }
    return widest;
  }

  /**
   * The integrated autocorrelation {@code 1 + 2 sum r_k}, summed until the correlation is lost in
   * its own noise, at most a fifth of the baseline.
   */
  private static double decorrelation(
      double[] values, double median, double scale, int horizon) {
    int n = values.length;
    double[] x = new double[n];
    double mean = 0;
    for (int i = 0; i < n; i++) {
      double u = (values[i] - median) / scale;
      x[i] = Math.max(-CLIP_SCALES, Math.min(CLIP_SCALES, u));
      mean += x[i] / n;
    }
    int half = Math.max(7, horizon);
    if (n > 2 * half + 1) {
      double[] drift = new double[n];
      for (int i = 0; i < n; i++) {
        int from = Math.max(0, Math.min(i - half, n - 2 * half - 1));
        for (int j = from; j < from + 2 * half + 1; j++) {
          drift[i] += x[j] / (2 * half + 1);
        }
      }
      mean = 0;
      for (int i = 0; i < n; i++) {
        x[i] -= drift[i];
        mean += x[i] / n;
      }
    }
    double variance = 0;
    for (int i = 0; i < n; i++) {
      x[i] -= mean;
      variance += x[i] * x[i];
    }
    if (!(variance > 0)) {
      return 1;
    }
    double sum = 1;
    double lost = 1 / Math.sqrt(n);
    for (int lag = 1; lag < n / 3; lag++) {
      double product = 0;
      for (int i = lag; i < n; i++) {
        product += x[i] * x[i - lag];
      }
      double r = product / variance;
      if (r < lost) {
        break;
      }
      sum += 2 * r;
    }
    return Math.max(1, Math.min(sum, n / 5.0));
  }
}

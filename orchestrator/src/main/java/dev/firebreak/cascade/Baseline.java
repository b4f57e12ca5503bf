package dev.firebreak.cascade;

import java.util.Arrays;
import java.util.Optional;

/**
 * What a series did before the injection, in the unit of its {@link Yardstick}, in which up is bad.
 *
 * @param median the level
 * @param common the scale of its everyday: the median deviation, but no smaller than a floor
 * @param scale the scale that also explains how far it strayed by itself, at least {@code common}
 * @param decorrelation how many samples make one independent look, at least 1
 * @param persistence samples that a degradation must last to count
 * @param persistenceAlone the same where other quantiles of the same latency do not show it
 */
record Baseline(
    double median,
    double common,
    double scale,
    double decorrelation,
    int persistence,
    int persistenceAlone) {
  /**
   * How the source measures.
   *
   * @param stepSeconds the sampling step
   * @param decorrelation samples that make one look for most series, at least 1
   */
  record Measured(double stepSeconds, double decorrelation) {}

  /** Of a normal distribution, the standard deviation in units of the median deviation. */
  private static final double PER_MEDIAN_DEVIATION = 1.4826;

  /** Excursions beyond this upper share of the baseline measure its scale. */
  private static final double TAIL_SHARE = 0.35;

  /** No excursion within the upper share is divided by less, whatever the tail. */
  private static final double LEAST_SCALES = 0.84;

  /** Deviations are clipped here before their correlation is taken, so that no spike rules it. */
  private static final double CLIP_SCALES = 3;

  /** Samples this close to independent are taken as such: the estimate has noise of its own. */
  private static final double NEARLY_INDEPENDENT = 2;

  /** Movement slower than the watch, but at least than this many samples, is drift. */
  private static final int SHORTEST_DRIFT = 7;

  /**
   * Measures a baseline.
   *
   * @param values finite, in the order of time, at least one
   * @param floor of the scale
   * @param horizonSamples how long the watch will last
   */
  static Baseline of(
      double[] values, double floor, int horizonSamples, Measured measured, Tuning tuning) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    Sample sample = new Sample(values, sorted);
    return of(sample, floor, Optional.empty(), horizonSamples, measured, tuning);
  }

  /** The values of a series in the order of time, and the same ascending. */
  static final class Sample {
    private final double[] values;
    private final double[] sorted;

    Sample(double[] values, double[] sorted) {
      this.values = values;
      this.sorted = sorted;
    }

    double[] values() {
      return values;
    }
  }

  /**
   * Measures a baseline.
   *
   * @param alone the same, measured before anything was known about the source
   */
  static Baseline of(
      Sample sample,
      double floor,
      Optional<Baseline> alone,
      int horizonSamples,
      Measured measured,
      Tuning tuning) {
    double[] values = sample.values;
    double median = middle(sample.sorted);
    double common = Math.max(floor, PER_MEDIAN_DEVIATION * medianDeviation(sample.sorted, median));
    double own =
        alone.isPresent() && alone.get().common() == common
            ? alone.get().decorrelation()
            : decorrelation(clipped(values, median, common), horizonSamples);
    double decorrelation = Math.max(measured.decorrelation(), own);
    int persistence = persistence(measured, decorrelation, tuning);
    double nu = tuning.tailFreedom();
    // One sample may be anything: it takes a second one to widen the scale, or one that lasts.
    double spikes = excursion(sample.sorted, values.length, median, nu, 2, 1);
    double wide = Math.max(common, spikes);
    double[] lasting = sustained(values, persistence, median + LEAST_SCALES * wide);
    int windows = Math.max(1, values.length - persistence + 1);
    double looks = Math.max(1, persistence / decorrelation);
    double scale = Math.max(wide, excursion(lasting, windows, median, nu, 1, looks));
    return new Baseline(
        median,
        common,
        scale,
        decorrelation,
        persistence,
        persistenceAlone(measured, decorrelation, persistence, tuning));
  }

  /** The median distance of sorted values from their median, in one walk outwards from it. */
  private static double medianDeviation(double[] sorted, double median) {
    int n = sorted.length;
    int above = 0;
    while (above < n && sorted[above] < median) {
      above++;
    }
    int below = above - 1;
    double previous = 0;
    double latest = 0;
    for (int k = 0; k <= n / 2; k++) {
      previous = latest;
      boolean down =
          above >= n
              || (below >= 0
                  && Math.abs(sorted[below] - median) < Math.abs(sorted[above] - median));
      latest = Math.abs(sorted[down ? below-- : above++] - median);
    }
    return n % 2 == 1 ? latest : (previous + latest) / 2;
  }

  /** The median of sorted values. */
  static double middle(double[] sorted) {
    int n = sorted.length;
    return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
  }

  private static int persistence(Measured measured, double decorrelation, Tuning tuning) {
    double seconds = tuning.lastingSeconds() / measured.stepSeconds();
    double lasting =
        decorrelation < NEARLY_INDEPENDENT
            ? Math.max(tuning.fewestLooks(), seconds)
            : Math.max(
                tuning.fewestSamples(),
                Math.max(measured.decorrelation() * tuning.lastingLooks(), seconds));
    return (int) Math.min(Tracks.LONGEST_PERSISTENCE, Math.ceil(lasting));
  }

  /**
   * One quantile of several, seen alone, may be a handful of requests for as long as they stay in
   * its window: where samples are correlated it must last longer than one look.
   */
  private static int persistenceAlone(
      Measured measured, double decorrelation, int persistence, Tuning tuning) {
    boolean fine = measured.stepSeconds() < tuning.lastingSeconds();
    return decorrelation < NEARLY_INDEPENDENT && !fine
        ? persistence
        : Math.max(2 * persistence, (int) Math.ceil(tuning.loneLooks() * decorrelation));
  }

  /**
   * The levels above {@code from} that were kept up for {@code length} samples in a row, sorted.
   */
  private static double[] sustained(double[] values, int length, double from) {
    double[] levels = new double[values.length];
    int found = 0;
    int windows = Math.max(1, values.length - length + 1);
    for (int first = 0; first < windows; first++) {
      double least = values[first];
      int end = Math.min(values.length, first + length);
      for (int i = first + 1; i < end && least > from; i++) {
        least = Math.min(least, values[i]);
      }
      if (least > from) {
        levels[found++] = least;
      }
    }
    Arrays.sort(levels, 0, found);
    return Arrays.copyOf(levels, found);
  }

  /**
   * The smallest scale with which the assumed tail covers the highest values that were really seen.
   *
   * @param sorted the highest of them, ascending, and maybe others
   * @param n how many there are in all
   * @param firstRank the highest value that counts, 1 for the very highest
   * @param looks how many independent samples each value stands for
   */
  private static double excursion(
      double[] sorted, int n, double median, double nu, int firstRank, double looks) {
    double widest = 0;
    for (int rank = firstRank; rank <= sorted.length; rank++) {
      double above = sorted[sorted.length - rank] - median;
      // The further down, the fewer scales may explain it.
      if (above <= LEAST_SCALES * widest) {
        break;
      }
      double p = rank / (n + 1.0);
      p = looks > 1 ? StrictMath.pow(p, 1 / looks) : p;
      if (p > TAIL_SHARE) {
        break;
      }
      widest = Math.max(widest, above / Evidence.scalesAt(p, nu));
    }
    return widest;
  }

  private static double[] clipped(double[] values, double median, double scale) {
    double[] clipped = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      double u = (values[i] - median) / scale;
      clipped[i] = Math.max(-CLIP_SCALES, Math.min(CLIP_SCALES, u));
    }
    return clipped;
  }

  /**
   * The integrated autocorrelation {@code 1 + 2 sum r_k}, summed until the correlation is lost in
   * its own noise, at most a fifth of the baseline. Drift is taken out first: it moves the level
   * and says nothing about how soon a sample is news.
   */
  private static double decorrelation(double[] clipped, int horizonSamples) {
    double[] x = withoutDrift(clipped, Math.max(SHORTEST_DRIFT, horizonSamples));
    int n = x.length;
    double variance = covariance(x, 0);
    if (!(variance > 0)) {
      return 1;
    }
    double length = 1;
    double lost = 1 / Math.sqrt(n);
    for (int lag = 1; lag < n / 3; lag++) {
      double r = covariance(x, lag) / variance;
      if (r < lost) {
        break;
      }
      length += 2 * r;
    }
    return Math.max(1, Math.min(length, n / 5.0));
  }

  private static double covariance(double[] x, int lag) {
    double sum = 0;
    for (int i = lag; i < x.length; i++) {
      sum += x[i] * x[i - lag];
    }
    return sum;
  }

  /** Takes out the moving mean over {@code half} samples on either side, and the mean. */
  private static double[] withoutDrift(double[] x, int half) {
    int n = x.length;
    int width = Math.min(n, 2 * half + 1);
    double[] sums = new double[n + 1];
    for (int i = 0; i < n; i++) {
      sums[i + 1] = sums[i] + x[i];
    }
    double[] rest = new double[n];
    double mean = 0;
    for (int i = 0; i < n; i++) {
      int from = Math.max(0, Math.min(i - half, n - width));
      rest[i] = x[i] - (sums[from + width] - sums[from]) / width;
      mean += rest[i] / n;
    }
    for (int i = 0; i < n; i++) {
      rest[i] -= mean;
    }
    return rest;
  }
}

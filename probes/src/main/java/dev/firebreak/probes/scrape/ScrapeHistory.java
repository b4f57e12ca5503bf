package dev.firebreak.probes.scrape;

import dev.firebreak.probes.scrape.Page.PageSample;
import dev.firebreak.probes.signal.Labels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The last pages of one target: a ring of the times at which it was read and, for each series, how
 * much it had increased in all by then.
 *
 * <p>A counter that falls was reset, and counts from zero again. A counter that was not on the page
 * before starts at zero too: clients create it with its first event, and what happened since the
 * page before is not lost. Prometheus, which cannot know that, sees it one scrape later.
 */
final class ScrapeHistory {
  /** Series that were not on the page for so many scrapes are forgotten. */
  private static final int FORGET_AFTER = 900;

  private record SeriesKey(String metric, Labels labels) {}

  /** One series. */
  final class Series {
    private final String metric;
    private final Labels labels;
    private final double[] totals = new double[readAtNanos.length];
    private double value;
    private double total;
    private long seen = -1;
    private boolean ambiguous;

    private Series(SeriesKey key) {
      this.metric = key.metric();
      this.labels = key.labels();
    }

    String metric() {
      return metric;
    }

    Labels labels() {
      return labels;
    }

    /** As on the newest page. */
    double value() {
      return value;
    }

    /** The increase per second over the window that was set last. */
    OptionalDouble rate() {
      return spanSeconds > 0
          ? OptionalDouble.of((total - totals[slot(windowStart)]) / spanSeconds)
          : OptionalDouble.empty();
    }

    private void take(double next) {
      if (seen == reads) {
        ambiguous = true;
        return;
      }
      for (long missed = Math.max(seen + 1, reads - totals.length); missed < reads; missed++) {
        totals[slot(missed)] = total;
      }
      total += increaseTo(next);
      totals[slot(reads)] = total;
      value = next;
      seen = reads;
      ambiguous = false;
    }

    private double increaseTo(double next) {
      if (seen < 0) {
        return reads == 0 || !isCount(next) ? 0 : next;
      }
      if (!isCount(next) || !isCount(value)) {
        return 0;
      }
      return next >= value ? next - value : next;
    }
  }

  private final long[] readAtNanos;
  private final Map<SeriesKey, Series> series = new HashMap<>();
  private List<Series> newest = List.of();

  /** The number of the page that is being read, and after that of the next one. */
  private long reads;

  private long windowStart;
  private double spanSeconds;

  /**
   * An empty history.
   *
   * @param depth how many pages are kept
   */
  ScrapeHistory(int depth) {
    this.readAtNanos = new long[depth];
  }

  private int slot(long read) {
    return (int) (read % readAtNanos.length);
  }

  private static boolean isCount(double value) {
    return Double.isFinite(value) && value >= 0;
  }

  /**
   * Takes a page.
   *
   * @param atNanos when it was asked for, by the monotonic clock; later than the page before
   * @return how many series were on it more than once, and so are no evidence
   */
  int add(long atNanos, List<PageSample> samples) {
    readAtNanos[slot(reads)] = atNanos;
    List<Series> present = new ArrayList<>(samples.size());
    int repeated = 0;
    for (PageSample sample : samples) {
      Series one =
          series.computeIfAbsent(new SeriesKey(sample.metric(), sample.labels()), Series::new);
      boolean again = one.seen == reads;
      one.take(sample.value());
      if (again) {
        repeated++;
      } else {
        present.add(one);
      }
    }
    present.removeIf(one -> one.ambiguous);
    newest = present;
    if (reads % FORGET_AFTER == 0) {
      series.values().removeIf(one -> reads - one.seen > FORGET_AFTER);
    }
    reads++;
    return repeated;
  }

  /**
   * Sets the window over which rates are taken: from the oldest page that was asked for at {@code
   * sinceNanos} or later, to the newest.
   *
   * @param shortestNanos a shorter span says too little, and there are no rates
   */
  void setWindow(long sinceNanos, long shortestNanos) {
    long last = reads - 1;
    windowStart = last;
    long oldest = Math.max(0, reads - readAtNanos.length);
    while (windowStart > oldest && readAtNanos[slot(windowStart - 1)] - sinceNanos >= 0) {
      windowStart--;
    }
    long span = last < 0 ? 0 : readAtNanos[slot(last)] - readAtNanos[slot(windowStart)];
    spanSeconds = span >= shortestNanos ? span / 1e9 : 0;
  }

  /** The series of the newest page. */
  List<Series> newest() {
    return newest;
  }
}

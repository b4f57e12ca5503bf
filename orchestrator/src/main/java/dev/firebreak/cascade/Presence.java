package dev.firebreak.cascade;

import dev.firebreak.probe.SeriesId;
import dev.firebreak.probe.Signal;
import dev.firebreak.probe.Signal.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Which services are gone: a guardrail that needs no statistics. */
final class Presence {
  /** Samples without a service before it counts as gone: one is a lost scrape, two a restart. */
  private static final int GONE_SAMPLES = 3;

  private static final int UNKNOWN = -1;

  private final Signal[] signal;

  /** The series that tells whether a service is up, or {@link #UNKNOWN}. */
  private final int[] series;

  private final int[] samplesGone;
  private final long[] goneSince;

  /**
   * Knows the services that were up before the injection.
   *
   * @param seriesOfService the series that decide, of each service
   * @param unusable series that tell nothing
   */
  Presence(List<SeriesId> all, int[][] seriesOfService, Set<SeriesId> unusable) {
    int services = seriesOfService.length;
    signal = new Signal[services];
    series = new int[services];
    samplesGone = new int[services];
    goneSince = new long[services];
    Arrays.fill(series, UNKNOWN);
    for (int s = 0; s < services; s++) {
      for (int i : seriesOfService[s]) {
        SeriesId id = all.get(i);
        if (id.signal().kind() == Kind.AVAILABILITY && !unusable.contains(id)) {
          series[s] = i;
          signal[s] = id.signal();
        }
      }
    }
  }

  void take(double[] values, long now) {
    // A source that sees hardly anybody is ill itself: then silence says nothing about a service.
    boolean silenceCounts = seesMost(values);
    for (int s = 0; s < series.length; s++) {
      if (series[s] == UNKNOWN) {
        continue;
      }
      double value = values[series[s]];
      if (Double.isFinite(value) ? value < 1 : silenceCounts) {
        goneSince[s] = samplesGone[s]++ == 0 ? now : goneSince[s];
      } else if (Double.isFinite(value)) {
        samplesGone[s] = 0;
      }
    }
  }

  private boolean seesMost(double[] values) {
    int known = 0;
    int seen = 0;
    for (int i : series) {
      known += i == UNKNOWN ? 0 : 1;
      seen += i != UNKNOWN && Double.isFinite(values[i]) ? 1 : 0;
    }
    return 2 * seen >= known;
  }

  /** Whether a service has been missing for so long that it counts as gone. */
  boolean isGone(int s) {
    return samplesGone[s] >= GONE_SAMPLES;
  }

  /** Whether its latest sample was missing or down. */
  boolean isMissing(int s) {
    return samplesGone[s] > 0;
  }

  /** What is known of a service that is gone. */
  Degradation degradation(int s, long now) {
    return new Degradation(signal[s], Degradation.NO_TRACK, goneSince[s], now);
  }
}

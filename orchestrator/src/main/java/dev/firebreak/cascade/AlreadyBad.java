package dev.firebreak.cascade;

import dev.firebreak.cascade.Tracks.Track;
import java.util.List;

/**
 * What is degraded already when the fault begins, and so has nothing to do with it. It is measured
 * in everyday scales: it is itself part of the excursions that widen the others.
 */
final class AlreadyBad {
  private final History history;
  private final Tracks tracks;
  private final Tuning tuning;
  private final long stepMillis;

  AlreadyBad(History history, Tracks tracks, Tuning tuning, long stepMillis) {
    this.history = history;
    this.tracks = tracks;
    this.tuning = tuning;
    this.stepMillis = stepMillis;
  }

  /** When a track's degradation began, or {@link Degradation#NEVER} if it is in none. */
  long onset(int t, List<Track> all) {
    if (history.size() == 0) {
      return Degradation.NEVER;
    }
    int run = badAtTheEnd(t);
    boolean lasts = run >= Math.max(Degradation.WELL_SAMPLES, 1 + tracks.persistence(t));
    return lasts && isFarOff(t, all.get(t)) ? now() - (run - 1) * stepMillis : Degradation.NEVER;
  }

  long now() {
    return history.millis(history.size() - 1);
  }

  /** How many samples up to the injection were worth halting for without a gap. */
  private int badAtTheEnd(int t) {
    int run = 0;
    for (int age = history.size() - 1; age >= 0; age--) {
      double value = history.value(age, tracks.series[t]);
      if (Double.isFinite(value)) {
        if (!tracks.isBad(t, value)) {
          return run;
        }
        run++;
      }
    }
    return run;
  }

  private boolean isFarOff(int t, Track track) {
    Baseline baseline = track.baseline();
    double latest = Double.NaN;
    for (int age = history.size() - 1; age >= 0 && Double.isNaN(latest); age--) {
      double value = history.value(age, tracks.series[t]);
      latest = Double.isFinite(value) ? track.yardstick().measure(value) : latest;
    }
    double z = (latest - baseline.median()) / baseline.common();
    return Evidence.surprise(Math.max(0, z), tuning.tailFreedom()) >= tuning.incidentSurprise();
  }
}

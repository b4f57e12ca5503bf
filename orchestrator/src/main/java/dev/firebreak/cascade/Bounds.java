package dev.firebreak.cascade;

import java.util.ArrayList;
import java.util.List;

/** How far services that are declared to feel the fault may degrade; few have such a bound. */
final class Bounds {
  private final Tracks tracks;
  private final List<Bound> bounds = new ArrayList<>();

  /** Of one track. */
  private static final class Bound {
    final int track;
    final double from;
    int beyond;

    Bound(int track, double from) {
      this.track = track;
      this.from = from;
    }
  }

  Bounds(Tracks tracks) {
    this.tracks = tracks;
  }

  /**
   * Adds one.
   *
   * @param limit in the unit of the signal; NaN if the bound does not concern this track
   */
  void add(int track, double limit) {
    if (!Double.isNaN(limit)) {
      double from = Math.max(tracks.badFrom(track), tracks.yardstick(track).measure(limit));
      bounds.add(new Bound(track, from));
    }
  }

  /** Takes a vector; what is missing neither crosses a bound nor comes back. */
  void take(double[] values) {
    for (Bound bound : bounds) {
      double value = values[tracks.series[bound.track]];
      if (Double.isFinite(value)) {
        boolean beyond = tracks.yardstick(bound.track).measure(value) >= bound.from;
        bound.beyond = beyond ? bound.beyond + 1 : 0;
      }
    }
  }

  /** The last of these tracks that has been beyond its bound for as long as it takes, or -1. */
  int crossed(int fromTrack, int toTrack, ServiceEvidence evidence) {
    int crossed = -1;
    for (Bound bound : bounds) {
      boolean asked =
          bound.track >= fromTrack && bound.track < toTrack && !evidence.isBarred(bound.track);
      if (asked && bound.beyond >= tracks.persistence(bound.track)) {
        crossed = bound.track;
      }
    }
    return crossed;
  }
}

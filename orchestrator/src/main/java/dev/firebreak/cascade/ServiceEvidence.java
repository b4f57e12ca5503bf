package dev.firebreak.cascade;

import dev.firebreak.probe.Signal.Kind;
import dev.firebreak.service.ServiceName;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How much the tracks of each service say together, and how much of the false-halt budget they may
 * spend. The budget is shared out over the services, in each over its kinds of signal evenly.
 * Tracks of one kind and direction, such as the quantiles of one latency, are a group: of K
 * p-values, K/m times the m-th smallest is one too, however they depend on each other (Rueger's
 * bound).
 */
final class ServiceEvidence {
  /** No track has enough evidence. */
  static final int NONE = -1;

  private final Tracks tracks;
  private final Tuning tuning;

  /** The first track of each service, and behind them the number of tracks. */
  private final int[] firstTrack;

  /** Of each service, the share of the budget that each kind of signal has. */
  private final float[] share;

  /** Tracks that say nothing about the fault. */
  private final boolean[] barred;

  /**
   * Shares the budget out.
   *
   * @param services in the order of {@code firstTrack}
   */
  ServiceEvidence(
      Tracks tracks,
      int[] firstTrack,
      List<ServiceName> services,
      Watch watch,
      Topology topology,
      Tuning tuning) {
    this.tracks = tracks;
    this.tuning = tuning;
    this.firstTrack = firstTrack;
    this.barred = new boolean[tracks.count];
    this.share = new float[services.size()];
    SortedSet<ServiceName> outside = new TreeSet<>();
    for (int s = 0; s < share.length; s++) {
      if (watch.isOutside(services.get(s)) && isWatched(s)) {
        outside.add(services.get(s));
      }
    }
    SortedMap<ServiceName, Double> weights = topology.weights(outside, tuning);
    for (int s = 0; s < share.length; s++) {
      double weight = weights.getOrDefault(services.get(s), 1.0);
      share[s] = (float) (weight / Math.max(1, groups(s)));
    }
  }

  private int groups(int s) {
    int groups = 0;
    for (int t = first(s); t < end(s); t = endOfGroup(s, t)) {
      groups++;
    }
    return groups;
  }

  int first(int s) {
    return firstTrack[s];
  }

  /** The track behind the last one of a service. */
  int end(int s) {
    return firstTrack[s + 1];
  }

  /** Whether a service has any track. */
  boolean isWatched(int s) {
    return first(s) < end(s);
  }

  boolean isBarred(int t) {
    return barred[t];
  }

  void bar(int t) {
    barred[t] = true;
  }

  /** Bars the tracks whose own noise would hide even an extreme degradation. */
  void barTooNoisy(int horizonSamples) {
    for (int s = 0; s < share.length; s++) {
      for (int t = first(s); t < end(s); t = endOfGroup(s, t)) {
        int end = endOfGroup(s, t);
        double needed = needed(s, end - t, 1);
        for (int i = t; i < end; i++) {
          double extreme = tracks.yardstick(i).extreme(tracks.usual(i));
          barred[i] = tracks.reach(i, extreme, horizonSamples) < needed;
        }
      }
    }
  }

  /** The track behind the last one that tells of the same as {@code t}. */
  private int endOfGroup(int s, int t) {
    int end = t + 1;
    while (end < end(s) && tracks.alike(t, end)) {
      end++;
    }
    return end;
  }

  /** The evidence that it takes if {@code agreeing} of the {@code size} tracks of a group agree. */
  private double needed(int s, int size, int agreeing) {
    return tuning.threshold() - StrictMath.log((double) share[s] * agreeing / size);
  }

  /** How many of a group must agree. */
  private static int majority(int size) {
    return size == 1 ? 1 : Math.max(2, (size + 1) / 2);
  }

  /** The track that says most in a group that has enough evidence, or {@link #NONE}. */
  int worstTrack(int s) {
    if (!hasAny(s)) {
      return NONE;
    }
    int worst = NONE;
    double most = 0;
    for (int t = first(s); t < end(s); t = endOfGroup(s, t)) {
      int end = endOfGroup(s, t);
      int loudest = loudest(t, end);
      if (loudest != NONE) {
        double above = Math.max(aboveAlone(s, t, end), aboveTogether(s, t, end));
        if (above >= most) {
          most = above;
          worst = loudest;
        }
      }
    }
    return worst;
  }

  private boolean hasAny(int s) {
    for (int t = first(s); t < end(s); t++) {
      if (counts(t)) {
        return true;
      }
    }
    return false;
  }

  private int loudest(int group, int end) {
    int loudest = NONE;
    for (int t = group; t < end; t++) {
      if (counts(t) && (loudest == NONE || tracks.evidence(t) > tracks.evidence(loudest))) {
        loudest = t;
      }
    }
    return loudest;
  }

  private boolean counts(int t) {
    return tracks.evidence(t) > 0 && !barred[t];
  }

  private double aboveAlone(int s, int group, int end) {
    double most = Double.NEGATIVE_INFINITY;
    for (int t = group; t < end; t++) {
      if (counts(t) && lasts(t)) {
        most = Math.max(most, tracks.evidence(t) - needed(s, end - group, 1));
      }
    }
    return most;
  }

  private boolean lasts(int t) {
    return tracks.lasted(t) >= tracks.persistenceAlone(t) || isCoarse(t);
  }

  /** Where samples are independent, a stretch with one gap is a stretch. */
  private boolean isCoarse(int t) {
    return tracks.persistenceAlone(t) == tracks.persistence(t);
  }

  /** The m-th most evidence of a group, above what so many together need. */
  private double aboveTogether(int s, int group, int end) {
    int wanted = majority(end - group);
    double most = Double.NEGATIVE_INFINITY;
    for (int t = group; t < end; t++) {
      int atLeast = 0;
      for (int i = group; i < end; i++) {
        atLeast += counts(i) && tracks.evidence(i) >= tracks.evidence(t) ? 1 : 0;
      }
      if (counts(t) && atLeast >= wanted) {
        most = Math.max(most, tracks.evidence(t) - needed(s, end - group, wanted));
      }
    }
    return most;
  }

  /** Whether a service is slow or fails; that it is asked less says something of its callers. */
  boolean isStirred(int s) {
    for (int t = first(s); t < end(s); t++) {
      boolean lasts = tracks.run(t) >= tracks.persistence(t) || counts(t);
      if (lasts && tracks.kind(t) != Kind.TRAFFIC) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether a service is asked more, and neither slow nor failing. Retries follow a failure; where
   * none can be seen, more requests are more users. When they are gone, a wobble is not what they
   * came of: then it takes as much as for a degradation.
   *
   * @param t the track that tells of it, or {@link Degradation#NO_TRACK}
   */
  boolean isMoreLoad(int s, int t) {
    return t != Degradation.NO_TRACK
        && tracks.kind(t) == Kind.TRAFFIC
        && tracks.rises(t)
        && !(tracks.run(t) > 0 ? isStirred(s) : isDegradedOtherwise(s));
  }

  private boolean isDegradedOtherwise(int s) {
    int worst = worstTrack(s);
    return worst != NONE && tracks.kind(worst) != Kind.TRAFFIC;
  }

  /** Whether a service can be seen, and nothing about it is worth halting for. */
  boolean isWell(int s, double[] values) {
    boolean seen = false;
    for (int t = first(s); t < end(s); t++) {
      if (Double.isFinite(values[tracks.series[t]])) {
        seen = true;
        if (tracks.run(t) > 0) {
          return false;
        }
      }
    }
    return seen;
  }
}

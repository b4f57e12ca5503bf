package dev.firebreak.cascade;

import dev.firebreak.probe.Signal;
import dev.firebreak.service.ServiceName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What is known about a service that degraded, from the first evidence to its recovery. */
final class Degradation {
  /** No instant. */
  static final long NEVER = Long.MIN_VALUE;

  /** Samples that must be well before a service counts as recovered: one is noise. */
  static final int WELL_SAMPLES = 3;

  /** The track of a service that shows itself by its absence only. */
  static final int NO_TRACK = -1;

  DegradationClass meaning = DegradationClass.ESCAPED;
  String note = "";

  /** From before the injection: what comes on top of it is new. */
  boolean old;

  /** Whether the service was only asked more when its meaning was last asked for. */
  boolean moreLoad;

  Signal signal;
  int track;
  double worst = Double.NEGATIVE_INFINITY;
  final long onset;
  long flaggedAt;

  /** How many services were degraded when its meaning was last asked for; 0 before that. */
  int classifiedAmong;

  private long recoveredAt = NEVER;
  private int well;
  private long wellSince;

  Degradation(Signal signal, int track, long onset, long flaggedAt) {
    this.signal = signal;
    this.track = track;
    this.onset = onset;
    this.flaggedAt = flaggedAt;
  }

  void means(DegradationClass meaning, String note) {
    this.meaning = meaning;
    this.note = note;
  }

  /** Takes the worst value so far of the track that tells of it. */
  void observe(Tracks tracks) {
    if (track != NO_TRACK) {
      worst = Math.max(worst, tracks.worst(track));
    }
  }

  /**
   * Takes a sample.
   *
   * @param flagged whether there still is enough evidence that it is degraded
   * @param isWell whether it can be seen, and is as usual
   * @return whether it has just recovered, or relapsed
   */
  boolean recover(boolean flagged, boolean isWell, long now) {
    if (flagged) {
      well = 0;
      boolean relapsed = recoveredAt != NEVER;
      recoveredAt = NEVER;
      return relapsed;
    }
    if (recoveredAt != NEVER || !isWell) {
      well = recoveredAt == NEVER ? 0 : well;
      return false;
    }
    wellSince = well++ == 0 ? now : wellSince;
    if (well >= WELL_SAMPLES) {
      recoveredAt = wellSince;
      return true;
    }
    return false;
  }

  /**
   * @param begun its onset, as far as others tell
   */
  Finding finding(ServiceName service, Tracks tracks, long begun, List<ServiceName> way) {
    boolean seen = track != NO_TRACK;
    observe(tracks);
    return new Finding(
        service,
        meaning,
        signal,
        seen ? tracks.usual(track) : 1,
        seen ? tracks.yardstick(track).value(worst) : 0,
        Instant.ofEpochMilli(begun),
        Instant.ofEpochMilli(flaggedAt),
        meaning == DegradationClass.UNRELATED ? List.of() : way,
        note,
        recoveredAt == NEVER ? Optional.empty() : Optional.of(Instant.ofEpochMilli(recoveredAt)));
  }
}

package dev.firebreak.cascade;

import dev.firebreak.cascade.Yardstick.Way;
import dev.firebreak.probe.Signal.Kind;
import java.util.Arrays;
import java.util.List;

/**
 * The state of all series under judgement, one entry for each direction that is bad, in parallel
 * arrays. Taking a sample costs constant time; one that is not bad costs little more than a
 * comparison. Nothing is allocated but room for more tracks that are bad at the same time than ever
 * before.
 */
final class Tracks {
  /** Stretches that a track remembers, and single samples: the bytes of a long. */
  private static final int SLOTS = Long.BYTES;

  static final int LONGEST_PERSISTENCE = SLOTS;

  /** Surprises are remembered in quarters, rounded down; 63 is as good as certain. */
  private static final double QUARTERS = 4;

  private static final int MOST_QUARTERS = 255;

  /** A remembered surprise stands for this share of a look where samples are correlated. */
  private static final double SLOT_SHARE = 1 / 3.0;

  private static final int CALM = -1;

  /** What a track is made of. */
  record Track(int series, Yardstick yardstick, Baseline baseline, double badFrom, Rarity rarity) {}

  private final double tailFreedom;
  private final long stepMillis;
  private final Recent recent = new Recent();

  final int count;
  final int[] series;
  private final Kind[] kind;
  private final boolean[] up;
  private final float[] offset;
  private final float[] median;
  private final float[] perScale;
  private final float[] decorrelation;
  private final float[] badValue;
  private final byte[] persistence;
  private final short[] persistenceAlone;
  private final byte[] rarity;
  private final short[] rarityFrom;

  /** Where in {@link #recent} a track has its memory, or {@link #CALM}. */
  private final int[] place;

  Tracks(List<Track> tracks, long stepMillis, double tailFreedom) {
    this.tailFreedom = tailFreedom;
    this.stepMillis = stepMillis;
    count = tracks.size();
    series = new int[count];
    kind = new Kind[count];
    up = new boolean[count];
    offset = new float[count];
    median = new float[count];
    perScale = new float[count];
    decorrelation = new float[count];
    badValue = new float[count];
    persistence = new byte[count];
    persistenceAlone = new short[count];
    rarity = new byte[count];
    rarityFrom = new short[count];
    place = new int[count];
    Arrays.fill(place, CALM);
    for (int t = 0; t < count; t++) {
      Track track = tracks.get(t);
      Baseline baseline = track.baseline();
      series[t] = track.series();
      kind[t] = track.yardstick().kind();
      up[t] = track.yardstick().way() == Way.UP;
      offset[t] = (float) track.yardstick().offset();
      median[t] = (float) baseline.median();
      perScale[t] = (float) (1 / baseline.scale());
      decorrelation[t] = (float) baseline.decorrelation();
      badValue[t] = (float) track.yardstick().value(track.badFrom());
      persistence[t] = (byte) baseline.persistence();
      persistenceAlone[t] = (short) Math.min(Short.MAX_VALUE, baseline.persistenceAlone());
      rarity[t] = (byte) Math.min(Byte.MAX_VALUE, QUARTERS * track.rarity().surprise());
      rarityFrom[t] = (short) Math.min(Short.MAX_VALUE, track.rarity().samples());
    }
  }

  Yardstick yardstick(int t) {
    return new Yardstick(kind[t], up[t] ? Way.UP : Way.DOWN, offset[t]);
  }

  Kind kind(int t) {
    return kind[t];
  }

  /** Whether it is a rise that is bad. */
  boolean rises(int t) {
    return up[t];
  }

  /** Whether two tracks tell of the same thing, such as two quantiles of one latency. */
  boolean alike(int t, int other) {
    return kind[t] == kind[other] && up[t] == up[other];
  }

  /** The usual value, in the unit of the signal. */
  double usual(int t) {
    return yardstick(t).value(median[t]);
  }

  /** The value from which on a degradation is worth halting for, in the unit of the yardstick. */
  double badFrom(int t) {
    return yardstick(t).measure(badValue[t]);
  }

  boolean isBad(int t, double value) {
    return up[t] ? value >= badValue[t] : value <= badValue[t];
  }

  /** Samples that a degradation must last to count. */
  int persistence(int t) {
    return persistence[t];
  }

  /** The same where other quantiles of the same latency do not show it. */
  int persistenceAlone(int t) {
    return persistenceAlone[t];
  }

  /** {@code -ln p} of the degradation that a track is in, 0 if it is in none. */
  double evidence(int t) {
    return place[t] == CALM ? 0 : recent.evidence[place[t]];
  }

  /** When that degradation began, in milliseconds since 1970. */
  long onset(int t) {
    return place[t] == CALM ? 0 : recent.onset[place[t]];
  }

  /** The worst value lately, in the unit of the yardstick; the usual one while all is calm. */
  double worst(int t) {
    return place[t] == CALM ? median[t] : Math.max(median[t], recent.worst[place[t]]);
  }

  /** How many samples up to the newest one were worth halting for without a gap. */
  int run(int t) {
    return place[t] == CALM ? 0 : recent.run[place[t]];
  }

  /**
   * How long a degradation has lasted in samples, where good ones in between count half against it:
   * a level that is bad for more than a third of the time lasts.
   */
  int lasted(int t) {
    return place[t] == CALM ? 0 : recent.excess[place[t]] / 2;
  }

  /**
   * Takes a sample.
   *
   * @param samplesSince how many vectors have been judged since the injection, this one included
   */
  void take(int t, double value, long nowMillis, int samplesSince) {
    if (isBad(t, value)) {
      takeBad(t, value, nowMillis, samplesSince);
    } else if (place[t] != CALM) {
      takeGood(t, place[t]);
    }
  }

  private void takeGood(int t, int at) {
    recent.run[at] = 0;
    recent.excess[at] = Math.max(0, recent.excess[at] - 1);
    recent.evidence[at] = 0;
    recent.samples[at] <<= Byte.SIZE;
    endSlot(at);
    remember(at, 0);
    if (++recent.calm[at] == SLOTS) {
      recent.giveBack(at);
      place[t] = CALM;
    }
  }

  private void takeBad(int t, double value, long nowMillis, int samplesSince) {
    if (place[t] == CALM) {
      place[t] = recent.borrow();
    }
    int at = place[t];
    double y = Yardstick.measure(kind[t], up[t], offset[t], value);
    recent.calm[at] = 0;
    recent.worst[at] = Math.max(recent.worst[at], (float) y);
    double z = Math.max(0, (y - median[t]) * perScale[t]);
    double quarters = QUARTERS * Evidence.surprise(z, tailFreedom);
    int surprise = (int) Math.min(MOST_QUARTERS, quarters);
    recent.samples[at] = recent.samples[at] << Byte.SIZE | surprise;
    recent.leastOfRun[at] =
        (byte) (recent.run[at] == 0 ? surprise : Math.min(recent.leastOfRun[at] & 0xff, surprise));
    recent.run[at]++;
    recent.excess[at] += 2;
    boolean first = recent.samplesInSlot[at] == 0;
    recent.slotSoFar[at] =
        (byte) (first ? surprise : Math.min(recent.slotSoFar[at] & 0xff, surprise));
    recent.samplesInSlot[at]++;
    weigh(t, at, nowMillis, samplesSince);
    if (recent.samplesInSlot[at] >= stride(t)) {
      endSlot(at);
    }
  }

  /** How many samples one remembered stretch stands for. */
  private int stride(int t) {
    return Math.max(1, (int) (decorrelation[t] * SLOT_SHARE));
  }

  private void endSlot(int at) {
    if (recent.samplesInSlot[at] > 0) {
      remember(at, recent.slotSoFar[at] & 0xff);
      recent.samplesInSlot[at] = 0;
    }
  }

  private void remember(int at, int surprise) {
    recent.slots[at] = recent.slots[at] << Byte.SIZE | surprise;
  }

  /** The best of the level that was kept up just long enough, and of what was kept up longer. */
  private void weigh(int t, int at, long nowMillis, int samplesSince) {
    recent.evidence[at] = 0;
    weighLevel(t, at, nowMillis, samplesSince);
    weighStretches(t, at, nowMillis, samplesSince);
    weighRun(t, at, nowMillis, samplesSince);
  }

  /** All since the last sample that was well: a level of little surprise adds up if it stays. */
  private void weighRun(int t, int at, long nowMillis, int samplesSince) {
    int run = recent.run[at];
    if (run < persistence[t]) {
      return;
    }
    double looks = Math.max(1, run / decorrelation[t]);
    int least = recent.leastOfRun[at] & 0xff;
    int surprise = run >= rarityFrom[t] ? Math.max(least, rarity[t]) : least;
    double stretch = looks * surprise / QUARTERS - lateness(t, samplesSince, run);
    if (stretch > recent.evidence[at]) {
      recent.evidence[at] = stretch;
      recent.onset[at] = nowMillis - (run - 1) * stepMillis;
    }
  }

  private void weighLevel(int t, int at, long nowMillis, int samplesSince) {
    int run = recent.run[at];
    if (run < persistence[t]) {
      return;
    }
    int least = MOST_QUARTERS;
    for (int back = 0; back < persistence[t]; back++) {
      least = Math.min(least, remembered(recent.samples[at], back));
    }
    double looks = Math.max(1, persistence[t] / decorrelation[t]);
    double level = looks * least / QUARTERS - lateness(t, samplesSince, run);
    if (level > recent.evidence[at]) {
      recent.evidence[at] = level;
      recent.onset[at] = nowMillis - (run - 1) * stepMillis;
    }
  }

  private static int remembered(long surprises, int back) {
    return (int) (surprises >>> (Byte.SIZE * back)) & 0xff;
  }

  /**
   * Finds the stretch up to now that says most: if each of n independent looks was at least as
   * surprising as s, {@code -ln p} is {@code n s}; if all but one were, it is {@code (n - 1) s - ln
   * n}. The least surprise counts and not the sum, so that no single sample can halt a run.
   */
  private void weighStretches(int t, int at, long nowMillis, int samplesSince) {
    int stride = stride(t);
    double least = recent.slotSoFar[at] & 0xff;
    double second = Double.MAX_VALUE;
    int length = recent.samplesInSlot[at];
    for (int back = 0; back <= SLOTS; back++) {
      if (back > 0) {
        int slot = remembered(recent.slots[at], back - 1);
        second = slot < least ? least : Math.min(second, slot);
        least = Math.min(least, slot);
        length += slot > 0 ? stride : 1;
        if (second <= 0) {
          return;
        }
        if (slot == 0) {
          // A degradation does not begin with a sample that is well.
          continue;
        }
      }
      if (length < persistence[t]) {
        continue;
      }
      double looks = Math.max(1, length / decorrelation[t]);
      double stretch = looks * least / QUARTERS;
      int fewer = length - stride;
      if (fewer >= persistence[t] && second < Double.MAX_VALUE) {
        double butOne =
            Math.max(1, fewer / decorrelation[t]) * second / QUARTERS
                - StrictMath.log(Math.max(2, looks));
        stretch = Math.max(stretch, butOne);
      }
      stretch -= lateness(t, samplesSince, length);
      if (stretch > recent.evidence[at]) {
        recent.evidence[at] = stretch;
        recent.onset[at] = nowMillis - (length - 1) * stepMillis;
      }
    }
  }

  private double lateness(int t, int samplesSince, int length) {
    return Evidence.lateness(1 + Math.max(0, samplesSince - length) / (double) decorrelation[t]);
  }

  /** The most evidence that a track could ever give, if it rose to {@code value} and stayed. */
  double reach(int t, double value, int horizonSamples) {
    double z = Math.max(0, (yardstick(t).measure(value) - median[t]) * perScale[t]);
    int samples = Math.min(horizonSamples, SLOTS * stride(t));
    return Math.max(1, samples / decorrelation[t]) * Evidence.surprise(z, tailFreedom)
        - Evidence.lateness(1);
  }
}

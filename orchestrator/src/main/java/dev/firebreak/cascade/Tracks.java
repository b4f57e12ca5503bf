package dev.firebreak.cascade;

import java.util.Arrays;
import java.util.List;

/**
 * The state of all series under judgement, one entry for each direction that is bad, in parallel
 * arrays. Taking a sample costs constant time and allocates nothing; one that is not bad costs a
 * logarithm and a comparison.
 */
final class Tracks {
  /** Surprises that a track remembers. */
  private static final int SLOTS = 8;

  /** A remembered surprise stands for this share of a look where samples are correlated. */
  private static final double SLOT_SHARE = 1 / 3.0;

  /** What a track is made of. */
  record Track(int series, Yardstick yardstick, Baseline baseline, double badFrom) {}

  private final double tailFreedom;
  private final long stepMillis;

  final int count;
  final int[] series;
  final Yardstick[] yardstick;
  final double[] median;
  private final double[] perScale;
  private final double[] decorrelation;
  final double[] badFrom;
  final int[] persistence;
  private final int[] stride;

  private final float[] slots;
  private final int[] newest;
  private final float[] slotSoFar;
  private final int[] samplesInSlot;

  /** {@code -ln p} of the degradation that a track is in, 0 if it is in none. */
  final double[] evidence;

  /** When that degradation began, in milliseconds since 1970. */
  final long[] onset;

  /** The highest value since the injection, in the unit of the yardstick. */
  final double[] worst;

  /** Whether the newest sample was worth halting for. */
  final boolean[] bad;

  Tracks(List<Track> tracks, long stepMillis, double tailFreedom) {
    this.tailFreedom = tailFreedom;
    this.stepMillis = stepMillis;
    count = tracks.size();
    series = new int[count];
    yardstick = new Yardstick[count];
    median = new double[count];
    perScale = new double[count];
    decorrelation = new double[count];
    badFrom = new double[count];
    persistence = new int[count];
    stride = new int[count];
    slots = new float[count * SLOTS];
    newest = new int[count];
    slotSoFar = new float[count];
    samplesInSlot = new int[count];
    evidence = new double[count];
    onset = new long[count];
    worst = new double[count];
    bad = new boolean[count];
    for (int t = 0; t < count; t++) {
      Track track = tracks.get(t);
      Baseline baseline = track.baseline();
      series[t] = track.series();
      yardstick[t] = track.yardstick();
      median[t] = baseline.median();
      perScale[t] = 1 / baseline.scale();
      decorrelation[t] = baseline.decorrelation();
      badFrom[t] = track.badFrom();
      persistence[t] = baseline.persistence();
      stride[t] = Math.max(1, (int) (baseline.decorrelation() * SLOT_SHARE));
    }
    forget();
  }

  /** Forgets all samples and keeps the baselines. */
  void forget() {
    Arrays.fill(slots, 0);
    Arrays.fill(slotSoFar, 0);
    Arrays.fill(samplesInSlot, 0);
    Arrays.fill(evidence, 0);
    Arrays.fill(onset, 0);
    Arrays.fill(bad, false);
    System.arraycopy(median, 0, worst, 0, count);
  }

  /**
   * Takes a sample.
   *
   * @param samplesSince how many vectors have been judged since the injection, this one included
   */
  void take(int t, double value, long nowMillis, int samplesSince) {
    double y = yardstick[t].measure(value);
    bad[t] = y >= badFrom[t];
    if (!bad[t]) {
      endSlot(t);
      remember(t, 0);
      evidence[t] = 0;
      return;
    }
    worst[t] = Math.max(worst[t], y);
    double z = Math.max(0, (y - median[t]) * perScale[t]);
    float surprise = (float) Evidence.surprise(z, tailFreedom);
    slotSoFar[t] = samplesInSlot[t] == 0 ? surprise : Math.min(slotSoFar[t], surprise);
    samplesInSlot[t]++;
    weigh(t, nowMillis, samplesSince);
    if (samplesInSlot[t] == stride[t]) {
      endSlot(t);
    }
  }

  private void endSlot(int t) {
    if (samplesInSlot[t] > 0) {
      remember(t, slotSoFar[t]);
      samplesInSlot[t] = 0;
    }
  }

  private void remember(int t, float surprise) {
    newest[t] = (newest[t] + 1) & (SLOTS - 1);
    slots[t * SLOTS + newest[t]] = surprise;
  }

  /**
   * Finds the stretch up to now that says most: if each of n independent looks was at least as
   * surprising as s, {@code -ln p} is {@code n s}; if all but one were, it is {@code (n - 1) s - ln
   * n}. The least surprise counts and not the sum, so that no single sample can halt a run.
   */
  private void weigh(int t, long nowMillis, int samplesSince) {
    double least = slotSoFar[t];
    double second = Double.MAX_VALUE;
    int samples = samplesInSlot[t];
    double best = 0;
    for (int back = 0; back <= SLOTS; back++) {
      if (back > 0) {
        double slot = slots[t * SLOTS + ((newest[t] - back + 1) & (SLOTS - 1))];
        second = slot < least ? least : Math.min(second, slot);
        least = Math.min(least, slot);
        samples += slot > 0 ? stride[t] : 1;
        if (slot <= 0) {
          if (second <= 0) {
            break;
          }
          // A degradation does not begin with a sample that is well.
          continue;
        }
      }
      if (samples < persistence[t]) {
        continue;
      }
      double looks = Math.max(1, samples / decorrelation[t]);
      double all = looks * least;
      double fewer = looks * (samples - stride[t]) / samples;
      double butOne =
          samples - stride[t] >= persistence[t] && second < Double.MAX_VALUE
              ? Math.max(1, fewer) * second - StrictMath.log(Math.max(2, looks))
              : 0;
      double first = 1 + Math.max(0, samplesSince - samples) / decorrelation[t];
      double stretch = Math.max(all, butOne) - Evidence.lateness(first);
      if (stretch > best) {
        best = stretch;
        onset[t] = nowMillis - (samples - 1) * stepMillis;
      }
    }
    evidence[t] = best;
  }

  /** The most evidence that a track could ever give, if it rose to {@code value} and stayed. */
  double reach(int t, double value, int horizonSamples) {
    double z = Math.max(0, (yardstick[t].measure(value) - median[t]) * perScale[t]);
    int samples = Math.min(horizonSamples, SLOTS * stride[t]);
    return Math.max(1, samples / decorrelation[t]) * Evidence.surprise(z, tailFreedom)
        - Evidence.lateness(1);
  }
}

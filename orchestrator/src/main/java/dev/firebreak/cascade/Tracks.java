package dev.firebreak.cascade;

import java.util.Arrays;
import java.util.List;

/**
 * The state of all series under judgement, one entry for each direction that is bad, in parallel
 * arrays. Taking a sample costs constant time and allocates nothing; one that is not bad costs a
 * logarithm and a comparison.
 */
final class Tracks {
  /** Stretches that a track remembers, and single samples. */
  private static final int SLOTS = 8;

  static final int LONGEST_PERSISTENCE = SLOTS;

  /** Surprises are remembered in quarters, rounded down; 63 is as good as certain. */
  private static final double QUARTERS = 4;

  private static final int MOST_QUARTERS = 255;

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
  final double[] decorrelation;
  final double[] badFrom;
  final int[] persistence;
  final int[] persistenceAlone;
  private final int[] stride;

  private final byte[] samples;
  private final byte[] slots;
  private final byte[] newestSample;
  private final byte[] newestSlot;
  private final byte[] slotSoFar;
  private final int[] samplesInSlot;

  /** {@code -ln p} of the degradation that a track is in, 0 if it is in none. */
  final double[] evidence;

  /** When that degradation began, in milliseconds since 1970. */
  final long[] onset;

  /** The highest value since the injection, in the unit of the yardstick. */
  final double[] worst;

  /** How many samples up to the newest one were worth halting for without a gap. */
  final int[] run;

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
    persistenceAlone = new int[count];
    stride = new int[count];
    samples = new byte[count * SLOTS];
    slots = new byte[count * SLOTS];
    newestSample = new byte[count];
    newestSlot = new byte[count];
    slotSoFar = new byte[count];
    samplesInSlot = new int[count];
    evidence = new double[count];
    onset = new long[count];
    worst = new double[count];
    run = new int[count];
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
      persistenceAlone[t] = baseline.persistenceAlone();
      stride[t] = Math.max(1, (int) (baseline.decorrelation() * SLOT_SHARE));
    }
    forget();
  }

  /** Forgets all samples and keeps the baselines. */
  void forget() {
    Arrays.fill(samples, (byte) 0);
    Arrays.fill(slots, (byte) 0);
    Arrays.fill(slotSoFar, (byte) 0);
    Arrays.fill(samplesInSlot, 0);
    Arrays.fill(evidence, 0);
    Arrays.fill(onset, 0);
    Arrays.fill(run, 0);
    System.arraycopy(median, 0, worst, 0, count);
  }

  /**
   * Takes a sample.
   *
   * @param samplesSince how many vectors have been judged since the injection, this one included
   */
  void take(int t, double value, long nowMillis, int samplesSince) {
    double y = yardstick[t].measure(value);
    if (y < badFrom[t]) {
      run[t] = 0;
      sampled(t, 0);
      endSlot(t);
      remember(t, 0);
      evidence[t] = 0;
      return;
    }
    run[t]++;
    worst[t] = Math.max(worst[t], y);
    double z = Math.max(0, (y - median[t]) * perScale[t]);
    double quarters = QUARTERS * Evidence.surprise(z, tailFreedom);
    int surprise = (int) Math.min(MOST_QUARTERS, quarters);
    sampled(t, surprise);
    boolean first = samplesInSlot[t] == 0;
    slotSoFar[t] = (byte) (first ? surprise : Math.min(slotSoFar[t] & 0xff, surprise));
    samplesInSlot[t]++;
    weigh(t, nowMillis, samplesSince);
    if (samplesInSlot[t] == stride[t]) {
      endSlot(t);
    }
  }

  private void sampled(int t, int surprise) {
    newestSample[t] = (byte) ((newestSample[t] + 1) & (SLOTS - 1));
    samples[t * SLOTS + newestSample[t]] = (byte) surprise;
  }

  private void endSlot(int t) {
    if (samplesInSlot[t] > 0) {
      remember(t, slotSoFar[t]);
      samplesInSlot[t] = 0;
    }
  }

  private void remember(int t, int surprise) {
    newestSlot[t] = (byte) ((newestSlot[t] + 1) & (SLOTS - 1));
    slots[t * SLOTS + newestSlot[t]] = (byte) surprise;
  }

  /** The better of the level that was kept up just long enough and of what was kept up longer. */
  private void weigh(int t, long nowMillis, int samplesSince) {
    evidence[t] = 0;
    weighLevel(t, nowMillis, samplesSince);
    weighStretches(t, nowMillis, samplesSince);
  }

  private void weighLevel(int t, long nowMillis, int samplesSince) {
    if (run[t] < persistence[t]) {
      return;
    }
    int least = MOST_QUARTERS;
    for (int back = 0; back < persistence[t]; back++) {
      least = Math.min(least, samples[t * SLOTS + ((newestSample[t] - back) & (SLOTS - 1))] & 0xff);
    }
    double looks = Math.max(1, persistence[t] / decorrelation[t]);
    double level = looks * least / QUARTERS - lateness(t, samplesSince, run[t]);
    if (level > evidence[t]) {
      evidence[t] = level;
      onset[t] = nowMillis - (run[t] - 1) * stepMillis;
    }
  }

  /**
   * Finds the stretch up to now that says most: if each of n independent looks was at least as
   * surprising as s, {@code -ln p} is {@code n s}; if all but one were, it is {@code (n - 1) s - ln
   * n}. The least surprise counts and not the sum, so that no single sample can halt a run.
   */
  private void weighStretches(int t, long nowMillis, int samplesSince) {
    double least = slotSoFar[t] & 0xff;
    double second = Double.MAX_VALUE;
    int length = samplesInSlot[t];
    for (int back = 0; back <= SLOTS; back++) {
      if (back > 0) {
        int slot = slots[t * SLOTS + ((newestSlot[t] - back + 1) & (SLOTS - 1))] & 0xff;
        second = slot < least ? least : Math.min(second, slot);
        least = Math.min(least, slot);
        length += slot > 0 ? stride[t] : 1;
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
      int fewer = length - stride[t];
      if (fewer >= persistence[t] && second < Double.MAX_VALUE) {
        double butOne =
            Math.max(1, fewer / decorrelation[t]) * second / QUARTERS
                - StrictMath.log(Math.max(2, looks));
        stretch = Math.max(stretch, butOne);
      }
      stretch -= lateness(t, samplesSince, length);
      if (stretch > evidence[t]) {
        evidence[t] = stretch;
        onset[t] = nowMillis - (length - 1) * stepMillis;
      }
    }
  }

  private double lateness(int t, int samplesSince, int length) {
    return Evidence.lateness(1 + Math.max(0, samplesSince - length) / decorrelation[t]);
  }

  /** The most evidence that a track could ever give, if it rose to {@code value} and stayed. */
  double reach(int t, double value, int horizonSamples) {
    double z = Math.max(0, (yardstick[t].measure(value) - median[t]) * perScale[t]);
    int samples = Math.min(horizonSamples, SLOTS * stride[t]);
    return Math.max(1, samples / decorrelation[t]) * Evidence.surprise(z, tailFreedom)
        - Evidence.lateness(1);
  }
}

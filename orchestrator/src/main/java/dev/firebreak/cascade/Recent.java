package dev.firebreak.cascade;

import java.util.Arrays;

/**
 * What tracks that are not well did lately. Tracks that are well need no memory: they borrow some
 * with their first bad sample and give it back when all that is remembered is calm.
 */
final class Recent {
  private static final int FEW = 16;

  /** A borrowed place in the arrays below. */
  private int[] free = {};

  private int freeCount;

  /** The last eight samples and the last eight stretches: surprises, the newest in the low byte. */
  long[] samples = {};

  long[] slots = {};
  byte[] slotSoFar = {};
  short[] samplesInSlot = {};

  /** Samples in a row that were not bad. */
  byte[] calm = {};

  /** How many samples up to the newest one were worth halting for without a gap. */
  int[] run = {};

  /** Twice the bad samples less the good ones, since it was last zero. */
  int[] excess = {};

  /** The least surprise of the samples in {@link #run}. */
  byte[] leastOfRun = {};

  /** {@code -ln p} of the degradation that a track is in, 0 if it is in none. */
  double[] evidence = {};

  /** When that degradation began, in milliseconds since 1970. */
  long[] onset = {};

  /** The highest value since the place was borrowed, in the unit of the yardstick. */
  float[] worst = {};

  /** A place where nothing is remembered. */
  int borrow() {
    if (freeCount == 0) {
      grow();
    }
    int place = free[--freeCount];
    samples[place] = 0;
    slots[place] = 0;
    samplesInSlot[place] = 0;
    calm[place] = 0;
    run[place] = 0;
    excess[place] = 0;
    evidence[place] = 0;
    worst[place] = Float.NEGATIVE_INFINITY;
    return place;
  }

  void giveBack(int place) {
    free[freeCount++] = place;
  }

  private void grow() {
    int before = samples.length;
    int size = Math.max(FEW, 2 * before);
    samples = Arrays.copyOf(samples, size);
    slots = Arrays.copyOf(slots, size);
    slotSoFar = Arrays.copyOf(slotSoFar, size);
    samplesInSlot = Arrays.copyOf(samplesInSlot, size);
    calm = Arrays.copyOf(calm, size);
    run = Arrays.copyOf(run, size);
    excess = Arrays.copyOf(excess, size);
    leastOfRun = Arrays.copyOf(leastOfRun, size);
    evidence = Arrays.copyOf(evidence, size);
    onset = Arrays.copyOf(onset, size);
    worst = Arrays.copyOf(worst, size);
    free = Arrays.copyOf(free, size);
    for (int place = size - 1; place >= before; place--) {
      free[freeCount++] = place;
    }
  }
}

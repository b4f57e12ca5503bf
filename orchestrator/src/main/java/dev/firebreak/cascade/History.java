package dev.firebreak.cascade;

import java.util.Arrays;

/** The vectors from before the injection: the newest of them, in bounded memory. */
final class History {
  /** An hour at five seconds. */
  private static final int MOST_SAMPLES = 720;

  /** Of a very wide watch fewer samples are kept, so that all of it stays below 256 MB. */
  private static final int MOST_VALUES = 1 << 26;

  private static final int FEWEST_SAMPLES = 60;

  private final int width;
  private final int capacity;
  private float[][] rows = new float[16][];
  private long[] millis = new long[16];
  private int next;
  private int size;

  History(int width) {
    this.width = width;
    this.capacity =
        Math.max(FEWEST_SAMPLES, Math.min(MOST_SAMPLES, MOST_VALUES / Math.max(1, width)));
  }

  void add(long atMillis, double[] values) {
    if (next == rows.length && rows.length < capacity) {
      int longer = Math.min(capacity, 2 * rows.length);
      rows = Arrays.copyOf(rows, longer);
      millis = Arrays.copyOf(millis, longer);
    }
    int place = next % capacity;
    float[] row = rows[place] == null ? new float[width] : rows[place];
    for (int i = 0; i < width; i++) {
      row[i] = (float) values[i];
    }
    rows[place] = row;
    millis[place] = atMillis;
    next = place + 1;
    size = Math.min(capacity, size + 1);
  }

  int size() {
    return size;
  }

  /** The value of a series, 0 being the oldest sample. */
  double value(int age, int series) {
    return rows[place(age)][series];
  }

  /** When the sample was taken, in milliseconds since 1970. */
  long millis(int age) {
    return millis[place(age)];
  }

  private int place(int age) {
    return size < capacity ? age : (next + age) % capacity;
  }

  /** Gives the memory back. */
  void forget() {
    rows = new float[1][];
    millis = new long[1];
    size = 0;
    next = 0;
  }
}

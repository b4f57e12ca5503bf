package dev.firebreak.probe;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where each series stands among those that are watched. One look most likely gives the same series
 * in the same order as the look before; then nothing has to be searched. Used by one thread.
 */
public final class SeriesIndex {
  /** What {@link #find} gives for a series that is not watched. */
  public static final int NONE = -1;

  private final List<SeriesId> series;
  private final Map<SeriesId, Integer> places;

  /** Of each position in the look before, the place of what was there. */
  private int[] before = {};

  public SeriesIndex(List<SeriesId> series) {
    this.series = List.copyOf(series);
    this.places = new HashMap<>(2 * series.size());
    for (int i = 0; i < series.size(); i++) {
      places.put(series.get(i), i);
    }
  }

  /**
   * The place of a series, or {@link #NONE}.
   *
   * @param position at which it comes in the look
   */
  public int find(int position, SeriesId id) {
    if (position >= before.length) {
      int known = before.length;
      before = Arrays.copyOf(before, Math.max(position + 1, 2 * known));
      Arrays.fill(before, known, before.length, NONE);
    }
    int guess = before[position];
    if (guess == NONE || !series.get(guess).equals(id)) {
      guess = places.getOrDefault(id, NONE);
      before[position] = guess;
    }
    return guess;
  }
}

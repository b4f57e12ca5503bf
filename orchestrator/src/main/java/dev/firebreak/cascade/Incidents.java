package dev.firebreak.cascade;

import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * Finds incidents in the history: stretches in which several services at once were as far off as a
 * cascade would be. They are not what is usual, so they do not belong into a baseline; what a
 * service does alone, does.
 */
final class Incidents {
  /** An incident hits this many services more than are usually off, which counts twice. */
  private static final int SERVICES = 2;

  /** If more of the history than this is off, that is how the system is. */
  private static final double MOST_OF_HISTORY = 0.5;

  private Incidents() {}

  /**
   * The vectors of the history that belong to an incident.
   *
   * @param services how many there are
   * @param farOff for each service, in which vectors it was far off
   * @param lasting vectors that an incident lasts at least
   */
  static boolean[] find(int vectors, int services, IntFunction<boolean[]> farOff, int lasting) {
    int[] off = new int[vectors];
    for (int service = 0; service < services; service++) {
      boolean[] far = farOff.apply(service);
      for (int age = 0; age < vectors; age++) {
        off[age] += far[age] ? 1 : 0;
      }
    }
    int[] sorted = off.clone();
    Arrays.sort(sorted);
    int many = vectors == 0 ? SERVICES : SERVICES + 2 * sorted[vectors / 2];
    boolean[] incident = new boolean[vectors];
    int all = 0;
    for (int from = 0; from < vectors; from++) {
      int to = from;
      while (to < vectors && off[to] >= many) {
        to++;
      }
      if (to - from >= lasting) {
        Arrays.fill(incident, from, to, true);
        all += to - from;
      }
      from = Math.max(from, to);
    }
    return all <= MOST_OF_HISTORY * vectors ? incident : new boolean[vectors];
  }
}

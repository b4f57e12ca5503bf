package dev.firebreak.benchmarks;

/**
 * A textbook detector of change in one series, in which up is bad. One of a series' own: it is
 * asked once per sample, in order.
 */
interface Rival {
  /**
   * Takes a sample from after the injection.
   *
   * @return whether it alarms now
   */
  boolean alarms(double value);

  /** Makes rivals. */
  interface Maker {
    /**
     * Looks at a baseline.
     *
     * @param baseline finite, in the order of time
     */
    Rival watch(double[] baseline);
  }
}

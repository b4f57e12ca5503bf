package dev.firebreak.cascade;

/** The detectors that there are. */
public final class CascadeDetectors {
  private CascadeDetectors() {}

  /**
   * The detector that runs use: sequential evidence against each series' own baseline, one set of
   * defaults for every sampling step, and the watch's budget of false halts. Each detector that it
   * makes is for one run and one thread.
   */
  public static CascadeDetectorFactory online() {
    return watch ->
        new OnlineCascadeDetector(watch, Tuning.DEFAULT.withBudget(watch.falseHaltBudget()));
  }

  /**
   * The same with one budget, whatever the watch says.
   *
   * @param budget the share of fault-free runs that may halt, were the assumed tail exact; above 0,
   *     below 1
   */
  public static CascadeDetectorFactory online(double budget) {
    if (!(budget > 0 && budget < 1)) {
      throw new IllegalArgumentException("budget " + budget + " is not between 0 and 1");
    }
    Tuning tuning = Tuning.DEFAULT.withBudget(budget);
    return watch -> new OnlineCascadeDetector(watch, tuning);
  }
}

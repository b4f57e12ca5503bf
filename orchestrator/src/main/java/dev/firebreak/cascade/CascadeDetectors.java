package dev.firebreak.cascade;

/** The detectors that there are. */
public final class CascadeDetectors {
  /** The budget of {@link #online()}. */
  public static final double DEFAULT_BUDGET = Tuning.DEFAULT.budget();

  private CascadeDetectors() {}

  /**
   * The detector that runs use: sequential evidence against each series' own baseline, one set of
   * defaults for every sampling step. Each detector that it makes is for one run and one thread.
   */
  public static CascadeDetectorFactory online() {
    return online(DEFAULT_BUDGET);
  }

  /**
   * The same with another budget.
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

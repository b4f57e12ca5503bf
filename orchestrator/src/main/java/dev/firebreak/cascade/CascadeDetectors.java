package dev.firebreak.cascade;

/** The detectors that there are. */
public final class CascadeDetectors {
  private CascadeDetectors() {}

  /**
   * The detector that runs use: sequential evidence against each series' own baseline, one set of
   * defaults for every sampling step. Each detector that it makes is for one run and one thread.
   */
  public static CascadeDetectorFactory online() {
    return watch -> new OnlineCascadeDetector(watch, Tuning.DEFAULT);
  }
}

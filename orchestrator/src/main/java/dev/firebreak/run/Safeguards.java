package dev.firebreak.run;

/** What a run is not allowed to go without. */
public record Safeguards(Guard guard, Admission admission) {
  /** For simulated runs: no guard, every run admitted. */
  public static final Safeguards NONE = new Safeguards(Guard.NONE, Admission.OPEN);
}

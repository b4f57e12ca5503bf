package dev.firebreak.run;

/** What started a run. */
public enum Trigger {
  MANUAL,
  SCHEDULE
}

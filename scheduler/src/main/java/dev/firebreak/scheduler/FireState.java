package dev.firebreak.scheduler;

/** What became of a fire. */
public enum FireState {
  /** Somebody is deciding right now, or ended before deciding; it will never run again. */
  CLAIMED,
  /** It was handed to the one process that runs it. */
  RUN,
  /** It came in time and was not run; the row says why. */
  SKIPPED,
  /** Nobody could start it before its deadline. */
  MISSED
}

package dev.firebreak.run;

/** Where a run stands. Each leads to the next; any can jump to {@link #ROLLBACK}. */
public enum Phase {
  PREFLIGHT,
  BASELINE,
  INJECT,
  OBSERVE,
  ROLLBACK,
  RECOVERY,
  CLOSED
}

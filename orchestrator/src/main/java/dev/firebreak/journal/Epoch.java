package dev.firebreak.journal;

/**
 * Who writes: the run is the first, its guard the second, and each process that recovers the run
 * comes later than all before it. What a later epoch has begun to end, an earlier one can no more
 * add a fault to; it may always roll back.
 */
public final class Epoch {
  /** The run itself; also of lines from before there were epochs. */
  public static final int RUN = 1;

  /** Its guard. */
  public static final int GUARD = 2;

  /** The first process that recovers it. */
  public static final int RECOVERY = 3;

  private Epoch() {}
}

package dev.firebreak.examples.shop.backend;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Opens after some failures in a row, and then lets one trial call through per pause until one
 * succeeds. Safe for many threads.
 */
public final class CircuitBreaker {

  /** What the caller may do now. */
  public enum Permission {
    /** Call as usual. */
    CALL,
    /** Call to find out whether the other side is back; do not let a user wait for it. */
    TRY,
    /** Do not call. */
    STOP
  }

  private final int failuresToOpen;
  private final long pauseNanos;
  private final LongSupplier nanoTicker;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private int failuresInARow;

  @GuardedBy("lock")
  private long nextTrialNanos;

  public CircuitBreaker(int failuresToOpen, Duration pause, LongSupplier nanoTicker) {
    this.failuresToOpen = failuresToOpen;
    this.pauseNanos = pause.toNanos();
    this.nanoTicker = nanoTicker;
  }

  /** Whether to call now. Each answer of CALL or TRY wants one {@link #record}. */
  public Permission ask() {
    synchronized (lock) {
      if (failuresInARow < failuresToOpen) {
        return Permission.CALL;
      }
      long now = nanoTicker.getAsLong();
      if (now - nextTrialNanos < 0) {
        return Permission.STOP;
      }
      nextTrialNanos = now + pauseNanos;
      return Permission.TRY;
    }
  }

  public void record(boolean success) {
    synchronized (lock) {
      failuresInARow = success ? 0 : Math.min(failuresInARow + 1, failuresToOpen);
      if (failuresInARow == failuresToOpen && !success) {
        nextTrialNanos = nanoTicker.getAsLong() + pauseNanos;
      }
    }
  }

  public boolean isOpen() {
    synchronized (lock) {
      return failuresInARow >= failuresToOpen;
    }
  }
}

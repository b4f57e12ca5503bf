package dev.firebreak.examples.shop;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Lets a test look at a system in even steps. */
final class Beat {
  private final long stepNanos;
  private long dueNanos = System.nanoTime();

  Beat(Duration step) {
    this.stepNanos = step.toNanos();
  }

  /** Returns at the next step; steps that have passed are left out. */
  void next() {
    long now = System.nanoTime();
    while (dueNanos - now <= 0) {
      dueNanos += stepNanos;
    }
    while (dueNanos - now > 0) {
      LockSupport.parkNanos(dueNanos - now);
      now = System.nanoTime();
    }
  }
}

package dev.firebreak.examples.shop.work;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Stands in for computing and for disks: each call takes a service time drawn evenly from a range.
 * Sleeping costs no processor time, so that six services fit on a laptop. Safe for many threads.
 */
public final class Work {

  private final RandomGenerator random;

  public Work(RandomGenerator random) {
    this.random = random;
  }

  /** Takes at least {@code shortest} and at most {@code longest}; less if interrupted. */
  public void take(Duration shortest, Duration longest) {
    try {
      TimeUnit.NANOSECONDS.sleep(draw(shortest.toNanos(), longest.toNanos()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized long draw(long shortestNanos, long longestNanos) {
    return random.nextLong(shortestNanos, longestNanos + 1);
  }
}

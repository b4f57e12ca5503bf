package dev.firebreak.run;

import java.time.Instant;

/**
 * What a run lives in: its clocks, its queue of messages, and threads for work that blocks. Real in
 * the program, simulated in tests.
 */
public interface RunLoop {
  /** The wall clock: says when. */
  Instant now();

  /** The monotonic clock, in nanoseconds from an arbitrary origin: says how long. */
  long nanoTime();

  /**
   * Runs {@code task} on another thread, so that it may block. Tasks do not wait for each other.
   */
  void work(Runnable task);

  /** Queues {@code message} for the run's own thread. From any thread, at any time. */
  void post(Runnable message);

  /**
   * Runs the next message, waiting for one until {@code nanoTime()} reaches {@code untilNanos}.
   * Called by the run's own thread only.
   *
   * @throws InterruptedException if the thread was interrupted; no message was lost
   */
  void next(long untilNanos) throws InterruptedException;
}

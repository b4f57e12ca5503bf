package dev.firebreak.run;

import java.time.Instant;

/**
 * A loop whose wall clock cannot jump: it is read once, when the run begins, and goes on at the
 * pace of the monotonic clock. What happened when, and how long after the injection, decides
 * whether a service escaped; a clock that is set in the middle of a run must not change that.
 */
final class SteadyLoop implements RunLoop {
  private final RunLoop loop;
  private final Instant start;
  private final long startNanos;

  SteadyLoop(RunLoop loop) {
    this.loop = loop;
    this.start = loop.now();
    this.startNanos = loop.nanoTime();
  }

  @Override
  public Instant now() {
    return start.plusNanos(loop.nanoTime() - startNanos);
  }

  @Override
  public long nanoTime() {
    return loop.nanoTime();
  }

  @Override
  public void work(Runnable task) {
    loop.work(task);
  }

  @Override
  public void post(Runnable message) {
    loop.post(message);
  }

  @Override
  public void next(long untilNanos) throws InterruptedException {
    loop.next(untilNanos);
  }
}

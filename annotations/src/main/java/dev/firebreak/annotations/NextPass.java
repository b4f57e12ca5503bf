package dev.firebreak.annotations;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When a worker passes over what it keeps the next time: one plan, of which the latest counts. For
 * the worker's only thread alone.
 */
public final class NextPass {
  private static final Logger LOG = LoggerFactory.getLogger(NextPass.class);

  private final ScheduledExecutorService worker;
  private final Runnable pass;
  private long plan;

  /** Nothing is planned yet. */
  public NextPass(ScheduledExecutorService worker, Runnable pass) {
    this.worker = worker;
    this.pass = pass;
  }

  /** Replaces the plan before. Does nothing once the worker is shut down. */
  public void after(Duration wait) {
    long thisPlan = ++plan;
    try {
      var unused =
          worker.schedule(
              () -> {
                if (thisPlan == plan) {
                  pass.run();
                }
              },
              wait.toMillis(),
              TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("the worker is closed", e);
    }
  }
}

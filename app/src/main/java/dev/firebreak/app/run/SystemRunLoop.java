package dev.firebreak.app.run;

import dev.firebreak.run.RunLoop;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The real clocks and real threads; the threads are daemons, so that work that hangs holds nothing.
 */
public final class SystemRunLoop implements RunLoop, AutoCloseable {
  private final LinkedBlockingQueue<Runnable> messages = new LinkedBlockingQueue<>();
  private final ExecutorService workers =
      Executors.newCachedThreadPool(DaemonThreads.named("firebreak-work"));

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public void work(Runnable task) {
    workers.execute(task);
  }

  @Override
  public void post(Runnable message) {
    messages.add(message);
  }

  @Override
  public void next(long untilNanos) throws InterruptedException {
    Runnable message =
        untilNanos == Long.MAX_VALUE
            ? messages.take()
            : messages.poll(untilNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    if (message != null) {
      message.run();
    }
  }

  @Override
  public void close() {
    workers.shutdownNow();
  }
}

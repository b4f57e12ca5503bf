package dev.firebreak.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells each listener on a thread of its own, in order. {@link #on} returns at once whatever the
 * listeners do. Behind a slow listener, samples are dropped and counted; what happened in the run
 * is never dropped: there is little of it.
 */
public final class ListenerHub implements RunListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ListenerHub.class);
  private static final int MOST_WAITING_SAMPLES = 1_000;

  private final List<Desk> desks = new ArrayList<>();
  private final Duration drain;

  /**
   * Starts a thread for each listener.
   *
   * @param drain how long {@link #close} waits for all listeners together
   */
  public ListenerHub(List<RunListener> listeners, ThreadFactory threads, Duration drain) {
    this.drain = drain;
    for (RunListener listener : listeners) {
      Desk desk = new Desk(listener);
      desk.thread = threads.newThread(desk);
      desks.add(desk);
      desk.thread.start();
    }
  }

  @Override
  public void on(RunEvent event) {
    desks.forEach(desk -> desk.take(event));
  }

  /** Samples that no listener was told. */
  public long dropped() {
    return desks.stream().mapToLong(desk -> desk.dropped.get()).sum();
  }

  /**
   * Waits for the listeners to hear what is left, within the drain time, and ends their threads.
   */
  @Override
  public void close() {
    desks.forEach(Desk::finish);
    Duration share = drain.dividedBy(Math.max(1, desks.size()));
    try {
      for (Desk desk : desks) {
        desk.thread.join(Math.max(1, share.toMillis()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    desks.forEach(Desk::abandon);
  }

  private static final class Desk implements Runnable {
    private final RunListener listener;
    private final BlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>();
    private final AtomicLong dropped = new AtomicLong();
    private Thread thread = new Thread();
    private volatile boolean finished;

    Desk(RunListener listener) {
      this.listener = listener;
    }

    void take(RunEvent event) {
      if (!event.durable() && waiting.size() >= MOST_WAITING_SAMPLES) {
        dropped.incrementAndGet();
        return;
      }
      waiting.add(() -> tell(event));
    }

    private void tell(RunEvent event) {
      try {
        listener.on(event);
      } catch (RuntimeException e) {
        LOG.warn(
            "listener failed listener={} event={}",
            listener.getClass().getSimpleName(),
            event.getClass().getSimpleName(),
            e);
      }
    }

    @Override
    public void run() {
      try {
        while (!finished) {
          waiting.take().run();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    void finish() {
      waiting.add(() -> finished = true);
    }

    void abandon() {
      if (thread.isAlive()) {
        LOG.warn("listener did not finish listener={}", listener.getClass().getSimpleName());
        thread.interrupt();
      }
    }
  }
}

package dev.firebreak.annotations.grafana;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Time that passes when the test says so, and what is to be done in it. For one thread. */
public final class SimulatedTime implements InstantSource {
  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(Comparator.comparingLong(Task::at).thenComparingLong(Task::number));
  private long now;
  private long number;

  private record Task(long at, long number, Object owner, Runnable action) {}

  public SimulatedTime(Instant start) {
    now = start.toEpochMilli();
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(now);
  }

  void at(long millis, Object owner, Runnable action) {
    tasks.add(new Task(Math.max(millis, now), number++, owner, action));
  }

  /** Passes within a task, such as while it waits for an answer. */
  void elapse(long millis) {
    now += millis;
  }

  /** Does what is due until then, in order. */
  public void runUntil(long millis) {
    while (!tasks.isEmpty() && tasks.peek().at() <= millis) {
      Task task = tasks.remove();
      now = Math.max(now, task.at());
      task.action().run();
    }
    now = Math.max(now, millis);
  }

  /** A worker that lives in this time. */
  public ScheduledExecutorService worker() {
    return new Worker();
  }

  private final class Worker extends AbstractExecutorService implements ScheduledExecutorService {
    private boolean stopped;

    @Override
    public void execute(Runnable task) {
      later(0, task);
    }

    private void later(long millis, Runnable task) {
      if (stopped) {
        throw new RejectedExecutionException("stopped");
      }
      at(now + millis, this, task);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
      later(unit.toMillis(delay), task);
      return new Scheduled();
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable a, long b, long c, TimeUnit d) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable a, long b, long c, TimeUnit d) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void shutdown() {
      shutdownNow();
    }

    @Override
    public List<Runnable> shutdownNow() {
      stopped = true;
      tasks.removeIf(task -> task.owner().equals(this));
      return new ArrayList<>();
    }

    @Override
    public boolean isShutdown() {
      return stopped;
    }

    @Override
    public boolean isTerminated() {
      return stopped;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return true;
    }
  }

  /** Nobody asks it anything. */
  private static final class Scheduled extends FutureTask<Void> implements ScheduledFuture<Void> {
    Scheduled() {
      super(() -> null);
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return 0;
    }

    @Override
    public int compareTo(Delayed other) {
      return 0;
    }
  }
}

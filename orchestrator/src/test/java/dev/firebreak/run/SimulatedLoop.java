package dev.firebreak.run;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;

/**
 * A run's world in one thread: time moves only when the run waits, work takes a fixed time, and
 * things can be planned for an instant. The same plan gives the same run.
 */
public final class SimulatedLoop implements RunLoop {
  private static final Duration WORK_TAKES = Duration.ofMillis(5);

  private record Planned(long atNanos, long order, Runnable what) {}

  private final Instant start;
  private final Duration workTakes;
  private final Deque<Runnable> messages = new ArrayDeque<>();
  private final PriorityQueue<Planned> planned =
      new PriorityQueue<>(
          Comparator.comparingLong(Planned::atNanos).thenComparingLong(Planned::order));
  private long nanos;
  private long order;

  public SimulatedLoop(Instant start) {
    this(start, WORK_TAKES);
  }

  /** One whose work takes so long. */
  public SimulatedLoop(Instant start, Duration workTakes) {
    this.start = start;
    this.workTakes = workTakes;
  }

  /** Does {@code what} once {@code delay} from now has passed. */
  public void after(Duration delay, Runnable what) {
    planned.add(new Planned(nanos + delay.toNanos(), order++, what));
  }

  public Duration elapsed() {
    return Duration.ofNanos(nanos);
  }

  @Override
  public Instant now() {
    return start.plusNanos(nanos);
  }

  @Override
  public long nanoTime() {
    return nanos;
  }

  @Override
  public void work(Runnable task) {
    after(workTakes, task);
  }

  @Override
  public void post(Runnable message) {
    messages.add(message);
  }

  @Override
  public void next(long untilNanos) {
    while (messages.isEmpty()) {
      Planned first = planned.peek();
      if (first == null || first.atNanos() > untilNanos) {
        if (untilNanos == Long.MAX_VALUE) {
          throw new IllegalStateException("the run waits for ever at " + elapsed());
        }
        nanos = Math.max(nanos, untilNanos);
        return;
      }
      planned.remove();
      nanos = Math.max(nanos, first.atNanos());
      first.what().run();
    }
    messages.remove().run();
  }
}

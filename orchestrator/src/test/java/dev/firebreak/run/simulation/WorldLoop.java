package dev.firebreak.run.simulation;

import dev.firebreak.run.RunLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;

/**
 * One thread in which everything happens in the order of a simulated monotonic clock. A task of
 * {@link #work} is a request: it arrives after a moment, and what it posts, the reply, comes back
 * after another. Whoever serves the request may hold the reply up or lose it. The wall clock can
 * jump; the monotonic clock cannot.
 */
final class WorldLoop implements RunLoop {
  /** More turns than this without time passing is a run that spins. */
  private static final int MOST_TURNS_AT_ONCE = 20_000;

  private static final int MOST_LOOKS_AT_THE_CLOCK = 200_000;

  private static final long LONGEST_NANOS = Duration.ofHours(1).toNanos();
  private static final long LONGEST_TRIP_NANOS = Duration.ofMillis(20).toNanos();

  private record Planned(long atNanos, long order, Runnable what) {}

  private final RandomGenerator random;
  private final Deque<Runnable> messages = new ArrayDeque<>();
  private final PriorityQueue<Planned> planned =
      new PriorityQueue<>(
          Comparator.comparingLong(Planned::atNanos).thenComparingLong(Planned::order));
  private Instant wall;
  private long nanos;
  private long order;
  private int turnsAtOnce;
  private int looksAtTheClock;
  private boolean interrupt;

  /** The request that is being served, if any. */
  private boolean serving;

  private boolean lost;
  private long heldUpNanos;
  private long servingSubmitted;
  private final List<Runnable> replies = new ArrayList<>();

  WorldLoop(Instant start, RandomGenerator random) {
    this.wall = start;
    this.random = random;
  }

  void after(Duration delay, Runnable what) {
    planned.add(new Planned(nanos + delay.toNanos(), order++, what));
  }

  void jump(Duration by) {
    wall = wall.plus(by);
  }

  /** The run's thread is interrupted the next time it waits. */
  void interrupt() {
    interrupt = true;
  }

  Duration elapsed() {
    return Duration.ofNanos(nanos);
  }

  /** Grows with all that happens: orders events of the same nanosecond. */
  long order() {
    return order;
  }

  /** When the request that is being served was sent, as {@link #order}. */
  long sentAtOrder() {
    return servingSubmitted;
  }

  /** The reply to the request that is being served takes this much longer. */
  void holdReplyUp(Duration by) {
    heldUpNanos += by.toNanos();
  }

  /** The request that is being served is never answered. */
  void neverReply() {
    lost = true;
  }

  @Override
  public Instant now() {
    return wall.plusNanos(nanos);
  }

  @Override
  public long nanoTime() {
    if (nanos > LONGEST_NANOS) {
      throw new AssertionError("the run does not end");
    }
    if (++looksAtTheClock > MOST_LOOKS_AT_THE_CLOCK) {
      throw new AssertionError("the run spins without waiting, at " + elapsed());
    }
    return nanos;
  }

  @Override
  public void work(Runnable task) {
    long submitted = order++;
    after(Duration.ofNanos(1 + random.nextLong(LONGEST_TRIP_NANOS)), () -> serve(task, submitted));
  }

  private void serve(Runnable task, long submitted) {
    serving = true;
    servingSubmitted = submitted;
    lost = false;
    heldUpNanos = 0;
    replies.clear();
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      // As in a pool of threads: nobody hears of it.
      replies.clear();
    }
    serving = false;
    long back = 1 + random.nextLong(LONGEST_TRIP_NANOS) + heldUpNanos;
    if (!lost) {
      replies.forEach(reply -> after(Duration.ofNanos(back), () -> messages.add(reply)));
    }
  }

  @Override
  public void post(Runnable message) {
    order++;
    if (serving) {
      replies.add(message);
    } else {
      messages.add(message);
    }
  }

  @Override
  public void next(long untilNanos) throws InterruptedException {
    long before = nanos;
    advance(untilNanos);
    looksAtTheClock = 0;
    turnsAtOnce = nanos == before ? turnsAtOnce + 1 : 0;
    if (turnsAtOnce > MOST_TURNS_AT_ONCE) {
      throw new AssertionError("the run spins at " + elapsed());
    }
    if (interrupt) {
      interrupt = false;
      throw new InterruptedException();
    }
    Runnable message = messages.poll();
    if (message != null) {
      order++;
      message.run();
    }
  }

  private void advance(long untilNanos) {
    while (messages.isEmpty() && !interrupt) {
      Planned first = planned.peek();
      if (first == null || first.atNanos() > untilNanos) {
        if (untilNanos == Long.MAX_VALUE) {
          throw new AssertionError("the run waits for ever at " + elapsed());
        }
        nanos = Math.max(nanos, untilNanos);
        return;
      }
      planned.remove();
      nanos = Math.max(nanos, first.atNanos());
      first.what().run();
    }
  }

  /** Lets the world go on for a while when no run listens any more. */
  void settle(Duration span) {
    long until = nanos + span.toNanos();
    messages.clear();
    while (!planned.isEmpty() && planned.peek().atNanos() <= until) {
      Planned first = planned.remove();
      nanos = Math.max(nanos, first.atNanos());
      first.what().run();
      messages.clear();
    }
    nanos = Math.max(nanos, until);
    interrupt = false;
  }
}

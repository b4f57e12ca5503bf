package dev.firebreak.examples.shop.pool;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * A bounded pool: of connections, of calls in flight. Whoever finds it empty waits in line, and
 * gives up after the acquire timeout. Emits {@code shop.pool.active}, {@code shop.pool.max}, {@code
 * shop.pool.pending} and {@code shop.pool.timeouts}, each with the tag {@code pool}. Safe for many
 * threads.
 */
public final class BoundedPool {

  private final String name;
  private final Duration acquireTimeout;
  private final Semaphore free;
  private final Counter timeouts;

  public BoundedPool(String name, int size, Duration acquireTimeout, MeterRegistry meters) {
    this.name = name;
    this.acquireTimeout = acquireTimeout;
    this.free = new Semaphore(size, true);
    this.timeouts = Counter.builder("shop.pool.timeouts").tag("pool", name).register(meters);
    gauge("shop.pool.max", () -> size, meters);
    gauge("shop.pool.active", () -> size - free.availablePermits(), meters);
    gauge("shop.pool.pending", free::getQueueLength, meters);
  }

  /** Runs the task with a slot of the pool. */
  public <T> T within(Supplier<T> task) {
    Lease lease = acquire();
    try {
      return task.get();
    } finally {
      lease.close();
    }
  }

  /**
   * Takes a slot, which any thread may give back.
   *
   * @throws PoolExhaustedException if none becomes free within the acquire timeout
   */
  public Lease acquire() {
    if (!acquiredInTime()) {
      timeouts.increment();
      throw new PoolExhaustedException(name, acquireTimeout);
    }
    return new Lease(free);
  }

  private boolean acquiredInTime() {
    try {
      return free.tryAcquire(acquireTimeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void gauge(String meter, Supplier<Number> value, MeterRegistry meters) {
    Gauge.builder(meter, value).tag("pool", name).register(meters);
  }

  /** One slot, taken. Closing gives it back; closing again does nothing. */
  public static final class Lease implements AutoCloseable {

    private final Semaphore pool;
    private final AtomicBoolean held = new AtomicBoolean(true);

    private Lease(Semaphore pool) {
      this.pool = pool;
    }

    @Override
    public void close() {
      if (held.compareAndSet(true, false)) {
        pool.release();
      }
    }
  }
}

package dev.firebreak.examples.shop.inventory;

import dev.firebreak.examples.shop.pool.BoundedPool;
import dev.firebreak.examples.shop.pool.BoundedPool.Lease;
import dev.firebreak.examples.shop.work.Work;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stock in a database that is reached through a few connections. A reservation is an open
 * transaction: it keeps its connection until it is committed, rolled back, or too long idle. That
 * is the design mistake through which slow payments reach pages that have nothing to do with
 * paying.
 */
class Stock {

  private static final int SOLD_BEFORE_RESTOCKED = 500;

  private final BoundedPool connections;
  private final Work work;
  private final ScheduledExecutorService timer;
  private final Duration idleTimeout;
  private final AtomicLong lastReservation = new AtomicLong();
  private final AtomicLong sold = new AtomicLong();
  private final Map<Long, Transaction> open = new ConcurrentHashMap<>();

  Stock(BoundedPool connections, Work work, ScheduledExecutorService timer, Duration idleTimeout) {
    this.connections = connections;
    this.work = work;
    this.timer = timer;
    this.idleTimeout = idleTimeout;
  }

  /** How many pieces are left. */
  long left() {
    return connections.within(
        () -> {
          work.take(Duration.ofMillis(3), Duration.ofMillis(6));
          return SOLD_BEFORE_RESTOCKED - sold.get() % SOLD_BEFORE_RESTOCKED;
        });
  }

  /** Opens a transaction that holds one piece, and a connection. */
  long reserve() {
    Lease connection = connections.acquire();
    work.take(Duration.ofMillis(3), Duration.ofMillis(6));
    long reservation = lastReservation.incrementAndGet();
    ScheduledFuture<?> timeout =
        timer.schedule(() -> rollBack(reservation), idleTimeout.toMillis(), TimeUnit.MILLISECONDS);
    open.put(reservation, new Transaction(connection, timeout));
    return reservation;
  }

  /** Sells the piece and gives the connection back; false if the reservation is no longer open. */
  boolean commit(long reservation) {
    Transaction transaction = open.get(reservation);
    if (transaction == null) {
      return false;
    }
    work.take(Duration.ofMillis(2), Duration.ofMillis(4));
    sold.incrementAndGet();
    return rollBack(reservation);
  }

  /** Gives piece and connection back; false if the reservation is no longer open. */
  boolean rollBack(long reservation) {
    Transaction transaction = open.remove(reservation);
    if (transaction == null) {
      return false;
    }
    transaction.timeout().cancel(false);
    transaction.connection().close();
    return true;
  }

  private record Transaction(Lease connection, ScheduledFuture<?> timeout) {}
}

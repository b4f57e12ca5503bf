package dev.firebreak.examples.shop.load;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Customers who come when they like: an open loop, in which nobody waits for the answer of another.
 * Arrivals are a Poisson process. Of 100 requests 55 are product pages, 20 the home page, and 25
 * orders. When too many are unanswered, newcomers turn away at the door.
 */
public final class LoadGenerator implements AutoCloseable {

  /** Fewer than the gateway has threads, so that it can still be asked how it is. */
  private static final int MOST_OUTSTANDING = 100;

  private static final int SKUS = 100;

  private final URI gateway;
  private final double ratePerNano;
  private final RandomGenerator random;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .executor(Executors.newFixedThreadPool(2, LoadGenerator::daemon))
          .build();
  private final ScheduledExecutorService arrivals = Executors.newSingleThreadScheduledExecutor();
  private final Semaphore room = new Semaphore(MOST_OUTSTANDING);
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong succeeded = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong turnedAway = new AtomicLong();

  /**
   * A load that is the same each time for the same seed.
   *
   * @param ratePerSecond mean number of arrivals per second
   */
  public LoadGenerator(URI gateway, double ratePerSecond, RandomGenerator random) {
    this.gateway = gateway;
    this.ratePerNano = ratePerSecond / Duration.ofSeconds(1).toNanos();
    this.random = random;
  }

  public void start() {
    scheduleArrival(System.nanoTime());
  }

  /** Requests so far. */
  public Counts counts() {
    return new Counts(sent.get(), succeeded.get(), failed.get(), turnedAway.get());
  }

  /** No more arrivals; what is under way may still be answered. */
  @Override
  public void close() {
    arrivals.shutdownNow();
  }

  /** From the time it should have been, not from now: lateness must not lower the rate. */
  private void scheduleArrival(long previousNanos) {
    long nextNanos = previousNanos + (long) (random.nextExponential() / ratePerNano);
    try {
      var unused =
          arrivals.schedule(
              () -> {
                arrive();
                scheduleArrival(nextNanos);
              },
              nextNanos - System.nanoTime(),
              TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      // Closed meanwhile.
    }
  }

  private void arrive() {
    HttpRequest request = drawRequest();
    if (!room.tryAcquire()) {
      turnedAway.incrementAndGet();
      return;
    }
    sent.incrementAndGet();
    var unused = http.sendAsync(request, BodyHandlers.discarding()).whenComplete(this::answered);
  }

  private void answered(@Nullable HttpResponse<Void> response, @Nullable Throwable failure) {
    room.release();
    boolean success = response != null && response.statusCode() == 200;
    (success ? succeeded : failed).incrementAndGet();
  }

  private HttpRequest drawRequest() {
    int kind = random.nextInt(100);
    int sku = random.nextInt(SKUS);
    if (kind < 55) {
      return Requests.product(gateway, sku);
    }
    return kind < 75 ? Requests.home(gateway) : Requests.order(gateway, sku);
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "load");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * What became of the arrivals.
   *
   * @param succeeded answered with 200
   * @param failed answered otherwise, or not at all
   * @param turnedAway never sent, because too many were unanswered
   */
  public record Counts(long sent, long succeeded, long failed, long turnedAway) {}
}

package dev.firebreak.examples.shop.gateway;

import dev.firebreak.examples.shop.backend.Backend;
import dev.firebreak.examples.shop.backend.BackendException;
import dev.firebreak.examples.shop.backend.CircuitBreaker;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Recommendations as a page wants them: within a budget of time, on threads of their own, behind a
 * circuit breaker, and with a fallback for every case. So nothing that happens there reaches a
 * customer. Safe for many threads.
 */
final class RecommendationsClient implements AutoCloseable {

  private static final List<Integer> FALLBACK = List.of(1, 2, 3);
  private static final int THREADS = 4;
  private static final int FAILURES_TO_OPEN = 3;
  private static final Duration PAUSE = Duration.ofSeconds(3);

  private final Backend recommendations;
  private final Duration budget;
  private final CircuitBreaker breaker =
      new CircuitBreaker(FAILURES_TO_OPEN, PAUSE, System::nanoTime);
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(0, THREADS, 30, TimeUnit.SECONDS, new SynchronousQueue<>());
  private final Counter fallbacks;

  RecommendationsClient(Backend recommendations, Duration budget, MeterRegistry meters) {
    this.recommendations = recommendations;
    this.budget = budget;
    this.fallbacks =
        Counter.builder("shop.fallbacks").tag("peer", "recommendations").register(meters);
    Gauge.builder("shop.breaker.open", () -> breaker.isOpen() ? 1 : 0)
        .tag("peer", "recommendations")
        .register(meters);
  }

  /** Starts asking, and returns at once; the future ends within the budget and never fails. */
  CompletableFuture<List<Integer>> ask() {
    return switch (breaker.ask()) {
      case CALL -> call();
      case TRY -> {
        CompletableFuture<List<Integer>> unused = call();
        yield fallback();
      }
      case STOP -> fallback();
    };
  }

  private CompletableFuture<List<Integer>> call() {
    try {
      return CompletableFuture.supplyAsync(this::answer, threads)
          .completeOnTimeout(FALLBACK, budget.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      breaker.record(false);
      return fallback();
    }
  }

  private List<Integer> answer() {
    try {
      List<Integer> skus = recommendations.get(Recommendations.class, "/recommendations").skus();
      breaker.record(true);
      return skus;
    } catch (BackendException e) {
      breaker.record(false);
      fallbacks.increment();
      return FALLBACK;
    }
  }

  private CompletableFuture<List<Integer>> fallback() {
    fallbacks.increment();
    return CompletableFuture.completedFuture(FALLBACK);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  record Recommendations(List<Integer> skus) {}
}

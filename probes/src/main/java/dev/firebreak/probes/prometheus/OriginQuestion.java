package dev.firebreak.probes.prometheus;

import dev.firebreak.probe.Change;
import dev.firebreak.probe.ProbeException;
import dev.firebreak.probes.http.Failures;
import dev.firebreak.probes.origin.ChangeWatch;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Asks for restarts and deploys beside the signals, which never wait long for it: an answer that is
 * late counts at the next look. Owned by one thread.
 */
final class OriginQuestion {
  /** Then the rest of an answer that began does not come any more. */
  private static final Duration GIVEN_UP_AFTER = Duration.ofSeconds(10);

  private final PrometheusApi api;
  private final Duration patience;
  private final ChangeWatch watch = new ChangeWatch();

  private Optional<String> query = Optional.empty();
  private @Nullable CompletableFuture<Answer> pending;
  private Instant askedFor = Instant.EPOCH;

  /** Waits for {@code patience} once all else of a look is there. */
  OriginQuestion(PrometheusApi api, Duration patience) {
    this.api = api;
    this.patience = patience;
  }

  /** What to ask at each look; empty: nothing, since the server has nothing of it. */
  void prepare(Optional<String> query) {
    this.query = query;
  }

  /** Asks, unless an earlier question is still open. Its deadline is that of the request. */
  void ask(Instant at, Duration deadline) {
    CompletableFuture<Answer> open = pending;
    if (open != null && Duration.between(askedFor, at).compareTo(GIVEN_UP_AFTER) > 0) {
      open.cancel(true);
    }
    if (open == null && query.isPresent()) {
      askedFor = at;
      pending = api.query(query.get(), Optional.of(at), deadline);
    }
  }

  /**
   * The changes that show in the answer, if it is there.
   *
   * @param problems hears why there is none to come
   * @throws ProbeException if the thread is interrupted
   */
  List<Change> changes(Predicate<ServiceName> known, Consumer<String> problems)
      throws ProbeException {
    CompletableFuture<Answer> open = pending;
    if (open == null) {
      return List.of();
    }
    try {
      Answer answer = open.get(patience.toNanos(), TimeUnit.NANOSECONDS);
      pending = null;
      return watch.changes(OriginQuery.read(answer, askedFor, known));
    } catch (TimeoutException e) {
      return List.of();
    } catch (CancellationException e) {
      pending = null;
      return List.of();
    } catch (ExecutionException e) {
      pending = null;
      problems.accept("restarts and deploys: " + Failures.describe(e));
      return List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProbeException("interrupted while asking " + api, e);
    }
  }

  void close() {
    CompletableFuture<Answer> open = pending;
    if (open != null) {
      open.cancel(true);
    }
  }
}

package dev.firebreak.probes.http;

import dev.firebreak.probe.QueryFailures;
import dev.firebreak.probe.QueryFailures.Kind;
import dev.firebreak.probe.QueryFailures.Source;
import dev.firebreak.service.RequestHeaders;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.http.HttpTimeoutException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

/**
 * How a source asks.
 *
 * @param headers what its requests say of the run
 * @param failures is told of those that fail
 */
public record Asking(RequestHeaders headers, QueryFailures failures) {
  /** Says nothing and tells nobody. */
  public static Asking plainly() {
    return new Asking(RequestHeaders.none(), QueryFailures.untold());
  }

  /** The same answer, whose failure is told. */
  <T> CompletableFuture<T> watched(Source source, CompletableFuture<T> answer) {
    CompletableFuture<?> unused =
        answer.whenComplete(
            (value, failure) -> {
              if (failure != null) {
                failures.failed(source, kindOf(Failures.rootOf(failure)));
              }
            });
    return answer;
  }

  private static Kind kindOf(Throwable failure) {
    if (failure instanceof HttpTimeoutException
        || failure instanceof TimeoutException
        || failure instanceof CancellationException) {
      return Kind.TIMEOUT;
    }
    if (Failures.isRefusal(failure)) {
      return Kind.REFUSED;
    }
    boolean network = failure instanceof ConnectException || failure instanceof SocketException;
    return network || Failures.isUnresolved(failure) ? Kind.NETWORK : Kind.ANSWER;
  }
}

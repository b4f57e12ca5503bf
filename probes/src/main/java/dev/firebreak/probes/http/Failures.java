package dev.firebreak.probes.http;

import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Says in words why an exchange failed. */
public final class Failures {
  /** Chains of causes that are longer than this are somebody's mistake. */
  private static final int DEEPEST = 10;

  private Failures() {}

  public static Throwable rootOf(Throwable failure) {
    Throwable root = failure;
    while ((root instanceof CompletionException || root instanceof ExecutionException)
        && root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  /** Whether the other side said that nobody listens there, so that it is known to be down. */
  public static boolean isRefusal(Throwable failure) {
    return chainHas(
        failure,
        cause ->
            cause instanceof ConnectException
                && String.valueOf(cause.getMessage()).contains("refused"));
  }

  static boolean isUnresolved(Throwable failure) {
    return chainHas(failure, UnresolvedAddressException.class::isInstance);
  }

  private static boolean chainHas(Throwable failure, Predicate<Throwable> what) {
    @Nullable Throwable cause = failure;
    for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
      if (what.test(cause)) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  /** A few words without the address, which the caller knows. */
  public static String describe(Throwable failure) {
    Throwable root = rootOf(failure);
    if (root instanceof HttpTimeoutException || root instanceof TimeoutException) {
      return "no answer in time";
    }
    if (isUnresolved(root)) {
      return "the host's name is not known";
    }
    if (isRefusal(root)) {
      return "connection refused";
    }
    if (root instanceof ClosedChannelException) {
      return "the connection was closed";
    }
    String message = root.getMessage();
    return message == null || message.isBlank() ? root.getClass().getSimpleName() : message;
  }
}

package dev.firebreak.probes.http;

import dev.firebreak.probe.QueryFailures;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.util.concurrent.CompletableFuture;

/** Sends requests whose answers can be given up. */
public final class Exchange {
  private static final int KNOCK_MILLIS = 300;

  private Exchange() {}

  /** As the other; the failure of the answer is told too. */
  public static <T> CompletableFuture<T> send(
      HttpClient client,
      HttpRequest request,
      BodyHandler<T> handler,
      Asking asking,
      QueryFailures.Source source) {
    return asking.watched(source, send(client, request, handler));
  }

  /** The answer's body, later; cancelling the future ends the exchange, whatever it is doing. */
  public static <T> CompletableFuture<T> send(
      HttpClient client, HttpRequest request, BodyHandler<T> handler) {
    CompletableFuture<HttpResponse<T>> sent = client.sendAsync(request, handler);
    CompletableFuture<T> body =
        new CompletableFuture<>() {
          @Override
          public boolean cancel(boolean interrupt) {
            sent.cancel(true);
            return super.cancel(interrupt);
          }
        };
    CompletableFuture<?> unused =
        sent.whenComplete(
            (response, failure) -> {
              if (failure == null) {
                body.complete(response.body());
              } else {
                body.completeExceptionally(explained(failure, request.uri()));
              }
            });
    return body;
  }

  /**
   * The client tells a refused connection in the same way as others that fail; whether a service is
   * known to be down depends on the difference, so that the door is knocked at once more.
   */
  private static Throwable explained(Throwable failure, URI uri) {
    Throwable root = Failures.rootOf(failure);
    boolean unclear = root instanceof ConnectException && root.getMessage() == null;
    if (!unclear || Failures.isUnresolved(root)) {
      return root;
    }
    int port = uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(uri.getHost(), port), KNOCK_MILLIS);
      return root;
    } catch (IOException e) {
      return e;
    }
  }
}

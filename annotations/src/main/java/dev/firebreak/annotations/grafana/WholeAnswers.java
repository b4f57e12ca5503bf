package dev.firebreak.annotations.grafana;

import feign.Client;
import feign.Request;
import feign.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Reads each answer to its end at once, within the read timeout: the JDK's client ends its own
 * timeout with the headers, and a body that trickles would hold the caller for ever.
 */
public final class WholeAnswers implements Client {
  private static final int LARGEST = 4 << 20;

  private final Client client;
  private final Duration deadline;

  /** Answers of {@code client}, each within {@code deadline} from its headers on. */
  public WholeAnswers(Client client, Duration deadline) {
    this.client = client;
    this.deadline = deadline;
  }

  @Override
  public Response execute(Request request, Request.Options options) throws IOException {
    Response response = client.execute(request, options);
    if (response.body() == null) {
      return response;
    }
    try (InputStream body = response.body().asInputStream()) {
      return response.toBuilder().body(readWithin(body)).build();
    }
  }

  private byte[] readWithin(InputStream body) throws IOException {
    Executor later = CompletableFuture.delayedExecutor(deadline.toMillis(), TimeUnit.MILLISECONDS);
    CompletableFuture<Void> tooLate = CompletableFuture.runAsync(() -> close(body), later);
    try {
      byte[] bytes = body.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw new IOException("the answer is larger than " + LARGEST + " bytes");
      }
      if (tooLate.isDone()) {
        throw new IOException("the answer was not complete after " + deadline);
      }
      return bytes;
    } finally {
      tooLate.cancel(false);
    }
  }

  private static void close(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

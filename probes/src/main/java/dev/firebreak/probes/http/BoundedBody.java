package dev.firebreak.probes.http;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * Hands an answer on as it comes, and gives up when it is longer than allowed. The exchange's own
 * cancellation, not this, bounds its duration.
 */
public final class BoundedBody<T> implements BodySubscriber<T> {
  /** Takes the answer apart; used by one thread at a time. */
  public interface Reader<T> {
    /**
     * Takes the next bytes, all of them.
     *
     * @throws IOException if it makes no sense to read on
     */
    void take(ByteBuffer bytes) throws IOException;

    /**
     * Called once, after the last byte.
     *
     * @throws IOException if what came does not amount to an answer
     */
    T finish() throws IOException;
  }

  private final CompletableFuture<T> body = new CompletableFuture<>();
  private final Reader<T> reader;
  private final long most;
  private long taken;
  private @Nullable Subscription subscription;

  /**
   * A body that {@code reader} takes apart.
   *
   * @param most the greatest number of bytes that is allowed
   */
  public BoundedBody(Reader<T> reader, long most) {
    this.reader = reader;
    this.most = most;
  }

  @Override
  public CompletionStage<T> getBody() {
    return body;
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    this.subscription = subscription;
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    if (body.isDone()) {
      return;
    }
    try {
      for (ByteBuffer buffer : buffers) {
        taken += buffer.remaining();
        if (taken > most) {
          throw new IOException("the answer has more than " + most + " bytes");
        }
        reader.take(buffer);
      }
    } catch (IOException | RuntimeException e) {
      giveUp(e);
    }
  }

  private void giveUp(Exception cause) {
    if (subscription != null) {
      subscription.cancel();
    }
    body.completeExceptionally(cause);
  }

  @Override
  public void onError(Throwable failure) {
    body.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    if (body.isDone()) {
      return;
    }
    try {
      body.complete(reader.finish());
    } catch (IOException | RuntimeException e) {
      body.completeExceptionally(e);
    }
  }
}

package dev.firebreak.injector.http;

import dev.firebreak.service.RequestHeaders;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Sends one request and reads one answer, both within a deadline. Follows no redirect and reads no
 * more than {@value #LONGEST_ANSWER} bytes. Safe for use by many threads.
 */
public final class HttpCalls {
  /** Longer answers are errors: nothing that an injector asks for needs more. */
  public static final int LONGEST_ANSWER = 1 << 20;

  private final LongSupplier nanoTicker;
  private final RequestHeaders headers;

  public HttpCalls() {
    this(System::nanoTime);
  }

  /**
   * With a ticker of its own.
   *
   * @param nanoTicker tells how long calls take
   */
  public HttpCalls(LongSupplier nanoTicker) {
    this(nanoTicker, RequestHeaders.none());
  }

  private HttpCalls(LongSupplier nanoTicker, RequestHeaders headers) {
    this.nanoTicker = nanoTicker;
    this.headers = headers;
  }

  /** The same, with these headers too; those of a call itself count more. */
  public HttpCalls saying(RequestHeaders more) {
    return new HttpCalls(nanoTicker, more);
  }

  /**
   * What to send.
   *
   * @param body may be empty: none is sent then
   */
  public record Call(String method, URI address, Map<String, String> headers, String body) {
    public Call {
      headers = Map.copyOf(headers);
    }

    /** Reads an address. */
    public static Call get(URI address, Map<String, String> headers) {
      return new Call("GET", address, headers, "");
    }

    @Override
    public String toString() {
      return method + " " + address;
    }
  }

  /**
   * What came back.
   *
   * @param took from the first byte sent to the last one received
   */
  public record Answer(int status, String body, Duration took) {}

  /**
   * Waits for the whole answer, whatever its status.
   *
   * @throws CallFailedException if there was none within the deadline
   */
  public Answer send(Call call, Duration deadline) throws CallFailedException {
    long start = nanoTicker.getAsLong();
    CompletableFuture<HttpResponse<String>> coming =
        Client.SHARED.sendAsync(
            requestFor(call, deadline), head -> new BoundedText(LONGEST_ANSWER));
    try {
      HttpResponse<String> answer = coming.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
      Duration took = Duration.ofNanos(nanoTicker.getAsLong() - start);
      return new Answer(answer.statusCode(), answer.body(), took);
    } catch (TimeoutException e) {
      coming.cancel(true);
      throw CallFailedException.late(call, deadline, e);
    } catch (InterruptedException e) {
      coming.cancel(true);
      Thread.currentThread().interrupt();
      throw CallFailedException.lost(call, "interrupted", e);
    } catch (ExecutionException e) {
      throw failure(call, deadline, e);
    }
  }

  private HttpRequest requestFor(Call call, Duration deadline) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(call.address())
            .timeout(deadline)
            .method(
                call.method(),
                call.body().isEmpty()
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(call.body()));
    headers.to(call.address()).forEach(request::setHeader);
    call.headers().forEach(request::setHeader);
    return request.build();
  }

  private static CallFailedException failure(Call call, Duration deadline, ExecutionException e) {
    Throwable cause = e.getCause();
    if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
      return CallFailedException.notSent(call, cause);
    }
    if (cause instanceof HttpTimeoutException) {
      return CallFailedException.late(call, deadline, cause);
    }
    if (cause instanceof IOException) {
      return CallFailedException.lost(call, String.valueOf(cause.getMessage()), cause);
    }
    return CallFailedException.lost(call, String.valueOf(cause), e);
  }

  /** Made when first needed: listing the faults of an injector starts no thread. */
  private static final class Client {
    static final HttpClient SHARED =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
  }
}

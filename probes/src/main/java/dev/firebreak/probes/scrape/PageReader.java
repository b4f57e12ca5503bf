package dev.firebreak.probes.scrape;

import dev.firebreak.probe.QueryFailures.Source;
import dev.firebreak.probes.http.Address;
import dev.firebreak.probes.http.Asking;
import dev.firebreak.probes.http.BoundedBody;
import dev.firebreak.probes.http.Exchange;
import dev.firebreak.probes.scrape.ExpositionParser.Format;
import dev.firebreak.probes.signal.MetricNames;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/** Asks for metrics pages. */
final class PageReader {
  /** A large service shows 1 MiB. */
  static final int MOST_BYTES = 16 * 1024 * 1024;

  private static final String ACCEPT =
      "text/plain;version=0.0.4;q=1,application/openmetrics-text;version=1.0.0;q=0.5,*/*;q=0.1";

  private final HttpClient client;
  private final MetricNames wanted;
  private final Asking asking;

  PageReader(HttpClient client, MetricNames wanted, Asking asking) {
    this.client = client;
    this.wanted = wanted;
    this.asking = asking;
  }

  /** Answers later, or fails; to be cancelled by the caller when it takes too long. */
  CompletableFuture<Page> read(Address address, Duration deadline) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address.url()).timeout(deadline).header("Accept", ACCEPT);
    asking.headers().to(address.url()).forEach((name, value) -> say(request, name, value));
    address.authorization().ifPresent(value -> request.header("Authorization", value));
    return Exchange.send(client, request.build(), this::bodyOf, asking, Source.SCRAPE);
  }

  /** A page may be redirected, to a host that baggage is not meant for. */
  private static void say(HttpRequest.Builder request, String name, String value) {
    if (!name.equalsIgnoreCase("baggage")) {
      request.setHeader(name, value);
    }
  }

  private BodySubscriber<Page> bodyOf(ResponseInfo info) {
    return new BoundedBody<>(readerOf(info), MOST_BYTES);
  }

  private BoundedBody.Reader<Page> readerOf(ResponseInfo info) {
    if (info.statusCode() != 200) {
      return new Refusal("HTTP " + info.statusCode());
    }
    String type =
        info.headers().firstValue("Content-Type").orElse("text/plain").toLowerCase(Locale.ROOT);
    if (type.startsWith("application/vnd.google.protobuf")) {
      return new Refusal("the page is in protobuf; only text is read");
    }
    boolean open = type.startsWith("application/openmetrics-text");
    return new ExpositionParser(open ? Format.OPEN_METRICS : Format.TEXT, wanted);
  }

  /** Reads nothing of an answer that is of no use. */
  private record Refusal(String reason) implements BoundedBody.Reader<Page> {
    @Override
    public void take(ByteBuffer bytes) throws IOException {
      throw new IOException(reason);
    }

    @Override
    public Page finish() throws IOException {
      throw new IOException(reason);
    }
  }
}

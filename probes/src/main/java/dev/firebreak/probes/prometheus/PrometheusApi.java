package dev.firebreak.probes.prometheus;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.firebreak.experiment.Telemetry.Prometheus;
import dev.firebreak.probe.QueryFailures.Source;
import dev.firebreak.probes.http.Address;
import dev.firebreak.probes.http.Asking;
import dev.firebreak.probes.http.BoundedBody;
import dev.firebreak.probes.http.Exchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The HTTP API of a Prometheus or of what speaks like one. Never follows a redirect: the question
 * and its secrets are for this server alone.
 */
final class PrometheusApi {
  private static final long MOST_BYTES = 16L * 1024 * 1024;

  private final HttpClient client;
  private final Address address;
  private final Asking asking;

  /** What was answered last, of each question; taken out while an answer is read. */
  private final Map<String, LabelMemory> memories = new ConcurrentHashMap<>();

  private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  /**
   * Asks nothing yet.
   *
   * @throws IllegalArgumentException if the URL or a header cannot be used
   */
  PrometheusApi(Prometheus config, Duration connectTimeout, Asking asking) {
    this.asking = asking;
    this.address = Address.of(config.url());
    address.authorization().ifPresent(value -> headers.put("Authorization", value));
    headers.putAll(config.headers());
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(connectTimeout)
            .build();
    request("", connectTimeout);
  }

  /**
   * Evaluates {@code promql} at one instant.
   *
   * @param at empty for the server's own now
   * @return fails with {@link QueryException} or another {@link IOException}
   */
  CompletableFuture<Answer> query(String promql, Optional<Instant> at, Duration deadline) {
    Map<String, String> form = new TreeMap<>();
    at.ifPresent(time -> form.put("time", seconds(time)));
    return ask("/api/v1/query", promql, form, deadline, body -> read(promql, body));
  }

  private Answer read(String promql, byte[] body) throws QueryException {
    LabelMemory memory = Objects.requireNonNullElseGet(memories.remove(promql), LabelMemory::new);
    Answer answer = AnswerReader.read(body, memory);
    memories.put(promql, memory);
    return answer;
  }

  /**
   * Evaluates {@code promql} at {@code from} and each step up to {@code to}; a Prometheus refuses
   * more than 11,000 of them.
   *
   * @return fails with {@link QueryException} or another {@link IOException}
   */
  CompletableFuture<Answer> queryRange(
      String promql, Instant from, Instant to, Duration step, Duration deadline) {
    Map<String, String> form = new TreeMap<>();
    form.put("start", seconds(from));
    form.put("end", seconds(to));
    form.put("step", "%d.%03d".formatted(step.toSeconds(), step.toMillisPart()));
    return ask("/api/v1/query_range", promql, form, deadline, AnswerReader::read);
  }

  private CompletableFuture<Answer> ask(
      String path,
      String promql,
      Map<String, String> form,
      Duration deadline,
      Decoder<Answer> decoder) {
    form.put("query", promql);
    form.put("timeout", deadline.toMillis() + "ms");
    // Thanos and VictoriaMetrics: say so if a store is missing, and do not answer from a cache.
    form.put("partial_response", "false");
    form.put("nocache", "1");
    HttpRequest request =
        request(path, deadline)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(encoded(form)))
            .build();
    return Exchange.send(
        client,
        request,
        info -> new BoundedBody<>(new Bytes<>(info, decoder), MOST_BYTES),
        asking,
        Source.PROMETHEUS);
  }

  /** Which targets are scraped how often; not every server that speaks like Prometheus knows. */
  CompletableFuture<Map<String, Duration>> scrapeIntervals(Duration deadline) {
    HttpRequest request = request("/api/v1/targets?state=active", deadline).GET().build();
    return Exchange.send(
        client,
        request,
        info -> new BoundedBody<>(new Bytes<>(info, ScrapeIntervals::read), MOST_BYTES));
  }

  private HttpRequest.Builder request(String path, Duration deadline) {
    String base = address.url().toString().replaceAll("/+$", "");
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path)).timeout(deadline);
    asking.headers().to(address.url()).forEach(request::setHeader);
    headers.forEach(
        (name, value) -> {
          try {
            request.setHeader(name, value);
          } catch (IllegalArgumentException e) {
            // Its message may hold the value.
            throw new IllegalArgumentException(
                "the header \"%s\" cannot be sent: its name is reserved or it has a bad character"
                    .formatted(name));
          }
        });
    return request.setHeader("Accept", "application/json");
  }

  private static String seconds(Instant time) {
    long millis = time.toEpochMilli();
    return "%d.%03d".formatted(Math.floorDiv(millis, 1000), Math.floorMod(millis, 1000));
  }

  private static String encoded(Map<String, String> form) {
    return form.entrySet().stream()
        .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
        .collect(Collectors.joining("&"));
  }

  @Override
  public String toString() {
    return address.toString();
  }

  /** What becomes of a whole answer. */
  private interface Decoder<T> {
    T decode(byte[] body) throws IOException;
  }

  /** Collects the bytes, then decodes them if the status says that they are an answer. */
  private static final class Bytes<T> implements BoundedBody.Reader<T> {
    private final ResponseInfo info;
    private final Decoder<T> decoder;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Bytes(ResponseInfo info, Decoder<T> decoder) {
      this.info = info;
      this.decoder = decoder;
    }

    @Override
    public void take(ByteBuffer next) {
      byte[] some = new byte[next.remaining()];
      next.get(some);
      bytes.write(some, 0, some.length);
    }

    @Override
    public T finish() throws IOException {
      int status = info.statusCode();
      if (status >= 300 && status < 400) {
        throw new QueryException(
            "HTTP %d: it redirects to %s, which is not followed; give that URL"
                .formatted(status, info.headers().firstValue("Location").orElse("nowhere")));
      }
      if (status != 200) {
        throw AnswerReader.failure(status, bytes.toByteArray());
      }
      return decoder.decode(bytes.toByteArray());
    }
  }
}

package dev.firebreak.annotations.grafana;

import dev.firebreak.annotations.grafana.FakeAnnotations.Reply;
import feign.Client;
import feign.Request;
import feign.Response;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The way to a Grafana in bad weather: what happens to a request is drawn anew for each. */
final class StormyTransport implements Client {
  private static final int TIMEOUT_MILLIS = 5000;

  /** What happens to a request, and how many of 100 it happens to. */
  enum Weather {
    FAIR(62),
    TOO_MANY_REQUESTS(6),
    BROKEN(5),
    /** 500, but done. */
    BROKEN_AFTER_IT_WAS_DONE(4),
    TIMED_OUT(4),
    TIMED_OUT_AFTER_IT_WAS_DONE(4),
    /** What writes, done within five seconds after nobody waited for it any more. */
    TIMED_OUT_AND_DONE_LATER(4),
    REPLY_DROPPED(5),
    UNAUTHORIZED(2),
    /** By the new store behind the old API: id 0, and times that stay. */
    REROUTED(4);

    private final int share;

    Weather(int share) {
      this.share = share;
    }
  }

  /** The process ends here, with the request on its way. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  private final FakeAnnotations grafana;
  private final SimulatedTime time;
  private final RandomGenerator random;
  private final Map<Weather, Integer> seen = new EnumMap<>(Weather.class);
  private boolean fair;
  private boolean killing;

  StormyTransport(FakeAnnotations grafana, SimulatedTime time, RandomGenerator random) {
    this.grafana = grafana;
    this.time = time;
    this.random = random;
  }

  void calmDown() {
    fair = true;
  }

  /** The next request is the process' last. */
  void killAtNextRequest() {
    killing = true;
  }

  Map<Weather, Integer> seen() {
    return seen;
  }

  @Override
  public Response execute(Request request, Request.Options options) throws IOException {
    time.elapse(1 + random.nextInt(30));
    if (killing) {
      killing = false;
      if (random.nextBoolean()) {
        done(request, false);
      }
      throw new Killed();
    }
    Weather weather = fair ? Weather.FAIR : draw(request);
    seen.merge(weather, 1, Integer::sum);
    return answer(request, weather);
  }

  private Weather draw(Request request) {
    int drawn = random.nextInt(100);
    for (Weather weather : Weather.values()) {
      drawn -= weather.share;
      if (drawn < 0) {
        boolean late = weather == Weather.TIMED_OUT_AND_DONE_LATER;
        return late && request.httpMethod() == Request.HttpMethod.GET ? Weather.TIMED_OUT : weather;
      }
    }
    throw new IllegalStateException("the shares are not 100");
  }

  private Response answer(Request request, Weather weather) throws IOException {
    return switch (weather) {
      case FAIR -> response(request, done(request, false), Map.of());
      case REROUTED -> response(request, done(request, true), Map.of());
      case TOO_MANY_REQUESTS ->
          response(
              request,
              new Reply(429, "text/plain", "slow down"),
              Map.of("Retry-After", List.of(String.valueOf(1 + random.nextInt(20)))));
      case BROKEN -> broken(request);
      case BROKEN_AFTER_IT_WAS_DONE -> {
        done(request, false);
        yield broken(request);
      }
      case UNAUTHORIZED ->
          response(
              request,
              new Reply(401, "application/json", "{\"message\":\"Invalid API key\"}"),
              Map.of());
      case REPLY_DROPPED -> {
        done(request, false);
        throw new IOException("connection reset");
      }
      case TIMED_OUT -> throw timedOut();
      case TIMED_OUT_AFTER_IT_WAS_DONE -> {
        done(request, false);
        throw timedOut();
      }
      case TIMED_OUT_AND_DONE_LATER -> {
        SocketTimeoutException late = timedOut();
        time.at(time.millis() + random.nextInt(5000), this, () -> done(request, false));
        throw late;
      }
    };
  }

  private static Response broken(Request request) {
    return response(request, new Reply(500, "text/html", "<html>oops</html>"), Map.of());
  }

  private SocketTimeoutException timedOut() {
    time.elapse(TIMEOUT_MILLIS);
    return new SocketTimeoutException("timed out");
  }

  private Reply done(Request request, boolean rerouted) {
    byte[] body = request.body() == null ? new byte[0] : request.body();
    return grafana.answer(
        new FakeAnnotations.Call(
            request.httpMethod().name(),
            URI.create(request.url()),
            header(request, "Authorization"),
            header(request, "Content-Type"),
            new String(body, StandardCharsets.UTF_8)),
        rerouted);
  }

  private static @Nullable String header(Request request, String name) {
    return request.headers().getOrDefault(name, List.of()).stream().findFirst().orElse(null);
  }

  private static Response response(
      Request request, Reply reply, Map<String, Collection<String>> headers) {
    return Response.builder()
        .status(reply.status())
        .request(request)
        .headers(headers)
        .body(reply.body(), StandardCharsets.UTF_8)
        .build();
  }
}

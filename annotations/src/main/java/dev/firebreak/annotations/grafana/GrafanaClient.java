package dev.firebreak.annotations.grafana;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.firebreak.annotations.grafana.GrafanaApi.Change;
import dev.firebreak.annotations.grafana.GrafanaApi.Created;
import dev.firebreak.annotations.grafana.GrafanaApi.Dashboard;
import dev.firebreak.annotations.grafana.GrafanaApi.Found;
import dev.firebreak.annotations.grafana.GrafanaApi.Health;
import dev.firebreak.annotations.grafana.GrafanaApi.NewAnnotation;
import dev.firebreak.annotations.grafana.GrafanaException.Problem;
import dev.firebreak.annotations.grafana.OperationListener.Operation;
import feign.Client;
import feign.Feign;
import feign.FeignException;
import feign.Request;
import feign.RequestInterceptor;
import feign.RetryableException;
import feign.Retryer;
import feign.http2client.Http2Client;
import feign.jackson.JacksonDecoder;
import feign.jackson.JacksonEncoder;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** One Grafana. Every call blocks for a few seconds at most and throws {@link GrafanaException}. */
final class GrafanaClient {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  /** A run has far fewer marks of one role and service; Grafana's own default is 100. */
  private static final int MOST_FOUND = 100;

  private final GrafanaApi api;
  private final Optional<DashboardPlace> place;
  private final OperationListener operations;

  GrafanaClient(GrafanaSettings settings, OperationListener operations) {
    this(settings, operations, new Http2Client(http()));
  }

  /** With requests sent by {@code transport}. */
  GrafanaClient(GrafanaSettings settings, OperationListener operations, Client transport) {
    this.api = api(settings, transport);
    this.place = settings.place();
    this.operations = operations;
  }

  /** The new annotation's id; empty if Grafana stored it and does not say under which id. */
  OptionalLong create(NewAnnotation annotation) {
    NewAnnotation placed = place.map(annotation::at).orElse(annotation);
    Created created = asked(Operation.CREATE, () -> notGone(() -> api.create(placed), "create"));
    Long id = created.id();
    return id == null || id <= 0 ? OptionalLong.empty() : OptionalLong.of(id);
  }

  void update(long id, Change change) {
    asked(Operation.UPDATE, () -> api.update(id, change));
  }

  void delete(long id) {
    asked(Operation.DELETE, () -> api.delete(id));
  }

  /** The annotations that have all of {@code tags} and overlap the time, both ends included. */
  List<Found> search(long fromMillis, long toMillis, List<String> tags) {
    return asked(
        Operation.SEARCH,
        () -> notGone(() -> api.search(fromMillis, toMillis, MOST_FOUND, tags), "search"));
  }

  /** The version of this Grafana, as far as it tells. */
  String version() {
    Health health = asked(Operation.LOOKUP, () -> notGone(api::health, "health"));
    return health.version() == null ? "of an untold version" : health.version();
  }

  /** A wrong UID is an error here, where a POST would make it a mark of the organisation. */
  void findPlace() {
    if (place.isPresent()) {
      asked(Operation.LOOKUP, () -> dashboard(place.get().uid()));
    }
  }

  private Dashboard dashboard(String uid) {
    try {
      return api.dashboard(uid);
    } catch (GrafanaException e) {
      if (e.problem() == Problem.GONE) {
        throw new GrafanaException(
            Problem.NO_DASHBOARD,
            "there is no dashboard with the UID %s, or the token may not see it".formatted(uid),
            e);
      }
      throw e;
    }
  }

  private <T> T asked(Operation operation, Supplier<T> request) {
    boolean succeeded = false;
    try {
      T answer = request.get();
      if (answer == null) {
        throw new GrafanaException(
            Problem.UNEXPECTED, "the answer has no content: is this a Grafana?", null);
      }
      succeeded = true;
      return answer;
    } catch (GrafanaException e) {
      throw e.problem() == Problem.FORBIDDEN ? lacking(operation, e) : e;
    } catch (RetryableException e) {
      throw new GrafanaException(Problem.UNREACHABLE, "Grafana did not answer: " + reason(e), e);
    } catch (FeignException e) {
      throw new GrafanaException(
          Problem.UNEXPECTED, "the answer cannot be read: is this a Grafana? " + reason(e), e);
    } finally {
      operations.done(operation, succeeded);
    }
  }

  /** Old versions do not say which right is missing, but it follows from what was asked. */
  private static GrafanaException lacking(Operation operation, GrafanaException e) {
    return new GrafanaException(
        Problem.FORBIDDEN,
        "the token lacks %s: %s"
            .formatted(e.missingRight().orElse(operation.right()), e.getMessage()),
        e);
  }

  /** The paths without an id exist in every Grafana. */
  private static <T> T notGone(Supplier<T> request, String what) {
    try {
      return request.get();
    } catch (GrafanaException e) {
      if (e.problem() == Problem.GONE) {
        throw new GrafanaException(
            Problem.UNEXPECTED,
            "no " + what + " at this URL, is its path right? " + e.getMessage(),
            e);
      }
      throw e;
    }
  }

  private static String reason(Exception e) {
    return String.valueOf(e.getCause() == null ? e.getMessage() : e.getCause());
  }

  private static GrafanaApi api(GrafanaSettings settings, Client transport) {
    ObjectMapper json =
        new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    return Feign.builder()
        .client(new WholeAnswers(transport, settings.readTimeout()))
        .options(
            new Request.Options(
                CONNECT_TIMEOUT.toMillis(),
                TimeUnit.MILLISECONDS,
                settings.readTimeout().toMillis(),
                TimeUnit.MILLISECONDS,
                false))
        // A POST whose answer was lost must be looked for, never just sent again.
        .retryer(Retryer.NEVER_RETRY)
        .encoder(new JacksonEncoder(json))
        .decoder(new JacksonDecoder(json))
        .errorDecoder(new AnswerDecoder(json))
        .requestInterceptor(credentials(settings))
        .target(GrafanaApi.class, settings.base());
  }

  private static RequestInterceptor credentials(GrafanaSettings settings) {
    return request -> {
      request.header("Authorization", "Bearer " + settings.token());
      settings
          .organisation()
          .ifPresent(id -> request.header("X-Grafana-Org-Id", String.valueOf(id)));
    };
  }

  /**
   * HTTP/1.1, or an Upgrade header would go to every proxy on the way. Its timeout must be that of
   * the options, or Feign makes a client of its own.
   */
  private static HttpClient http() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(CONNECT_TIMEOUT)
        .build();
  }
}

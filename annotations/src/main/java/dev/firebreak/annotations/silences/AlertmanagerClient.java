package dev.firebreak.annotations.silences;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.firebreak.annotations.grafana.WholeAnswers;
import dev.firebreak.annotations.silences.AlertmanagerApi.NewSilence;
import dev.firebreak.annotations.silences.AlertmanagerApi.Silence;
import dev.firebreak.annotations.silences.AlertmanagerApi.VersionInfo;
import dev.firebreak.annotations.silences.AlertmanagerException.Problem;
import feign.Feign;
import feign.FeignException;
import feign.Request;
import feign.RetryableException;
import feign.Retryer;
import feign.http2client.Http2Client;
import feign.jackson.JacksonDecoder;
import feign.jackson.JacksonEncoder;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One Alertmanager. Every call blocks for a few seconds at most and throws {@link
 * AlertmanagerException}.
 */
final class AlertmanagerClient {
  /** Who all silences are said to be from. */
  static final String CREATOR = "firebreak";

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(5);

  private final AlertmanagerApi api;

  AlertmanagerClient(AlertmanagerSettings settings) {
    ObjectMapper json =
        new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    // HTTP/1.1, or an Upgrade header would go to every proxy on the way.
    HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
    this.api =
        Feign.builder()
            .client(new WholeAnswers(new Http2Client(http), READ_TIMEOUT))
            .options(
                new Request.Options(
                    CONNECT_TIMEOUT.toMillis(),
                    TimeUnit.MILLISECONDS,
                    READ_TIMEOUT.toMillis(),
                    TimeUnit.MILLISECONDS,
                    false))
            // A POST whose answer was lost must be looked for, never just sent again.
            .retryer(Retryer.NEVER_RETRY)
            .encoder(new JacksonEncoder(json))
            .decoder(new JacksonDecoder(json))
            .errorDecoder(new ErrorAnswers(json))
            .requestInterceptor(
                request ->
                    settings
                        .token()
                        .ifPresent(token -> request.header("Authorization", "Bearer " + token)))
            .target(AlertmanagerApi.class, settings.base());
  }

  /** The version of this Alertmanager, as far as it tells. */
  String version() {
    VersionInfo build = asked(api::status).versionInfo();
    String version = build == null ? null : build.version();
    return version == null ? "of an untold version" : version;
  }

  /** The new silence's id. */
  String create(SilenceWish wish, Instant from) {
    Instant end = Instant.ofEpochMilli(wish.endsAt());
    NewSilence silence =
        new NewSilence(wish.matchers(), from.toString(), end.toString(), CREATOR, wish.comment());
    String id = asked(() -> api.create(silence)).silenceId();
    if (id == null || id.isBlank()) {
      throw new AlertmanagerException(
          Problem.UNEXPECTED, "the answer names no silence: is this an Alertmanager?", null);
    }
    return id;
  }

  /** The silences that were made for this wish and have not ended. */
  List<Silence> search(SilenceWish wish) {
    return asked(() -> api.search(wish.filter())).stream()
        .filter(found -> !found.expired() && wish.isOf(found))
        .toList();
  }

  Silence find(String id) {
    return asked(() -> api.find(id));
  }

  /** Ends a silence; one that has ended, or that nobody knows, has ended. */
  void expire(String id) {
    try {
      asked(
          () -> {
            api.expire(id);
            return id;
          });
    } catch (AlertmanagerException e) {
      if (e.problem() != Problem.GONE) {
        throw e;
      }
    }
  }

  private static <T> T asked(Supplier<T> request) {
    try {
      T answer = request.get();
      if (answer == null) {
        throw new AlertmanagerException(
            Problem.UNEXPECTED, "the answer has no content: is this an Alertmanager?", null);
      }
      return answer;
    } catch (RetryableException e) {
      throw new AlertmanagerException(
          Problem.UNREACHABLE, "Alertmanager did not answer: " + reason(e), e);
    } catch (FeignException e) {
      throw new AlertmanagerException(
          Problem.UNEXPECTED,
          "the answer cannot be read: is this an Alertmanager? " + reason(e),
          e);
    }
  }

  private static String reason(Exception e) {
    return String.valueOf(e.getCause() == null ? e.getMessage() : e.getCause());
  }
}

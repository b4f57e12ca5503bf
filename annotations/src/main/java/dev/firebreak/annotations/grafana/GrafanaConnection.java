package dev.firebreak.annotations.grafana;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.firebreak.annotations.grafana.GrafanaException.Problem;
import dev.firebreak.annotations.grafana.OperationListener.Operation;
import feign.Client;
import feign.Feign;
import feign.FeignException;
import feign.Request;
import feign.RequestInterceptor;
import feign.RetryableException;
import feign.Retryer;
import feign.Target;
import feign.http2client.Http2Client;
import feign.jackson.JacksonDecoder;
import feign.jackson.JacksonEncoder;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** How one Grafana is asked: with a token, within a deadline, once. */
final class GrafanaConnection {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  /** What it means that there is nothing at a path. */
  enum Missing {
    /** The annotation, or dashboard, is not there. */
    ANNOTATION,
    /** The path without an id exists in every Grafana: this is not one, or not all of it. */
    PATH
  }

  private final GrafanaSettings settings;
  private final OperationListener operations;
  private final Feign feign;

  GrafanaConnection(GrafanaSettings settings, OperationListener operations) {
    this(settings, operations, new Http2Client(http()));
  }

  /** With requests sent by {@code transport}. */
  GrafanaConnection(GrafanaSettings settings, OperationListener operations, Client transport) {
    this.settings = settings;
    this.operations = operations;
    this.feign = feign(settings, transport);
  }

  /** A part of Grafana's API; to be called within {@link #asked}. */
  <T> T api(Class<T> type) {
    return feign.newInstance(new Target.HardCodedTarget<>(type, settings.base()));
  }

  /**
   * Asks.
   *
   * @throws GrafanaException if there is no answer, or not the one that was asked for
   */
  <T> T asked(Operation operation, Missing missing, Supplier<T> request) {
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
      throw explained(operation, missing, e);
    } catch (RetryableException e) {
      throw new GrafanaException(Problem.UNREACHABLE, "Grafana did not answer: " + reason(e), e);
    } catch (FeignException e) {
      throw new GrafanaException(
          Problem.UNEXPECTED, "the answer cannot be read: is this a Grafana? " + reason(e), e);
    } finally {
      operations.done(operation, succeeded);
    }
  }

  private static GrafanaException explained(
      Operation operation, Missing missing, GrafanaException e) {
    if (e.problem() == Problem.FORBIDDEN) {
      return lacking(operation, e);
    }
    return e.problem() == Problem.GONE && missing == Missing.PATH
        ? new GrafanaException(
            Problem.UNEXPECTED,
            "nothing at this URL to %s, is its path right? %s"
                .formatted(operation.verb(), e.getMessage()),
            e)
        : e;
  }

  /** Old versions do not say which right is missing, but it follows from what was asked. */
  private static GrafanaException lacking(Operation operation, GrafanaException e) {
    return new GrafanaException(
        Problem.FORBIDDEN,
        "the token lacks %s: %s"
            .formatted(e.missingRight().orElse(operation.right()), e.getMessage()),
        e);
  }

  private static String reason(Exception e) {
    return String.valueOf(e.getCause() == null ? e.getMessage() : e.getCause());
  }

  private static Feign feign(GrafanaSettings settings, Client transport) {
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
        .errorDecoder(new AnswerDecoder(json, settings.token()))
        .requestInterceptor(credentials(settings))
        .build();
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

package dev.firebreak.annotations.grafana;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.firebreak.annotations.grafana.GrafanaException.Problem;
import feign.Response;
import feign.Util;
import feign.codec.ErrorDecoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Says what an answer other than 2xx means. */
final class AnswerDecoder implements ErrorDecoder {
  private static final int LONGEST_MESSAGE = 300;

  /** Grafana before version 9 answers so, with 500, where later ones answer 404. */
  private static final String LEGACY_GONE = "Could not find annotation";

  /** Some stores of the app platform answer so, with 500, where others answer 404 and 409. */
  private static final String APP_GONE = "annotation not found";

  private static final String APP_TAKEN = "annotation already exists";

  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

  private final ObjectMapper json;
  private final String token;

  /**
   * A decoder for what is asked with {@code token}, which a careless proxy may repeat in its
   * answer.
   */
  AnswerDecoder(ObjectMapper json, String token) {
    this.json = json;
    this.token = token;
  }

  @Override
  public GrafanaException decode(String methodKey, Response response) {
    String message = message(response);
    return new GrafanaException(
        problem(response.status(), message),
        "Grafana answered HTTP " + response.status() + (message.isEmpty() ? "" : ": " + message),
        retryAfter(response),
        null);
  }

  private static Problem problem(int status, String message) {
    if (status == 404 || message.startsWith(LEGACY_GONE) || message.contains(APP_GONE)) {
      return Problem.GONE;
    }
    if (status == 409 || message.contains(APP_TAKEN)) {
      return Problem.TAKEN;
    }
    return switch (status) {
      case 401 -> Problem.UNAUTHORIZED;
      case 403 -> Problem.FORBIDDEN;
      case 400, 412, 413, 422 -> Problem.INVALID;
      default -> status == 429 || status >= 500 ? Problem.UNAVAILABLE : Problem.UNEXPECTED;
    };
  }

  /** Grafana's own word if the body has one, else the body's beginning; it may be HTML. */
  private String message(Response response) {
    String body = body(response).replace(token, "…");
    return shortened(grafanasWord(body).orElse(body));
  }

  private Optional<String> grafanasWord(String body) {
    try {
      JsonNode tree = json.readTree(body);
      JsonNode object = tree != null && tree.isArray() ? tree.path(0) : tree;
      return Optional.ofNullable(object)
          .map(node -> node.path("message").asText(""))
          .filter(word -> !word.isBlank());
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static String body(Response response) {
    if (response.body() == null) {
      return "";
    }
    try {
      return Util.toString(response.body().asReader(StandardCharsets.UTF_8));
    } catch (IOException e) {
      return "";
    }
  }

  private static String shortened(String text) {
    String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    return line.length() <= LONGEST_MESSAGE ? line : line.substring(0, LONGEST_MESSAGE) + "…";
  }

  private static Optional<Duration> retryAfter(Response response) {
    Collection<String> values = response.headers().getOrDefault("retry-after", List.of());
    return values.stream()
        .filter(value -> value.matches("[0-9]{1,9}"))
        .map(value -> Duration.ofSeconds(Long.parseLong(value)))
        .map(wait -> wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait)
        .findFirst();
  }
}

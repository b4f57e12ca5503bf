package dev.firebreak.annotations.silences;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.firebreak.annotations.silences.AlertmanagerException.Problem;
import feign.Response;
import feign.Util;
import feign.codec.ErrorDecoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Says what an answer other than 2xx means. Its body is an object with a message, or a bare string
 * of JSON, or text, or nothing.
 */
final class ErrorAnswers implements ErrorDecoder {
  private static final int LONGEST_MESSAGE = 300;

  /** With 500 for a DELETE in version 0.25, with 404 and no body for a GET. */
  private static final String GONE = "silence not found";

  private final ObjectMapper json;

  ErrorAnswers(ObjectMapper json) {
    this.json = json;
  }

  @Override
  public AlertmanagerException decode(String methodKey, Response response) {
    String word = word(body(response));
    return new AlertmanagerException(
        problem(response.status(), word),
        "Alertmanager answered HTTP " + response.status() + (word.isEmpty() ? "" : ": " + word),
        null);
  }

  /** A 404 that names something else comes from a path that Alertmanager does not have. */
  private static Problem problem(int status, String word) {
    if (word.equals(GONE) || (status == 404 && word.isEmpty())) {
      return Problem.GONE;
    }
    return switch (status) {
      case 400, 413, 422 -> Problem.INVALID;
      case 401, 403 -> Problem.REFUSED;
      default -> status == 429 || status >= 500 ? Problem.UNAVAILABLE : Problem.UNEXPECTED;
    };
  }

  private String word(String body) {
    String line = said(body).replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    return line.length() <= LONGEST_MESSAGE ? line : line.substring(0, LONGEST_MESSAGE) + "…";
  }

  private String said(String body) {
    try {
      JsonNode tree = json.readTree(body);
      return tree.isTextual() ? tree.asText() : tree.path("message").asText(body);
    } catch (JsonProcessingException e) {
      return body;
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
}

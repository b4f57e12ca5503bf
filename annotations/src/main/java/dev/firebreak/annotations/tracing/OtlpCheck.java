package dev.firebreak.annotations.tracing;

import dev.firebreak.annotations.Trial;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Sends no spans, in an OTLP request of its own, to where traces would go. */
public final class OtlpCheck {
  private static final String SUBJECT = "OTLP";
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final String TRACES = "OTEL_EXPORTER_OTLP_TRACES_";
  private static final String ALL = "OTEL_EXPORTER_OTLP_";

  private OtlpCheck() {}

  /**
   * Whether the endpoint takes traces; blocks for five seconds at most.
   *
   * @param environment the {@code OTEL_*} variables
   * @return empty if no endpoint is named
   */
  public static Optional<Trial> of(Map<String, String> environment) throws InterruptedException {
    Optional<String> endpoint = endpoint(environment);
    return endpoint.isEmpty() ? Optional.empty() : Optional.of(trial(endpoint.get(), environment));
  }

  private static Optional<String> endpoint(Map<String, String> environment) {
    String own = environment.getOrDefault(TRACES + "ENDPOINT", "").strip();
    String base = environment.getOrDefault(ALL + "ENDPOINT", "").strip();
    if (!own.isEmpty()) {
      return Optional.of(own);
    }
    return base.isEmpty()
        ? Optional.empty()
        : Optional.of(base.replaceAll("/+$", "") + "/v1/traces");
  }

  private static Trial trial(String address, Map<String, String> environment)
      throws InterruptedException {
    String endpoint = address.replaceAll("//.*@", "//…@");
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    try {
      int status =
          client.send(request(address, environment), BodyHandlers.discarding()).statusCode();
      return new Trial(SUBJECT, status / 100 == 2, told(status, endpoint));
    } catch (IOException e) {
      return new Trial(
          SUBJECT,
          false,
          "%s does not answer: %s"
              .formatted(endpoint, String.valueOf(e).replace(address, endpoint)));
    } catch (IllegalArgumentException e) {
      return new Trial(
          SUBJECT,
          false,
          "endpoint or headers are malformed; allowed: http:// or https:// and a host, and name=value pairs with commas between");
    }
  }

  private static HttpRequest request(String endpoint, Map<String, String> environment) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(endpoint))
            .timeout(PATIENCE)
            .header("Content-Type", "application/x-protobuf")
            // An export request without spans is a message without bytes.
            .POST(BodyPublishers.ofByteArray(new byte[0]));
    String headers =
        environment.getOrDefault(TRACES + "HEADERS", environment.getOrDefault(ALL + "HEADERS", ""));
    for (String pair : headers.split(",", -1)) {
      String[] parts = pair.split("=", 2);
      if (parts.length == 2) {
        request.header(
            parts[0].strip(), URLDecoder.decode(parts[1].strip(), StandardCharsets.UTF_8));
      }
    }
    return request.build();
  }

  private static String told(int status, String endpoint) {
    return switch (status) {
      case 200, 202, 204 -> endpoint + " takes traces";
      case 401, 403 ->
          "%s refuses us (HTTP %d): look at OTEL_EXPORTER_OTLP_HEADERS".formatted(endpoint, status);
      case 404, 405 ->
          "nothing takes traces at %s (HTTP %d): is OTEL_EXPORTER_OTLP_ENDPOINT without /v1/traces?"
              .formatted(endpoint, status);
      default -> "%s answered HTTP %d".formatted(endpoint, status);
    };
  }
}

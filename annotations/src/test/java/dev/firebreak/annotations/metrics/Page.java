package dev.firebreak.annotations.metrics;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** A metrics page as Prometheus would read it, over HTTP. */
record Page(String text, Map<String, Double> values) {
  static Page of(PrometheusRegistry registry) {
    try (MetricsServer server = MetricsServer.onLoopback(0, registry)) {
      return parse(get(server.url()).body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static HttpResponse<String> get(URI uri) throws IOException {
    return get(uri, "*/*");
  }

  static HttpResponse<String> get(URI uri, String accept) throws IOException {
    HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    HttpRequest request =
        HttpRequest.newBuilder(uri).header("Accept", accept).timeout(Duration.ofSeconds(5)).build();
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** The value of a series that must be there. */
  double value(String series) {
    Double value = values.get(series);
    if (value == null) {
      throw new AssertionError("no " + series + " in\n" + text);
    }
    return value;
  }

  private static Page parse(String text) {
    Map<String, Double> values = new HashMap<>();
    text.lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(
            line -> {
              int space = line.lastIndexOf(' ');
              values.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
            });
    return new Page(text, values);
  }
}

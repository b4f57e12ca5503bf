package dev.firebreak.examples.shop.load;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;

/** What customers ask for. */
final class Requests {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private Requests() {}

  static HttpRequest home(URI gateway) {
    return to(gateway, "/").build();
  }

  static HttpRequest product(URI gateway, int sku) {
    return to(gateway, "/products/" + sku).build();
  }

  static HttpRequest order(URI gateway, int sku) {
    return to(gateway, "/checkout")
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString("{\"sku\":%d}".formatted(sku)))
        .build();
  }

  private static HttpRequest.Builder to(URI gateway, String path) {
    return HttpRequest.newBuilder(gateway.resolve(path)).timeout(PATIENCE);
  }
}

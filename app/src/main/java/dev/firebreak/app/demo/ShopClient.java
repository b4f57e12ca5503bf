package dev.firebreak.app.demo;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks the shop itself: whether it is warm, and whether any fault is left in it. */
final class ShopClient {
  private static final Duration DEADLINE = Duration.ofSeconds(3);
  private static final Duration LONGEST_WARM_UP = Duration.ofSeconds(60);
  private static final long BETWEEN_LOOKS_MILLIS = 250;

  /** About ten seconds of load: the first requests of a young JVM are slow. */
  private static final double WARM_REQUESTS = 400;

  private static final Pattern REQUESTS =
      Pattern.compile("(?m)^http_server_requests_seconds_count\\{.*} (\\S+)$");

  private static final Pattern ACTIVE_ASSAULT = Pattern.compile("\"(\\w+)Active\"\\s*:\\s*true");

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(DEADLINE).build();
  private final ShopAddress address;

  ShopClient(ShopAddress address) {
    this.address = address;
  }

  /** Waits until the gateway has answered enough requests. */
  void awaitWarm() throws DemoException, InterruptedException {
    long end = System.nanoTime() + LONGEST_WARM_UP.toNanos();
    while (requests() < WARM_REQUESTS) {
      if (System.nanoTime() - end >= 0) {
        throw new DemoException(
            "the gateway answered only %.0f requests within %d s"
                .formatted(requests(), LONGEST_WARM_UP.toSeconds()));
      }
      TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS_MILLIS);
    }
  }

  private double requests() throws InterruptedException {
    double requests = 0;
    try {
      Matcher counts = REQUESTS.matcher(get("gateway", "/actuator/prometheus").body());
      while (counts.find()) {
        requests += Double.parseDouble(counts.group(1));
      }
    } catch (IOException e) {
      return 0;
    }
    return requests;
  }

  /**
   * The assaults that Chaos Monkey would carry out in any of the services, one phrase each.
   *
   * @throws DemoException if a service does not answer: a fault may be left in it
   */
  List<String> faultsLeft() throws DemoException, InterruptedException {
    List<String> left = new ArrayList<>();
    for (String service : ShopAddress.services()) {
      try {
        boolean enabled = get(service, "/actuator/chaosmonkey/status").statusCode() == 200;
        Matcher active =
            ACTIVE_ASSAULT.matcher(get(service, "/actuator/chaosmonkey/assaults").body());
        while (enabled && active.find()) {
          left.add(active.group(1) + " in " + service);
        }
      } catch (IOException e) {
        throw new DemoException(service + " does not say whether a fault is left: " + e, e);
      }
    }
    return left;
  }

  private HttpResponse<String> get(String service, String path)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(address.url(service, path)).timeout(DEADLINE).GET().build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }
}

package dev.firebreak.examples.shop;

import static dev.firebreak.examples.shop.ShopService.CATALOG;
import static dev.firebreak.examples.shop.ShopService.GATEWAY;
import static dev.firebreak.examples.shop.ShopService.INVENTORY;
import static dev.firebreak.examples.shop.ShopService.PAYMENTS;
import static dev.firebreak.examples.shop.ShopService.RECOMMENDATIONS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.examples.shop.load.LoadGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** One shop for all tests: each leaves it healthy. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ShopTest {

  private static final String CHAOS_MONKEY = "/actuator/chaosmonkey";
  private static final String LATENCY =
      "{\"latencyActive\":true,\"exceptionsActive\":false,"
          + "\"latencyRangeStart\":%d,\"latencyRangeEnd\":%1$d}";
  private static final String EXCEPTIONS = "{\"latencyActive\":false,\"exceptionsActive\":true}";

  /**
   * Far from both: a product takes about 10 ms, and with the pool exhausted some 100 ms and more.
   */
  private static final Duration SLOW = Duration.ofMillis(120);

  private final HttpClient http = HttpClient.newHttpClient();
  private final Shop shop = Shop.startOnFreePorts();

  @AfterEach
  void calmDown() {
    for (ShopService service : Set.of(PAYMENTS, RECOMMENDATIONS)) {
      post(service, CHAOS_MONKEY + "/disable", "");
    }
  }

  @AfterAll
  void close() {
    shop.close();
  }

  @Test
  void sellsThroughTheGateway() {
    assertThat(get(GATEWAY, "/products/42")).contains("\"sku\":42");
    assertThat(post(GATEWAY, "/checkout", "{\"sku\":42}")).contains("\"order\":");
    Await.until("a page came with recommendations", this::recommends);
  }

  @Test
  void givesTheConnectionBackWhenAnOrderIsDone() {
    post(GATEWAY, "/checkout", "{\"sku\":42}");
    assertThat(get(INVENTORY, "/actuator/prometheus"))
        .containsPattern("shop_pool_max\\{.*pool=\"connections\".*} 8.0");
    Await.until(
        "no connection is held",
        () -> shows(INVENTORY, "shop_pool_active\\{.*pool=\"connections\".*} 0.0"));
  }

  private boolean shows(ShopService service, String pattern) {
    return Pattern.compile(pattern).matcher(get(service, "/actuator/prometheus")).find();
  }

  @Test
  void tellsOfEachServiceOnItsOwnPageOnly() {
    post(GATEWAY, "/checkout", "{\"sku\":42}");
    for (ShopService service : ShopService.values()) {
      assertThat(labelValues(service, "application")).containsExactly(service.lowerCaseName());
    }
    assertThat(labelValues(PAYMENTS, "uri")).containsExactly("/payments");
  }

  @Test
  void namesWhomAServiceCalls() {
    get(CATALOG, "/products/42");
    assertThat(labelValues(CATALOG, "peer")).containsExactly("inventory");
  }

  @Test
  void obeysTheChaosMonkeyOfOneServiceOnly() {
    inject(RECOMMENDATIONS, EXCEPTIONS);
    assertThat(send(request(RECOMMENDATIONS, "/recommendations").build()).statusCode())
        .isEqualTo(500);
    for (ShopService service : ShopService.values()) {
      if (service != RECOMMENDATIONS) {
        assertThat(get(service, CHAOS_MONKEY))
            .contains("\"enabled\":false", "\"exceptionsActive\":false")
            .contains("\"restController\":false");
      }
    }
  }

  @Test
  void survivesWhateverHappensToRecommendations() {
    inject(RECOMMENDATIONS, LATENCY.formatted(10_000));
    for (int page = 0; page < 20; page++) {
      assertThat(get(GATEWAY, "/")).contains("\"recommended\":[1,2,3]");
    }
    assertThat(get(GATEWAY, "/actuator/prometheus")).containsPattern("shop_breaker_open\\{.*} 1.0");
    Await.until("no backend call is held", () -> shows(GATEWAY, "shop_pool_active\\{.*} 0.0"));

    post(RECOMMENDATIONS, CHAOS_MONKEY + "/disable", "");
    Await.until("recommendations are back", this::recommends);
  }

  @Test
  void letsSlowPaymentsReachPagesThatNeverPay() {
    try (LoadGenerator load = new LoadGenerator(shop.url(GATEWAY), 40, new SplittableRandom(1))) {
      load.start();
      Await.until("the load is on and pages are fast", this::catalogIsFast);

      inject(PAYMENTS, LATENCY.formatted(1000));
      Await.until("the catalog is slow", this::catalogIsSlow);

      post(PAYMENTS, CHAOS_MONKEY + "/disable", "");
      Await.until("the catalog is fast again", this::catalogIsFast);
    }
  }

  private boolean recommends() {
    return get(GATEWAY, "/").contains("\"recommended\":[3,5,8]");
  }

  private boolean catalogIsFast() {
    return slowAnswersOfTen() == 0;
  }

  private boolean catalogIsSlow() {
    return slowAnswersOfTen() >= 5;
  }

  private long slowAnswersOfTen() {
    return IntStream.range(0, 10)
        .filter(
            sku -> {
              long start = System.nanoTime();
              get(CATALOG, "/products/" + sku);
              return System.nanoTime() - start > SLOW.toNanos();
            })
        .count();
  }

  private void inject(ShopService service, String assault) {
    post(service, CHAOS_MONKEY + "/watchers", "{\"restController\":true}");
    post(service, CHAOS_MONKEY + "/assaults", assault);
    post(service, CHAOS_MONKEY + "/enable", "");
  }

  private Set<String> labelValues(ShopService service, String label) {
    return Pattern.compile("[{,]" + label + "=\"([^\"]*)\"")
        .matcher(get(service, "/actuator/prometheus"))
        .results()
        .map((MatchResult match) -> match.group(1))
        .collect(Collectors.toSet());
  }

  private String get(ShopService service, String path) {
    return successful(send(request(service, path).build()));
  }

  private String post(ShopService service, String path, String json) {
    return successful(
        send(
            request(service, path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json))
                .build()));
  }

  private HttpRequest.Builder request(ShopService service, String path) {
    return HttpRequest.newBuilder(shop.url(service).resolve(path)).timeout(Duration.ofSeconds(5));
  }

  private static String successful(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.uri() + " " + response.body()).isEqualTo(200);
    return response.body();
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(request.uri().toString(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}

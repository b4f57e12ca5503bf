package dev.firebreak.examples.shop.gateway;

import dev.firebreak.examples.shop.backend.Backend;
import dev.firebreak.examples.shop.pool.BoundedPool;
import dev.firebreak.examples.shop.work.Work;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
class GatewayController {

  private final BoundedPool backendCalls;
  private final Backend catalog;
  private final Backend checkout;
  private final RecommendationsClient recommendations;
  private final Work work;

  GatewayController(
      BoundedPool backendCalls,
      @Qualifier("catalog") Backend catalog,
      @Qualifier("checkout") Backend checkout,
      RecommendationsClient recommendations,
      Work work) {
    this.backendCalls = backendCalls;
    this.catalog = catalog;
    this.checkout = checkout;
    this.recommendations = recommendations;
    this.work = work;
  }

  @GetMapping("/")
  public Home home() {
    render();
    CompletableFuture<List<Integer>> recommended = recommendations.ask();
    Product offer = backendCalls.within(() -> catalog.get(Product.class, "/offer-of-the-day"));
    return new Home(offer, recommended.join());
  }

  @GetMapping("/products/{sku}")
  public Product product(@PathVariable int sku) {
    render();
    return backendCalls.within(() -> catalog.get(Product.class, "/products/{sku}", sku));
  }

  @PostMapping("/checkout")
  public Confirmation checkout(@RequestBody Order order) {
    render();
    return backendCalls.within(() -> checkout.post(order, Confirmation.class, "/orders"));
  }

  private void render() {
    work.take(Duration.ofMillis(1), Duration.ofMillis(2));
  }

  record Home(Product offer, List<Integer> recommended) {}

  record Product(int sku, String name, long left) {}

  record Order(int sku) {}

  record Confirmation(int sku, long order) {}
}

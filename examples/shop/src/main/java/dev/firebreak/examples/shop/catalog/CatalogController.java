package dev.firebreak.examples.shop.catalog;

import dev.firebreak.examples.shop.backend.Backend;
import dev.firebreak.examples.shop.work.Work;
import java.time.Duration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class CatalogController {

  private static final int SKU_OF_THE_DAY = 7;

  private final Backend inventory;
  private final Work work;

  CatalogController(Backend inventory, Work work) {
    this.inventory = inventory;
    this.work = work;
  }

  @GetMapping("/products/{sku}")
  public Product product(@PathVariable int sku) {
    work.take(Duration.ofMillis(2), Duration.ofMillis(5));
    return new Product(
        sku, "Product " + sku, inventory.get(Left.class, "/stock/{sku}", sku).left());
  }

  @GetMapping("/offer-of-the-day")
  public Product offerOfTheDay() {
    return product(SKU_OF_THE_DAY);
  }

  record Product(int sku, String name, long left) {}

  record Left(long left) {}
}

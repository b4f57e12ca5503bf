package dev.firebreak.examples.shop.checkout;

import dev.firebreak.examples.shop.backend.Backend;
import dev.firebreak.examples.shop.backend.BackendException;
import dev.firebreak.examples.shop.work.Work;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
class CheckoutController {

  private static final int CENTS = 1999;

  private final Backend inventory;
  private final Backend payments;
  private final Work work;

  CheckoutController(
      @Qualifier("inventory") Backend inventory,
      @Qualifier("payments") Backend payments,
      Work work) {
    this.inventory = inventory;
    this.payments = payments;
    this.work = work;
  }

  @PostMapping("/orders")
  public Confirmation order(@RequestBody Order order) {
    work.take(Duration.ofMillis(1), Duration.ofMillis(3));
    long reservation = reserve(order.sku());
    try {
      payments.post(new Payment(CENTS), Receipt.class, "/payments");
    } catch (BackendException e) {
      inventory.delete("/reservations/{id}", reservation);
      throw e;
    }
    inventory.post("/reservations/{id}/commit", reservation);
    return new Confirmation(order.sku(), reservation);
  }

  private long reserve(int sku) {
    return inventory.post(new Order(sku), Reservation.class, "/stock/{sku}/reservations", sku).id();
  }

  record Order(int sku) {}

  record Confirmation(int sku, long order) {}

  record Reservation(long id) {}

  record Payment(int cents) {}

  record Receipt(String status) {}
}

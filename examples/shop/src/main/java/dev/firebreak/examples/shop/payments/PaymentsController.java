package dev.firebreak.examples.shop.payments;

import dev.firebreak.examples.shop.work.Work;
import java.time.Duration;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Not final, like every controller here: Chaos Monkey watches them through subclasses. */
@RestController
class PaymentsController {

  private final Work work;

  PaymentsController(Work work) {
    this.work = work;
  }

  @PostMapping("/payments")
  public Receipt pay(@RequestBody Payment payment) {
    work.take(Duration.ofMillis(15), Duration.ofMillis(25));
    return new Receipt(payment.cents(), "paid");
  }

  record Payment(int cents) {}

  record Receipt(int cents, String status) {}
}

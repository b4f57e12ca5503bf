package dev.firebreak.examples.shop.inventory;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

@RestController
class InventoryController {

  private final Stock stock;

  InventoryController(Stock stock) {
    this.stock = stock;
  }

  @GetMapping("/stock/{sku}")
  public Left left(@PathVariable int sku) {
    return new Left(sku, stock.left());
  }

  @PostMapping("/stock/{sku}/reservations")
  public Reservation reserve(@PathVariable int sku) {
    return new Reservation(sku, stock.reserve());
  }

  @PostMapping("/reservations/{id}/commit")
  public void commit(@PathVariable long id) {
    require(stock.commit(id), id);
  }

  @DeleteMapping("/reservations/{id}")
  public void rollBack(@PathVariable long id) {
    require(stock.rollBack(id), id);
  }

  private static void require(boolean found, long id) {
    if (!found) {
      throw new ResponseStatusException(HttpStatus.NOT_FOUND, "no open reservation " + id);
    }
  }

  record Left(int sku, long left) {}

  record Reservation(int sku, long id) {}
}

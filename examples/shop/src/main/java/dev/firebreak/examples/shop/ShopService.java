package dev.firebreak.examples.shop;

import dev.firebreak.examples.shop.catalog.CatalogService;
import dev.firebreak.examples.shop.checkout.CheckoutService;
import dev.firebreak.examples.shop.gateway.GatewayService;
import dev.firebreak.examples.shop.inventory.InventoryService;
import dev.firebreak.examples.shop.payments.PaymentsService;
import dev.firebreak.examples.shop.recommendations.RecommendationsService;
import java.net.URI;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The services, in the order of their ports. */
public enum ShopService {
  GATEWAY(0, GatewayService.class),
  CATALOG(1, CatalogService.class),
  CHECKOUT(2, CheckoutService.class),
  PAYMENTS(3, PaymentsService.class),
  INVENTORY(4, InventoryService.class),
  RECOMMENDATIONS(5, RecommendationsService.class);

  private final int place;
  private final Class<?> configuration;

  ShopService(int place, Class<?> configuration) {
    this.place = place;
    this.configuration = configuration;
  }

  /** The service of that lower-case name. */
  public static Optional<ShopService> named(String name) {
    return Arrays.stream(values())
        .filter(service -> service.lowerCaseName().equals(name))
        .findAny();
  }

  /** The name as in URLs, metrics and on the command line. */
  public String lowerCaseName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The services it calls. */
  public Set<ShopService> callees() {
    return switch (this) {
      case GATEWAY -> EnumSet.of(CATALOG, CHECKOUT, RECOMMENDATIONS);
      case CATALOG -> EnumSet.of(INVENTORY);
      case CHECKOUT -> EnumSet.of(INVENTORY, PAYMENTS);
      case PAYMENTS, INVENTORY, RECOMMENDATIONS -> EnumSet.noneOf(ShopService.class);
    };
  }

  /** Its place in the row of ports that begins at {@code portBase}. */
  public int port(int portBase) {
    return portBase + place;
  }

  /** Where it is if the row of ports begins at {@code portBase}. */
  public URI url(int portBase) {
    return URI.create("http://127.0.0.1:" + port(portBase));
  }

  Class<?> configuration() {
    return configuration;
  }
}

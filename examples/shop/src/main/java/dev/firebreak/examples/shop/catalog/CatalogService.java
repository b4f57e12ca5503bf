package dev.firebreak.examples.shop.catalog;

import dev.firebreak.examples.shop.ServiceDefaults;
import dev.firebreak.examples.shop.ShopService;
import dev.firebreak.examples.shop.backend.Backend;
import dev.firebreak.examples.shop.backend.Backends;
import java.time.Duration;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({ServiceDefaults.class, CatalogController.class})
public class CatalogService {

  @Bean
  Backend inventory(Backends backends) {
    return backends.to(ShopService.INVENTORY, Duration.ofSeconds(3));
  }
}

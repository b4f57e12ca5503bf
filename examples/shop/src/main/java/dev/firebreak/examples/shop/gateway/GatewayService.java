package dev.firebreak.examples.shop.gateway;

import dev.firebreak.examples.shop.ServiceDefaults;
import dev.firebreak.examples.shop.ShopService;
import dev.firebreak.examples.shop.backend.Backend;
import dev.firebreak.examples.shop.backend.Backends;
import dev.firebreak.examples.shop.pool.BoundedPool;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({ServiceDefaults.class, GatewayController.class})
public class GatewayService {

  /**
   * One pool for all backends: the second design mistake, by which one slow backend starves all.
   */
  private static final int BACKEND_CALLS = 14;

  private static final Duration ACQUIRE_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration BACKEND_DEADLINE = Duration.ofSeconds(8);
  private static final Duration RECOMMENDATIONS_BUDGET = Duration.ofMillis(60);

  @Bean
  BoundedPool backendCalls(MeterRegistry meters) {
    return new BoundedPool("backend-calls", BACKEND_CALLS, ACQUIRE_TIMEOUT, meters);
  }

  @Bean
  Backend catalog(Backends backends) {
    return backends.to(ShopService.CATALOG, BACKEND_DEADLINE);
  }

  @Bean
  Backend checkout(Backends backends) {
    return backends.to(ShopService.CHECKOUT, BACKEND_DEADLINE);
  }

  @Bean
  RecommendationsClient recommendations(Backends backends, MeterRegistry meters) {
    return new RecommendationsClient(
        backends.to(ShopService.RECOMMENDATIONS, RECOMMENDATIONS_BUDGET),
        RECOMMENDATIONS_BUDGET,
        meters);
  }
}

package dev.firebreak.examples.shop.inventory;

import dev.firebreak.examples.shop.ServiceDefaults;
import dev.firebreak.examples.shop.pool.BoundedPool;
import dev.firebreak.examples.shop.work.Work;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({ServiceDefaults.class, InventoryController.class})
public class InventoryService {

  /** What a small database gives one service, and enough for a hundred times the usual load. */
  private static final int CONNECTIONS = 8;

  private static final Duration ACQUIRE_TIMEOUT = Duration.ofSeconds(2);

  /** Beyond every caller's deadline: only an orphan gets this old. */
  private static final Duration IDLE_IN_TRANSACTION_TIMEOUT = Duration.ofSeconds(10);

  @Bean
  BoundedPool connections(MeterRegistry meters) {
    return new BoundedPool("connections", CONNECTIONS, ACQUIRE_TIMEOUT, meters);
  }

  @Bean(destroyMethod = "shutdownNow")
  ScheduledThreadPoolExecutor transactionTimer() {
    ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }

  @Bean
  Stock stock(BoundedPool connections, Work work, ScheduledThreadPoolExecutor transactionTimer) {
    return new Stock(connections, work, transactionTimer, IDLE_IN_TRANSACTION_TIMEOUT);
  }
}

package dev.firebreak.examples.shop.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firebreak.examples.shop.pool.BoundedPool.Lease;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BoundedPoolTest {

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final BoundedPool pool = new BoundedPool("connections", 1, Duration.ofMillis(1), meters);

  @Test
  void refusesWithServiceUnavailableWhenNothingBecomesFreeInTime() {
    Lease held = pool.acquire();
    assertThatThrownBy(pool::acquire)
        .isInstanceOf(PoolExhaustedException.class)
        .hasMessageContaining("503")
        .hasMessageContaining("connections");
    held.close();
  }

  @Test
  void givesASlotBackOnlyOnce() {
    Lease lease = pool.acquire();
    lease.close();
    lease.close();
    assertThat(gauge("shop.pool.active")).isZero();
  }

  @Test
  void givesTheSlotBackWhenTheTaskFails() {
    assertThatThrownBy(
            () ->
                pool.within(
                    () -> {
                      throw new IllegalStateException("no");
                    }))
        .hasMessage("no");
    assertThat(pool.<Double>within(() -> gauge("shop.pool.active"))).isEqualTo(1);
  }

  @Test
  void tellsItsSize() {
    assertThat(gauge("shop.pool.max")).isEqualTo(1);
    assertThat(gauge("shop.pool.pending")).isZero();
  }

  private double gauge(String name) {
    return meters.get(name).tag("pool", "connections").gauge().value();
  }
}

package dev.firebreak.examples.shop.backend;

import static dev.firebreak.examples.shop.backend.CircuitBreaker.Permission.CALL;
import static dev.firebreak.examples.shop.backend.CircuitBreaker.Permission.STOP;
import static dev.firebreak.examples.shop.backend.CircuitBreaker.Permission.TRY;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {

  private final AtomicLong nanos = new AtomicLong();
  private final CircuitBreaker breaker = new CircuitBreaker(3, Duration.ofSeconds(5), nanos::get);

  @Test
  void staysClosedWhileFailuresAreNotInARow() {
    record(false, false, true, false, false);
    assertThat(breaker.ask()).isEqualTo(CALL);
    assertThat(breaker.isOpen()).isFalse();
  }

  @Test
  void opensAfterFailuresInARow() {
    record(false, false, false);
    assertThat(breaker.ask()).isEqualTo(STOP);
    assertThat(breaker.isOpen()).isTrue();
  }

  @Test
  void letsOneTrialThroughPerPause() {
    record(false, false, false);
    nanos.addAndGet(Duration.ofSeconds(5).toNanos());
    assertThat(breaker.ask()).isEqualTo(TRY);
    assertThat(breaker.ask()).isEqualTo(STOP);
  }

  @Test
  void staysOpenWhenTheTrialFails() {
    record(false, false, false);
    nanos.addAndGet(Duration.ofSeconds(5).toNanos());
    assertThat(breaker.ask()).isEqualTo(TRY);
    record(false);
    nanos.addAndGet(Duration.ofSeconds(4).toNanos());
    assertThat(breaker.ask()).isEqualTo(STOP);
  }

  @Test
  void closesWhenTheTrialSucceeds() {
    record(false, false, false);
    nanos.addAndGet(Duration.ofSeconds(5).toNanos());
    assertThat(breaker.ask()).isEqualTo(TRY);
    record(true);
    assertThat(breaker.ask()).isEqualTo(CALL);
  }

  private void record(boolean... successes) {
    for (boolean success : successes) {
      breaker.record(success);
    }
  }
}

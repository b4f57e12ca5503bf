package dev.firebreak.examples.shop.pool;

import java.time.Duration;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/** No slot became free in time; answered with 503. */
public final class PoolExhaustedException extends ResponseStatusException {

  private static final long serialVersionUID = 1L;

  PoolExhaustedException(String pool, Duration waited) {
    super(
        HttpStatus.SERVICE_UNAVAILABLE,
        "pool %s had no slot free within %d ms".formatted(pool, waited.toMillis()));
  }
}

package dev.firebreak.annotations.grafana;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Grafana refuses until a person helps: told once for each reason. Changed by one thread, read
 * by any.
 */
final class Refusals {
  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

  private volatile Optional<String> reason = Optional.empty();

  /** Why, in words; empty while nothing is refused. */
  Optional<String> now() {
    return reason;
  }

  void park(String why, long unsent) {
    if (!reason.equals(Optional.of(why))) {
      LOG.warn(
          "Grafana refuses marks, parked until somebody helps, see \"firebreak doctor\""
              + " unsent={} reason={}",
          unsent,
          why);
    }
    reason = Optional.of(why);
  }

  void over() {
    reason = Optional.empty();
  }
}

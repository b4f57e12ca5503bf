package dev.firebreak.run;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps when each thing that must be seen was last seen. Times are of the monotonic clock: a wall
 * clock that jumps can neither blind a run nor hide that it is blind.
 */
final class Sight {
  /** Something that was not seen for too long. */
  record Lost(String what, Duration unseenFor) {}

  private final Duration blindAfter;
  private final Map<String, Long> lastSeenNanos = new LinkedHashMap<>();

  Sight(Duration blindAfter) {
    this.blindAfter = blindAfter;
  }

  void saw(String what, long nowNanos) {
    lastSeenNanos.put(what, nowNanos);
  }

  /** From now on {@code what} must be seen; until then its time starts here. */
  void require(String what, long nowNanos) {
    lastSeenNanos.putIfAbsent(what, nowNanos);
  }

  Optional<Lost> lost(long nowNanos) {
    for (Map.Entry<String, Long> entry : lastSeenNanos.entrySet()) {
      Duration unseen = Duration.ofNanos(nowNanos - entry.getValue());
      if (unseen.compareTo(blindAfter) >= 0) {
        return Optional.of(new Lost(entry.getKey(), unseen));
      }
    }
    return Optional.empty();
  }
}

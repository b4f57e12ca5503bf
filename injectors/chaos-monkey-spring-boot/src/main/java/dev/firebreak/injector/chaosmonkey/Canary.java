package dev.firebreak.injector.chaosmonkey;

import dev.firebreak.injector.http.CallFailedException;
import dev.firebreak.injector.http.HttpCalls;
import dev.firebreak.injector.http.HttpCalls.Answer;
import dev.firebreak.injector.http.HttpCalls.Call;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A request to the service itself that shows whether the fault bites.
 *
 * @param slow the least time that a slowed request takes; empty for exceptions
 * @param tries how many requests meet the fault at least once
 */
record Canary(URI address, Optional<Duration> slow, int tries) {
  /** A look takes no longer than this, however long the injected latency is. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(3);

  private static final Duration BEYOND = Duration.ofMillis(500);
  private static final int MOST_TRIES = 5;

  /** What one request showed. */
  enum Sight {
    HIT,
    UNHURT,
    NOTHING
  }

  /** What one request showed, in words. */
  record Sighting(Sight sight, String evidence) {}

  static Canary of(URI address, Assault assault) {
    Optional<Duration> slow =
        assault
            .latency()
            .map(range -> range.min().compareTo(LONGEST_WAIT) < 0 ? range.min() : LONGEST_WAIT);
    return new Canary(address, slow, Math.min(assault.level(), MOST_TRIES));
  }

  /** Sends requests until one is hit; tells of the first one that is not unhurt, or the last. */
  Sighting look(HttpCalls calls) {
    Sighting last = once(calls);
    for (int i = 1; i < tries && last.sight() == Sight.UNHURT; i++) {
      last = once(calls);
    }
    return last;
  }

  /** Sends requests until one is unhurt: the first one after a start may be slow by itself. */
  Sighting lookForUnhurt(HttpCalls calls) {
    Sighting last = once(calls);
    for (int i = 1; i < MOST_TRIES && last.sight() == Sight.HIT; i++) {
      last = once(calls);
    }
    return last;
  }

  private Sighting once(HttpCalls calls) {
    Duration deadline = slow.orElse(LONGEST_WAIT).plus(BEYOND);
    try {
      return judge(calls.send(Call.get(address, Map.of()), deadline));
    } catch (CallFailedException e) {
      boolean hit = e.late() && slow.isPresent();
      return new Sighting(hit ? Sight.HIT : Sight.NOTHING, String.valueOf(e.getMessage()));
    }
  }

  private Sighting judge(Answer answer) {
    if (slow.isPresent()) {
      boolean hit = answer.took().compareTo(slow.get()) >= 0;
      return new Sighting(
          hit ? Sight.HIT : Sight.UNHURT,
          "%s took %d ms, slowed it takes at least %d ms"
              .formatted(address, answer.took().toMillis(), slow.get().toMillis()));
    }
    return new Sighting(
        answer.status() >= 400 ? Sight.HIT : Sight.UNHURT,
        "%s answered %d".formatted(address, answer.status()));
  }
}

package dev.firebreak.probes.origin;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The versions of one service that run, by one of its metrics. A version that is missing has not
 * gone until it was missing for a while: an instance may not have answered.
 */
final class Versions {
  /** So that the last canary, unseen for some looks, is not deployed anew by coming back. */
  private static final Duration GONE_AFTER = Duration.ofSeconds(60);

  /** Labels that are new at every look are no versions; nor may they fill the memory. */
  private static final int MOST = 32;

  private final SortedSet<String> running = new TreeSet<>();
  private final Map<String, Instant> missingSince = new HashMap<>();

  /** Those that are seen first. */
  Versions(SortedSet<String> first) {
    running.addAll(first);
  }

  /** Those that were seen the last time. */
  SortedSet<String> latest() {
    SortedSet<String> latest = new TreeSet<>(running);
    latest.removeAll(missingSince.keySet());
    return latest;
  }

  /**
   * Takes what runs now.
   *
   * @param seen not empty: that nothing is seen of a service says nothing about its versions
   * @return those that did not run before
   */
  SortedSet<String> take(Instant at, SortedSet<String> seen) {
    SortedSet<String> fresh = new TreeSet<>(seen);
    fresh.removeAll(running);
    running.addAll(fresh);
    missingSince.keySet().removeAll(seen);
    for (String version : List.copyOf(running)) {
      if (!seen.contains(version)) {
        Instant since = missingSince.computeIfAbsent(version, now -> at);
        if (Duration.between(since, at).compareTo(GONE_AFTER) >= 0 || running.size() > MOST) {
          running.remove(version);
          missingSince.remove(version);
        }
      }
    }
    return fresh;
  }
}

package dev.firebreak.annotations.grafana;

import java.time.Duration;

/**
 * How patient the outbox is.
 *
 * @param firstRetry doubled with each failure in a row
 * @param longestRetry at most this
 * @param recheckAfter when a request whose answer was lost has arrived, if ever
 * @param giveUpAfter how old the marks of a run may become; then nobody misses them
 * @param keepFor how long the ids of a run that is over stay on disk
 * @param mostRuns how many runs may have marks in memory; those of others wait on disk alone
 */
record Pace(
    Duration firstRetry,
    Duration longestRetry,
    Duration recheckAfter,
    Duration giveUpAfter,
    Duration keepFor,
    int mostRuns) {
  static final Pace DEFAULT =
      new Pace(
          Duration.ofMillis(500),
          Duration.ofMinutes(1),
          Duration.ofSeconds(10),
          Duration.ofDays(7),
          Duration.ofDays(30),
          500);

  /** How long to wait after so many failures in a row, the first being 1. */
  Duration retryAfter(int failures) {
    Duration wait = firstRetry;
    for (int i = 1; i < failures && wait.compareTo(longestRetry) < 0; i++) {
      wait = wait.multipliedBy(2);
    }
    return wait.compareTo(longestRetry) < 0 ? wait : longestRetry;
  }
}

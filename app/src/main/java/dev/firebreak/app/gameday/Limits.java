package dev.firebreak.app.gameday;

import java.time.Duration;

/** The shortest and the longest that a duration of a file may be, ends included. */
record Limits(Duration shortest, Duration longest) {
  private static final Duration LEAST = Duration.ofMillis(1);
  private static final Duration DAY = Duration.ofHours(24);

  /** Above zero, at most a day. */
  static final Limits POSITIVE = new Limits(LEAST, DAY);

  /** Zero means not at all. */
  static final Limits FROM_ZERO = new Limits(Duration.ZERO, DAY);

  /** Sampling faster than this loads the system that is watched; slower sees too little. */
  static final Limits SAMPLING = new Limits(Duration.ofMillis(100), Duration.ofMinutes(10));
}

package dev.firebreak.app.gameday;

import java.time.ZoneId;
import java.util.Optional;

/** Says what is wrong with a cron expression, in the words of whoever will fire it. */
@FunctionalInterface
public interface CronCheck {

  /** What is wrong with {@code cron} in {@code zone}, or empty. Never throws. */
  Optional<String> problem(String cron, ZoneId zone);
}

package dev.firebreak.experiment;

import java.time.Duration;
import java.time.ZoneId;

/**
 * When a GameDay recurs.
 *
 * @param cron five fields as in Unix cron, or six to seven as in Quartz
 * @param timeZone the zone in which the expression is read
 * @param startingDeadline how late a fire may still start; later it is missed, never run
 */
public record Schedule(String cron, ZoneId timeZone, Duration startingDeadline) {
  public static final Duration DEFAULT_STARTING_DEADLINE = Duration.ofSeconds(60);
}

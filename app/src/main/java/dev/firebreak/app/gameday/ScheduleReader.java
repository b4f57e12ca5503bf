package dev.firebreak.app.gameday;

import dev.firebreak.experiment.Schedule;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;

/** Reads {@code schedule}. */
final class ScheduleReader {
  private static final String CRON = "a cron expression such as 0 10 * * TUE";
  private static final String ZONE = "a time zone such as UTC or Europe/Berlin";
  private static final int LONGEST_CRON = 200;

  private final Values values;
  private final Mistakes mistakes;
  private final CronCheck cronCheck;

  ScheduleReader(Values values, Mistakes mistakes, CronCheck cronCheck) {
    this.values = values;
    this.mistakes = mistakes;
    this.cronCheck = cronCheck;
  }

  Optional<Schedule> read(Node node) {
    return Fields.of(node, Form.SCHEDULE, mistakes).flatMap(this::schedule);
  }

  private Optional<Schedule> schedule(Fields fields) {
    Optional<Node> cronNode = fields.require("cron", CRON);
    Optional<String> cron = cronNode.flatMap(node -> values.text(node, LONGEST_CRON));
    Optional<ZoneId> zone =
        fields.find("timeZone").map(this::zone).orElse(Optional.of(ZoneOffset.UTC));
    Duration deadline =
        fields
            .find("startingDeadline")
            .flatMap(node -> values.duration(node, Limits.POSITIVE))
            .orElse(Schedule.DEFAULT_STARTING_DEADLINE);
    if (cron.isEmpty() || zone.isEmpty()) {
      return Optional.empty();
    }
    cronNode.ifPresent(
        at ->
            cronCheck
                .problem(cron.get(), zone.get())
                .ifPresent(problem -> mistakes.add(at, Printable.sentence(problem), CRON)));
    return Optional.of(new Schedule(cron.get(), zone.get(), deadline));
  }

  private Optional<ZoneId> zone(Node node) {
    return values
        .scalar(node, ZONE)
        .flatMap(
            text -> {
              try {
                return Optional.of(ZoneId.of(text));
              } catch (DateTimeException e) {
                mistakes.add(
                    node,
                    "is not a known time zone",
                    ZONE + Nearest.hint(text, ZoneId.getAvailableZoneIds()));
                return Optional.empty();
              }
            });
  }
}

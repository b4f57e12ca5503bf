package dev.firebreak.scheduler;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Compares the fires that a schedule has with those that its local times promise.
 *
 * @param cron the expression in the zone
 * @param localCron the same expression, its local times taken for UTC
 */
record DaylightSaving(ZoneId zone, Cron cron, Cron localCron) {
  /** How long after a gap Quartz has been seen to lose fires: a day, and some hours to be sure. */
  private static final Duration AFTERMATH = Duration.ofHours(30);

  /** One each second, for longer than any window that is looked at. */
  private static final int MOST_FIRES = 300_000;

  List<String> warnings(Instant from, Instant until) {
    List<String> warnings = new ArrayList<>();
    ZoneOffsetTransition change = zone.getRules().nextTransition(from);
    while (change != null && !change.getInstant().isAfter(until)) {
      warning(change).ifPresent(warnings::add);
      change = zone.getRules().nextTransition(change.getInstant());
    }
    return warnings;
  }

  private Optional<String> warning(ZoneOffsetTransition change) {
    return change.isGap() ? gapWarning(change) : overlapWarning(change);
  }

  private Optional<String> gapWarning(ZoneOffsetTransition gap) {
    List<LocalDateTime> skipped = skipped(gap);
    return skipped.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s: %s go forward from %s to %s; %s skipped"
                .formatted(
                    gap.getDateTimeBefore().toLocalDate(),
                    clocks(),
                    gap.getDateTimeBefore().toLocalTime(),
                    gap.getDateTimeAfter().toLocalTime(),
                    subject(skipped, " is", " are")));
  }

  /**
   * The local times of the expression that do not fire, as found: those that the clocks jump over,
   * and those that Quartz loses after a gap of two hours or one that ends at midnight. It loses
   * them only when it comes from a fire before the gap, so that is where this begins.
   */
  private List<LocalDateTime> skipped(ZoneOffsetTransition gap) {
    Instant before = gap.getInstant().minus(AFTERMATH);
    Instant end = gap.getInstant().plus(AFTERMATH);
    Set<LocalDateTime> fired =
        cron.between(before, end, MOST_FIRES).stream()
            .map(fire -> LocalDateTime.ofInstant(fire, zone))
            .collect(Collectors.toSet());
    return promised(gap.getDateTimeBefore(), LocalDateTime.ofInstant(end, zone)).stream()
        .filter(time -> !fired.contains(time))
        .toList();
  }

  private Optional<String> overlapWarning(ZoneOffsetTransition overlap) {
    List<LocalDateTime> promised =
        promised(overlap.getDateTimeAfter(), overlap.getDateTimeBefore());
    return promised.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s: %s go back from %s to %s; %s at %s"
                .formatted(
                    overlap.getDateTimeBefore().toLocalDate(),
                    clocks(),
                    overlap.getDateTimeBefore().toLocalTime(),
                    overlap.getDateTimeAfter().toLocalTime(),
                    subject(
                        promised,
                        " comes twice on the clock and fires",
                        " come twice on the clock and fire"),
                    offsets(overlap)));
  }

  /** The local times of the expression in {@code [from, to)}. */
  private List<LocalDateTime> promised(LocalDateTime from, LocalDateTime to) {
    Instant before = from.toInstant(ZoneOffset.UTC).minusSeconds(1);
    Instant last = to.toInstant(ZoneOffset.UTC).minusSeconds(1);
    return localCron.between(before, last, MOST_FIRES).stream()
        .map(fire -> LocalDateTime.ofInstant(fire, ZoneOffset.UTC))
        .toList();
  }

  /** The offsets at which the fires of the doubled time happen: as found, not as supposed. */
  private String offsets(ZoneOffsetTransition overlap) {
    Instant first = overlap.getInstant().minus(overlap.getDuration().abs());
    Instant end = overlap.getInstant().plus(overlap.getDuration().abs());
    Set<ZoneOffset> offsets = new LinkedHashSet<>();
    for (Instant fire : cron.between(first.minusSeconds(1), end.minusSeconds(1), MOST_FIRES)) {
      offsets.add(zone.getRules().getOffset(fire));
    }
    return offsets.stream().map(ZoneOffset::getId).collect(Collectors.joining(" and "))
        + (offsets.size() == 1 ? " only" : "");
  }

  private String clocks() {
    return "the clocks of " + zone;
  }

  private static String subject(List<LocalDateTime> fires, String singular, String plural) {
    LocalDateTime first = fires.get(0);
    LocalDateTime last = fires.get(fires.size() - 1);
    boolean oneDay = first.toLocalDate().equals(last.toLocalDate());
    return fires.size() == 1
        ? "the fire at " + first.toLocalTime() + singular
        : "%d fires from %s to %s%s"
            .formatted(
                fires.size(), first.toLocalTime(), oneDay ? last.toLocalTime() : last, plural);
  }
}

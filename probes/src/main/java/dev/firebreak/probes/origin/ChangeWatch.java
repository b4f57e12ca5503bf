package dev.firebreak.probes.origin;

import dev.firebreak.probe.Change;
import dev.firebreak.probes.origin.Origins.BuildMetric;
import dev.firebreak.service.ServiceName;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Remembers when each service started and which versions of it run, and tells what changed. The
 * same for every source. Owned by one thread.
 *
 * <p>Of several instances the newest start counts, for ever: one that is not seen for a while and
 * comes back is no restart. What is seen for the first time is no change.
 */
public final class ChangeWatch {
  /** Kernels tell the time of boot, from which starts are counted, give or take a second. */
  private static final double LEAST_LATER_SECONDS = 2;

  private static final int LONGEST_LIST = 200;

  private final Map<ServiceName, Double> processStarts = new HashMap<>();
  private final Map<ServiceName, Double> containerStarts = new HashMap<>();
  private final Map<BuildMetric, Versions> versions = new HashMap<>();

  /** What changed since the looks before; the restart of a service before its deploy. */
  public List<Change> changes(Origins seen) {
    List<Change> changes = new ArrayList<>();
    seen.processStarts()
        .forEach((service, start) -> restarted(processStarts, service, start, "process", changes));
    seen.containerStarts()
        .forEach(
            (service, start) -> {
              // One restart shows in both; the process tells it first-hand.
              if (!processStarts.containsKey(service)) {
                restarted(containerStarts, service, start, "container", changes);
              }
            });
    deployed(seen, changes);
    return changes;
  }

  private static void restarted(
      Map<ServiceName, Double> known,
      ServiceName service,
      double start,
      String what,
      List<Change> changes) {
    Double before = known.get(service);
    known.merge(service, start, Math::max);
    if (before != null && start - before > LEAST_LATER_SECONDS) {
      String detail = "%s start %s → %s".formatted(what, clock(before), clock(start));
      changes.add(new Change(service, Change.Kind.RESTART, detail));
    }
  }

  private static String clock(double seconds) {
    return Instant.ofEpochMilli(Math.round(seconds * 1_000))
        .truncatedTo(ChronoUnit.SECONDS)
        .toString();
  }

  /** One change for a service, however many of its metrics tell of it. */
  private void deployed(Origins seen, List<Change> changes) {
    Map<ServiceName, SortedSet<String>> before = new TreeMap<>();
    Map<ServiceName, SortedSet<String>> added = new TreeMap<>();
    seen.versions()
        .forEach(
            (metric, now) -> {
              Versions known = versions.computeIfAbsent(metric, first -> new Versions(now));
              SortedSet<String> old = known.latest();
              SortedSet<String> fresh = known.take(seen.at(), now);
              if (!fresh.isEmpty()) {
                before.computeIfAbsent(metric.service(), none -> new TreeSet<>()).addAll(old);
                added.computeIfAbsent(metric.service(), none -> new TreeSet<>()).addAll(fresh);
              }
            });
    added.forEach(
        (service, fresh) ->
            changes.add(
                new Change(
                    service,
                    Change.Kind.DEPLOY,
                    list(before.getOrDefault(service, new TreeSet<>())) + " → " + list(fresh))));
  }

  private static String list(SortedSet<String> versions) {
    String list = String.join("; ", versions);
    return list.length() <= LONGEST_LIST ? list : list.substring(0, LONGEST_LIST) + "…";
  }
}

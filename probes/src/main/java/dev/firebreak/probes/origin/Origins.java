package dev.firebreak.probes.origin;

import dev.firebreak.probes.origin.OriginMetric.Tells;
import dev.firebreak.probes.signal.Labels;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What one look showed: the newest start of each service and the versions of it that run. Filled by
 * one thread, then handed to {@link ChangeWatch}.
 */
public final class Origins {
  /** 2001: what is less is no time of the epoch, but the seconds that the process is up. */
  private static final double EARLIEST_SECONDS = 1e9;

  /** No clock that anybody uses is that much ahead. */
  private static final Duration CLOCKS_AHEAD = Duration.ofDays(1);

  /** Longer ones are no versions, and say no more to a reader. */
  private static final int LONGEST_LABEL = 60;

  private final Instant at;
  private final Map<ServiceName, Double> processStarts = new TreeMap<>();
  private final Map<ServiceName, Double> containerStarts = new TreeMap<>();
  private final Map<BuildMetric, SortedSet<String>> versions = new TreeMap<>();

  /** A look at {@code at}, by the clock of the source. */
  public Origins(Instant at) {
    this.at = at;
  }

  /** Takes one series; one that tells nothing, such as a start at NaN, is passed over. */
  public void add(ServiceName service, String metric, Labels labels, double value) {
    OriginMetric.find(metric)
        .filter(origin -> origin.metric().accepts(labels))
        .ifPresent(origin -> add(service, origin.tells(), metric, labels, value));
  }

  private void add(ServiceName service, Tells tells, String metric, Labels labels, double value) {
    switch (tells) {
      case PROCESS_START -> start(processStarts, service, value);
      case CONTAINER_START -> start(containerStarts, service, value);
      case BUILD -> version(new BuildMetric(service, metric), labels);
    }
  }

  private void start(Map<ServiceName, Double> starts, ServiceName service, double seconds) {
    double latest = at.plus(CLOCKS_AHEAD).toEpochMilli() / 1e3;
    if (seconds >= EARLIEST_SECONDS && seconds <= latest) {
      starts.merge(service, seconds, Math::max);
    }
  }

  private void version(BuildMetric metric, Labels labels) {
    StringBuilder version = new StringBuilder();
    for (String label : OriginMetric.VERSION_LABELS) {
      if (!labels.get(label).isEmpty()) {
        version.append(version.isEmpty() ? "" : ", ");
        version.append(label.replace('_', ' ')).append(' ').append(printable(labels.get(label)));
      }
    }
    if (!version.isEmpty()) {
      versions.computeIfAbsent(metric, unknown -> new TreeSet<>()).add(version.toString());
    }
  }

  /** It ends up on terminals. */
  private static String printable(String text) {
    String clean = text.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
    return clean.length() <= LONGEST_LABEL ? clean : clean.substring(0, LONGEST_LABEL) + "…";
  }

  Instant at() {
    return at;
  }

  Map<ServiceName, Double> processStarts() {
    return processStarts;
  }

  Map<ServiceName, Double> containerStarts() {
    return containerStarts;
  }

  Map<BuildMetric, SortedSet<String>> versions() {
    return versions;
  }

  /** A service may tell of several builds: its own, and those of what it is made with. */
  record BuildMetric(ServiceName service, String metric) implements Comparable<BuildMetric> {
    @Override
    public int compareTo(BuildMetric other) {
      int byService = service.compareTo(other.service);
      return byService != 0 ? byService : metric.compareTo(other.metric);
    }
  }
}

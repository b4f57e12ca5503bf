package dev.firebreak.probes.origin;

import dev.firebreak.probes.signal.Labels;
import dev.firebreak.probes.signal.Matcher;
import dev.firebreak.probes.signal.Selector;
import java.util.List;
import java.util.Optional;

/**
 * A convention by which metrics tell when a service started or of what build it is. Pure data.
 *
 * @param metric may hold one {@code *}, as in a signal pack
 * @param serviceLabels the labels that may name the service; the first that a series has, does
 * @param aboutOthers whether who publishes it speaks of other services, as cAdvisor does
 */
public record OriginMetric(
    Tells tells, Selector metric, List<String> serviceLabels, boolean aboutOthers) {
  /** What the metric tells. */
  public enum Tells {
    /** When a process of the service started, in seconds of the epoch. */
    PROCESS_START,
    /** When a container of the service started, in seconds of the epoch. */
    CONTAINER_START,
    /** By its labels, which versions run; its value says nothing. */
    BUILD
  }

  /** The labels that say which version it is, in the order in which they are told. */
  public static final List<String> VERSION_LABELS =
      List.of("version", "service_version", "tag", "revision", "commit", "git_commit");

  private static final List<String> SERVICE_LABELS =
      List.of("application", "service", "service_name", "job");

  private static final List<OriginMetric> ALL =
      List.of(
          ofItself(Tells.PROCESS_START, "process_start_time_seconds"),
          new OriginMetric(
              Tells.CONTAINER_START,
              Selector.of("container_start_time_seconds", Matcher.matchesNot("container", "POD|")),
              List.of("container"),
              true),
          ofItself(Tells.BUILD, "build_info"),
          ofItself(Tells.BUILD, "*_build_info"),
          ofItself(Tells.BUILD, "application_info"),
          ofItself(Tells.BUILD, "target_info"));

  public OriginMetric {
    serviceLabels = List.copyOf(serviceLabels);
  }

  private static OriginMetric ofItself(Tells tells, String metric) {
    return new OriginMetric(tells, Selector.of(metric), SERVICE_LABELS, false);
  }

  /** Those that need no configuration. */
  public static List<OriginMetric> builtIn() {
    return ALL;
  }

  /** The one that metrics of this name follow; no two of them share a name. */
  public static Optional<OriginMetric> find(String metric) {
    return ALL.stream().filter(one -> one.metric.isNameOf(metric)).findFirst();
  }

  /** The service that a series is about, by its labels alone; empty if they do not say. */
  public String serviceOf(Labels labels) {
    return serviceLabels.stream()
        .map(labels::get)
        .filter(value -> !value.isEmpty())
        .findFirst()
        .orElse("");
  }
}

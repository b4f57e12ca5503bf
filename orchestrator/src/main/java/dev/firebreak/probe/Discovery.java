package dev.firebreak.probe;

import dev.firebreak.service.CallGraph;
import dev.firebreak.service.ServiceName;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a source has.
 *
 * @param series every series that it can read, in order
 * @param packs the signal packs that were recognised, by name
 * @param callGraph the edges that the metrics themselves show
 * @param unseen services or targets that did not answer, each with the reason
 */
public record Discovery(
    List<SeriesId> series, List<String> packs, CallGraph callGraph, Map<String, String> unseen) {
  public Discovery {
    series = series.stream().sorted().distinct().toList();
    packs = List.copyOf(packs);
    unseen = Map.copyOf(unseen);
  }

  /** The series of the services that have at least one by which they can be judged. */
  public static List<SeriesId> withoutMereEvidence(List<SeriesId> series) {
    SortedSet<ServiceName> judged = new TreeSet<>();
    series.stream()
        .filter(id -> id.signal().kind().decides())
        .forEach(id -> judged.add(id.service()));
    return series.stream().filter(id -> judged.contains(id.service())).distinct().toList();
  }

  public SortedSet<ServiceName> services() {
    SortedSet<ServiceName> services = new TreeSet<>();
    series.forEach(id -> services.add(id.service()));
    return services;
  }
}

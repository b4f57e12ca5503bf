package dev.firebreak.cascade;

import dev.firebreak.probe.SeriesId;
import dev.firebreak.service.ServiceName;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How much of the outside could be seen.
 *
 * @param watched outside series with a usable baseline
 * @param unwatchable outside series without one, each with the reason in a few words
 * @param withoutData outside services that had no usable series at all
 */
public record Coverage(
    List<SeriesId> watched, Map<SeriesId, String> unwatchable, List<ServiceName> withoutData) {
  public Coverage {
    watched = List.copyOf(watched);
    unwatchable = Map.copyOf(unwatchable);
    withoutData = List.copyOf(withoutData);
  }

  public SortedSet<ServiceName> servicesWatched() {
    SortedSet<ServiceName> services = new TreeSet<>();
    watched.forEach(series -> services.add(series.service()));
    return services;
  }
}

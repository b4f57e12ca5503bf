package dev.firebreak.cascade;

import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.experiment.SmallestEffect;
import dev.firebreak.probe.SeriesId;
import dev.firebreak.service.CallGraph;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a detector is asked to watch.
 *
 * @param series the series, in the order in which their values will come
 * @param radius empty in a replay of a fault-free stretch: every service is outside
 * @param step the sampling step
 * @param horizon how long the watch lasts at most, from the injection
 */
public record Watch(
    List<SeriesId> series,
    Optional<BlastRadius> radius,
    CallGraph callGraph,
    SmallestEffect smallestEffect,
    Duration step,
    Duration horizon) {
  public Watch {
    series = List.copyOf(series);
  }

  public boolean isInjected(ServiceName service) {
    return radius.map(r -> r.inject().contains(service)).orElse(false);
  }

  public boolean isOutside(ServiceName service) {
    return radius.map(r -> r.watchesOutside(service)).orElse(true);
  }
}

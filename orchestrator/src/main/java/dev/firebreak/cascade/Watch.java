package dev.firebreak.cascade;

import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.experiment.HaltPolicy;
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
 * @param falseHaltBudget the share of fault-free runs that may halt, were the assumed tail exact;
 *     above 0, below 1
 */
public record Watch(
    List<SeriesId> series,
    Optional<BlastRadius> radius,
    CallGraph callGraph,
    SmallestEffect smallestEffect,
    Duration step,
    Duration horizon,
    double falseHaltBudget) {
  public Watch {
    series = List.copyOf(series);
    if (!(falseHaltBudget > 0 && falseHaltBudget < 1)) {
      throw new IllegalArgumentException("budget " + falseHaltBudget + " is not between 0 and 1");
    }
  }

  /** With the default budget of false halts. */
  public Watch(
      List<SeriesId> series,
      Optional<BlastRadius> radius,
      CallGraph callGraph,
      SmallestEffect smallestEffect,
      Duration step,
      Duration horizon) {
    this(
        series,
        radius,
        callGraph,
        smallestEffect,
        step,
        horizon,
        HaltPolicy.DEFAULT_FALSE_HALT_BUDGET);
  }

  public boolean isInjected(ServiceName service) {
    return radius.map(r -> r.inject().contains(service)).orElse(false);
  }

  public boolean isOutside(ServiceName service) {
    return radius.map(r -> r.watchesOutside(service)).orElse(true);
  }
}

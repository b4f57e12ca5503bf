package dev.firebreak.run;

import dev.firebreak.fault.FaultPlan;
import dev.firebreak.probe.Discovery;
import dev.firebreak.probe.SeriesId;
import dev.firebreak.service.CallGraph;
import dev.firebreak.service.ServiceName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An experiment with its targets and signals resolved; nothing was touched.
 *
 * @param faults the method, in its order
 * @param rollbacks the user's own undo actions, in their order
 * @param discovery what the source has; empty if it could not be read
 * @param callGraph the file's edges and the source's
 * @param outside the services whose degradation would be an escape
 * @param obstacles why it cannot run, one sentence each; empty if it can
 * @param hash SHA-256 in hex over the resolved plan
 */
public record RunPlan(
    List<FaultPlan> faults,
    List<FaultPlan> rollbacks,
    Optional<Discovery> discovery,
    CallGraph callGraph,
    List<ServiceName> outside,
    List<String> obstacles,
    String hash) {
  public RunPlan {
    faults = List.copyOf(faults);
    rollbacks = List.copyOf(rollbacks);
    outside = List.copyOf(outside);
    obstacles = List.copyOf(obstacles);
  }

  /** The plan of a run that may not start, so that neither source nor targets were asked. */
  public static RunPlan refused(CallGraph callGraph, List<String> obstacles) {
    return new RunPlan(List.of(), List.of(), Optional.empty(), callGraph, List.of(), obstacles, "");
  }

  /** The same plan with more obstacles. */
  public RunPlan hinderedBy(List<String> more) {
    List<String> all = new ArrayList<>(obstacles);
    all.addAll(more);
    return new RunPlan(faults, rollbacks, discovery, callGraph, outside, all, hash);
  }

  public boolean runnable() {
    return obstacles.isEmpty();
  }

  public List<SeriesId> series() {
    return discovery.map(Discovery::series).orElse(List.of());
  }
}

package dev.firebreak.cascade;

import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.service.CallGraph;
import dev.firebreak.service.CallGraph.Edge;
import dev.firebreak.service.ServiceName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/** Where each service stands to the blast radius, as far as the call graph knows. */
final class Topology {
  /** What the graph says about an outside service. */
  enum Tie {
    /** Calls the radius, directly or not: feels it first. */
    CALLER,
    /** Is called by the radius, directly or not: what it gets to do depends on the radius. */
    CALLEE,
    /** Meets the radius only in a common caller or callee, or is not in the graph at all. */
    NEIGHBOUR,
    /** In the graph, and no way leads from it to the radius. */
    APART
  }

  /** A step against the direction of the calls costs more, so that the usual way is preferred. */
  private static final int TO_CALLER = 2;

  private static final int TO_CALLEE = 3;

  private final SortedSet<ServiceName> injected;
  private final SortedMap<ServiceName, SortedSet<ServiceName>> callers = new TreeMap<>();
  private final SortedMap<ServiceName, SortedSet<ServiceName>> callees = new TreeMap<>();
  private final Map<ServiceName, Integer> up;
  private final Map<ServiceName, Integer> down;
  private final Map<ServiceName, Integer> around;
  private final boolean known;

  Topology(CallGraph graph, Optional<BlastRadius> radius) {
    injected = new TreeSet<>(radius.map(BlastRadius::inject).orElse(Set.of()));
    known = !graph.isEmpty() && !injected.isEmpty();
    for (Edge edge : graph.edges()) {
      callers.computeIfAbsent(edge.callee(), any -> new TreeSet<>()).add(edge.caller());
      callees.computeIfAbsent(edge.caller(), any -> new TreeSet<>()).add(edge.callee());
    }
    up = hops(List.of(callers));
    down = hops(List.of(callees));
    around = hops(List.of(callers, callees));
  }

  private Map<ServiceName, Integer> hops(
      List<SortedMap<ServiceName, SortedSet<ServiceName>>> directions) {
    Map<ServiceName, Integer> hops = new TreeMap<>();
    Deque<ServiceName> queue = new ArrayDeque<>(injected);
    injected.forEach(origin -> hops.put(origin, 0));
    while (!queue.isEmpty()) {
      ServiceName service = queue.remove();
      int next = hops.getOrDefault(service, 0) + 1;
      for (var direction : directions) {
        for (ServiceName other : direction.getOrDefault(service, Collections.emptySortedSet())) {
          if (hops.putIfAbsent(other, next) == null) {
            queue.add(other);
          }
        }
      }
    }
    return hops;
  }

  /** Whether there is a graph and a radius to measure from. */
  boolean known() {
    return known;
  }

  /** Whether the graph knows a call from or to the radius. */
  boolean knowsInjected() {
    return injected.stream().anyMatch(at -> callers.containsKey(at) || callees.containsKey(at));
  }

  /** Whether a way's first step is from the radius to who waits for it. */
  boolean beginsAtACaller(List<ServiceName> way) {
    return way.size() > 1 && neighbours(callers, way.get(0)).contains(way.get(1));
  }

  /** Whether the graph knows a caller of this service. */
  boolean isCalled(ServiceName service) {
    return callers.containsKey(service);
  }

  Tie tie(ServiceName service) {
    if (up.containsKey(service)) {
      return Tie.CALLER;
    }
    if (down.containsKey(service)) {
      return Tie.CALLEE;
    }
    boolean inGraph = callers.containsKey(service) || callees.containsKey(service);
    return around.containsKey(service) || !inGraph ? Tie.NEIGHBOUR : Tie.APART;
  }

  /**
   * The share of the evidence budget that each of these services gets; their sum is at most 1. A
   * mean of e-values so weighted is an e-value, however the services depend on each other.
   */
  SortedMap<ServiceName, Double> weights(Set<ServiceName> outside, Tuning tuning) {
    SortedMap<ServiceName, Double> weights = new TreeMap<>();
    if (!known) {
      // Without a radius nobody has a special tie to it.
      double share = injected.isEmpty() ? tuning.neighboursShare() : 1;
      outside.forEach(service -> weights.put(service, share / outside.size()));
      return weights;
    }
    double callers = 0;
    double others = 0;
    for (ServiceName service : outside) {
      if (tie(service) == Tie.CALLER) {
        callers += closeness(service);
      } else {
        others += closeness(service);
      }
    }
    double apart = 1 - tuning.callersShare() - tuning.neighboursShare();
    for (ServiceName service : outside) {
      double share =
          switch (tie(service)) {
            case CALLER -> tuning.callersShare() / callers;
            case CALLEE, NEIGHBOUR -> tuning.neighboursShare() / others;
            case APART -> apart / others;
          };
      weights.put(service, share * closeness(service));
    }
    return weights;
  }

  private double closeness(ServiceName service) {
    Integer hops = tie(service) == Tie.CALLER ? up.get(service) : around.get(service);
    return 1.0 / (hops == null ? around.size() + 1 : hops);
  }

  /** How the failure came to each service that it is known to have come to. */
  record Ways(Map<ServiceName, ServiceName> before) {
    static final Ways NONE = new Ways(Map.of());

    /** From the radius to {@code service}, ends included; empty if no call explains it. */
    List<ServiceName> to(ServiceName service) {
      if (!before.containsKey(service)) {
        return List.of();
      }
      List<ServiceName> way = new ArrayList<>();
      for (ServiceName at = service; at != null; at = before.get(at)) {
        way.add(at);
      }
      Collections.reverse(way);
      return way;
    }
  }

  /**
   * The shortest ways of the failure from the radius along call edges whose ends degraded in order.
   * Who calls something that degraded no later waits for it: that explains more than who its own
   * callers are.
   *
   * @param onsets when each degraded service degraded, in any unit; injected ones may be left out
   * @param slack by how much the order may be wrong
   */
  Ways ways(SortedMap<ServiceName, Long> onsets, long start, long slack) {
    if (!known || onsets.isEmpty()) {
      return Ways.NONE;
    }
    ToLongFunction<ServiceName> onset =
        at -> injected.contains(at) ? start : onsets.getOrDefault(at, Long.MAX_VALUE);
    List<ServiceName> reached = new ArrayList<>();
    Map<ServiceName, ServiceName> before = shortest(onsets, onset, slack, reached);
    for (ServiceName service : reached) {
      preferCallee(service, onset, slack, before);
    }
    return new Ways(before);
  }

  /**
   * @param reached where the services that were found are added, nearest first
   */
  private Map<ServiceName, ServiceName> shortest(
      SortedMap<ServiceName, Long> onsets,
      ToLongFunction<ServiceName> onset,
      long slack,
      List<ServiceName> reached) {
    record Step(ServiceName service, int cost) {}
    SortedMap<ServiceName, Integer> costs = new TreeMap<>();
    Map<ServiceName, ServiceName> before = new TreeMap<>();
    PriorityQueue<Step> queue =
        new PriorityQueue<>(Comparator.comparingInt(Step::cost).thenComparing(Step::service));
    for (ServiceName origin : injected) {
      costs.put(origin, 0);
      queue.add(new Step(origin, 0));
    }
    while (!queue.isEmpty()) {
      Step step = queue.remove();
      ServiceName from = step.service();
      if (step.cost() > costs.getOrDefault(from, Integer.MAX_VALUE)) {
        continue;
      }
      if (!injected.contains(from)) {
        reached.add(from);
      }
      for (boolean toCaller : new boolean[] {true, false}) {
        int cost = step.cost() + (toCaller ? TO_CALLER : TO_CALLEE);
        for (ServiceName to : neighbours(toCaller ? callers : callees, from)) {
          boolean degraded = onsets.containsKey(to) && !injected.contains(to);
          if (degraded
              && onset.applyAsLong(from) <= onset.applyAsLong(to) + slack
              && cost < costs.getOrDefault(to, Integer.MAX_VALUE)) {
            costs.put(to, cost);
            before.put(to, from);
            queue.add(new Step(to, cost));
          }
        }
      }
    }
    return before;
  }

  private static Set<ServiceName> neighbours(
      SortedMap<ServiceName, SortedSet<ServiceName>> graph, ServiceName of) {
    return graph.getOrDefault(of, Collections.emptySortedSet());
  }

  /**
   * Whether a service calls the radius through services that may all have passed a failure on.
   *
   * @param passes whether a service between may have
   */
  boolean callsThrough(ServiceName service, Predicate<ServiceName> passes) {
    Deque<ServiceName> queue = new ArrayDeque<>(Set.of(service));
    Set<ServiceName> seen = new TreeSet<>(queue);
    while (!queue.isEmpty()) {
      for (ServiceName callee : neighbours(callees, queue.remove())) {
        if (injected.contains(callee)) {
          return true;
        }
        if (passes.test(callee) && seen.add(callee)) {
          queue.add(callee);
        }
      }
    }
    return false;
  }

  /** Where a service is explained by its caller, looks for something that it calls instead. */
  private void preferCallee(
      ServiceName service,
      ToLongFunction<ServiceName> onset,
      long slack,
      Map<ServiceName, ServiceName> before) {
    ServiceName from = before.get(service);
    if (from == null || injected.contains(from) || neighbours(callers, from).contains(service)) {
      return;
    }
    int nearest = Integer.MAX_VALUE;
    for (ServiceName callee : neighbours(callees, service)) {
      if (before.containsKey(callee)
          && onset.applyAsLong(callee) <= onset.applyAsLong(service) + slack) {
        List<ServiceName> way = new Ways(before).to(callee);
        if (!way.contains(service) && way.size() < nearest) {
          nearest = way.size();
          before.put(service, callee);
        }
      }
    }
  }
}

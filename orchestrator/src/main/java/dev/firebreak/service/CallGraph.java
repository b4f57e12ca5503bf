package dev.firebreak.service;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Who calls whom. May be incomplete: an absent edge says nothing.
 *
 * @param edges in no particular order
 */
public record CallGraph(Set<Edge> edges) {
  /** One service that calls another. */
  public record Edge(ServiceName caller, ServiceName callee) {}

  public CallGraph {
    edges = Set.copyOf(edges);
  }

  public static CallGraph empty() {
    return new CallGraph(Set.of());
  }

  public boolean isEmpty() {
    return edges.isEmpty();
  }

  public SortedSet<ServiceName> services() {
    SortedSet<ServiceName> services = new TreeSet<>();
    for (Edge edge : edges) {
      services.add(edge.caller());
      services.add(edge.callee());
    }
    return services;
  }

  public SortedSet<ServiceName> callersOf(ServiceName callee) {
    SortedSet<ServiceName> callers = new TreeSet<>();
    for (Edge edge : edges) {
      if (edge.callee().equals(callee)) {
        callers.add(edge.caller());
      }
    }
    return callers;
  }

  public SortedSet<ServiceName> calleesOf(ServiceName caller) {
    SortedSet<ServiceName> callees = new TreeSet<>();
    for (Edge edge : edges) {
      if (edge.caller().equals(caller)) {
        callees.add(edge.callee());
      }
    }
    return callees;
  }

  /** Services that call one of {@code origins}, directly or not, with their distance in hops. */
  public Map<ServiceName, Integer> callersByHops(Set<ServiceName> origins) {
    Map<ServiceName, Integer> hops = new LinkedHashMap<>();
    Deque<ServiceName> queue = new ArrayDeque<>(new TreeSet<>(origins));
    origins.forEach(origin -> hops.put(origin, 0));
    while (!queue.isEmpty()) {
      ServiceName service = queue.remove();
      for (ServiceName caller : callersOf(service)) {
        if (hops.putIfAbsent(caller, hops.getOrDefault(service, 0) + 1) == null) {
          queue.add(caller);
        }
      }
    }
    origins.forEach(hops::remove);
    return hops;
  }
}

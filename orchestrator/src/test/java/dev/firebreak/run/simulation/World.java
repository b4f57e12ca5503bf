package dev.firebreak.run.simulation;

import dev.firebreak.probe.SeriesId;
import dev.firebreak.probe.Signal;
import dev.firebreak.probe.Signal.Kind;
import dev.firebreak.service.CallGraph;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The truth: which faults exist, which services suffer from them, what belongs to others. */
final class World {
  static final Signal P95 = new Signal("http.latency.p95", Kind.LATENCY);
  static final Signal ERRORS = new Signal("http.error-ratio", Kind.ERROR_RATIO);
  static final Signal RATE = new Signal("http.rate", Kind.TRAFFIC);
  static final Signal UP = new Signal("up", Kind.AVAILABILITY);

  private static final double USUAL_SECONDS = 0.03;
  private static final double SLOW_SECONDS = 1.5;

  final WorldLoop loop;
  final SortedMap<ServiceName, Target> targets = new TreeMap<>();
  final CallGraph calls;
  final List<String> violations = new ArrayList<>();
  final List<String> chronicle = new ArrayList<>();

  /** Slowness reaches the callers of a slow service, one hop after each delay. */
  boolean spreads;

  Duration spreadsAfter = Duration.ZERO;

  /** Feels every fault through something that no call graph shows. */
  final Set<ServiceName> tiedUnseen = new TreeSet<>();

  /** Slow for reasons of their own. */
  final Set<ServiceName> slowAnyway = new TreeSet<>();

  private final SortedMap<ServiceName, Long> bittenSince = new TreeMap<>();
  private final SortedMap<ServiceName, String> othersState = new TreeMap<>();
  private final Set<String> everEffective = new HashSet<>();

  World(WorldLoop loop, List<ServiceName> services, CallGraph calls) {
    this.loop = loop;
    this.calls = calls;
    services.forEach(service -> targets.put(service, new Target(service)));
  }

  Target target(ServiceName service) {
    return targets.computeIfAbsent(service, Target::new);
  }

  void note(String what) {
    chronicle.add(loop.elapsed() + " " + what);
  }

  void violated(String what) {
    note("VIOLATION " + what);
    violations.add(loop.elapsed() + ": " + what);
  }

  /** To be called after everything that others did to their own state. */
  void othersAct() {
    targets.values().forEach(target -> othersState.put(target.service, target.othersState()));
  }

  /** To be called after everything that Firebreak asked for. */
  void checkOthersState(String after) {
    for (Target target : targets.values()) {
      String expected = othersState.getOrDefault(target.service, "");
      if (!target.othersState().equals(expected)) {
        violated(
            "foreign state of %s is %s and was %s, after %s"
                .formatted(target.service, target.othersState(), expected, after));
      }
    }
  }

  /** To be called after every change: since when does a service suffer? */
  void feel() {
    for (Target target : targets.values()) {
      if (target.bites && !target.gone && target.holdsAny()) {
        bittenSince.putIfAbsent(target.service, loop.nanoTime());
        target.register.keySet().forEach(this::effective);
        effective(target.setting);
      } else {
        bittenSince.remove(target.service);
      }
    }
  }

  private void effective(String state) {
    if (state.startsWith(Target.MARK)) {
      everEffective.add(state.substring(Target.MARK.length()));
    }
  }

  /** Whether the fault really had an effect at some time. */
  boolean everBit(String fault) {
    return everEffective.contains(fault);
  }

  /** The targets that still have a fault of ours. */
  List<ServiceName> faulty() {
    return targets.values().stream()
        .filter(target -> !target.gone && target.holdsAny())
        .map(target -> target.service)
        .toList();
  }

  /** Whether the service suffers from a fault that is in place elsewhere. */
  boolean suffersFromElsewhere(ServiceName service) {
    for (ServiceName origin : bittenSince.keySet()) {
      if (!origin.equals(service) && suffers(service, origin)) {
        return true;
      }
    }
    return false;
  }

  private boolean suffers(ServiceName service, ServiceName origin) {
    long since = loop.nanoTime() - bittenSince.getOrDefault(origin, Long.MAX_VALUE / 2);
    if (tiedUnseen.contains(service)) {
      return since >= 0;
    }
    int hops = hops(service, origin);
    return spreads && hops > 0 && since >= hops * spreadsAfter.toNanos();
  }

  /** Calls from the service to the origin; 0 if there is no way. */
  private int hops(ServiceName service, ServiceName origin) {
    Set<ServiceName> reached = Set.of(service);
    for (int hops = 1; hops <= targets.size(); hops++) {
      Set<ServiceName> next = new TreeSet<>();
      for (CallGraph.Edge edge : calls.edges()) {
        if (reached.contains(edge.caller())) {
          next.add(edge.callee());
        }
      }
      if (next.contains(origin)) {
        return hops;
      }
      reached = next;
    }
    return 0;
  }

  List<SeriesId> series() {
    List<SeriesId> series = new ArrayList<>();
    for (ServiceName service : targets.keySet()) {
      for (Signal signal : List.of(P95, ERRORS, RATE, UP)) {
        series.add(new SeriesId(service, signal));
      }
    }
    return series;
  }

  /** The value that an honest source would show now. */
  double value(SeriesId id) {
    return switch (id.signal().kind()) {
      case LATENCY -> latency(id.service());
      case TRAFFIC -> 40 + wobble(id.service());
      case AVAILABILITY -> away(target(id.service())) ? 0 : 1;
      default -> 0;
    };
  }

  boolean away(Target target) {
    return target.gone || loop.nanoTime() < target.awayUntilNanos;
  }

  private double latency(ServiceName service) {
    boolean slow =
        bittenSince.containsKey(service)
            || suffersFromElsewhere(service)
            || slowAnyway.contains(service);
    return (slow ? SLOW_SECONDS : USUAL_SECONDS) * (1 + 0.02 * wobble(service));
  }

  /**
   * Repeats, so that the same moment always gives the same value; never the same twice in a row.
   */
  private double wobble(ServiceName service) {
    long second = loop.nanoTime() / 1_000_000_000L;
    return (second * 7 + service.value().length() * 3L) % 5;
  }
}

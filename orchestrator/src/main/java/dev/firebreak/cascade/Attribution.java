package dev.firebreak.cascade;

import dev.firebreak.cascade.Topology.Tie;
import dev.firebreak.cascade.Topology.Ways;
import dev.firebreak.service.ServiceName;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a degradation means: whether the call graph or time tie a service to the fault. */
final class Attribution {
  /**
   * An onset is dated back to within two samples nine times in ten; a latency, which is counted
   * when a request ends, shows later than a pool that is full.
   */
  private static final int ONSET_ERROR_SAMPLES = 3;

  /** What the fault left in queues and windows shows up for so long, or for three samples. */
  private static final long AFTERMATH_MILLIS = 5_000;

  /** What nothing ties to the fault but time must begin within this, or within three samples. */
  private static final long CLOSE_IN_TIME_MILLIS = 60_000;

  private static final int CLOSE_IN_SAMPLES = 3;

  /**
   * Who calls a fault that nobody sees where it is must feel it within this, or within three
   * samples: a fault that is kept up does not wait, and an incident comes at any time.
   */
  private static final long PROMPT_MILLIS = 180_000;

  /** Services on a way with nobody in between. */
  private static final int DIRECT = 2;

  private final Watch watch;
  private final Topology topology;
  private final ControlGroup controls;
  private final ServiceEvidence evidence;
  private final long injectedAt;
  private final long stepMillis;

  /** Services of which anything can be seen. */
  private final Set<ServiceName> watched;

  /** Whether anybody could see the fault where it is injected. */
  private final boolean isWatchedWhereInjected;

  private boolean isSeenWhereInjected;
  private long rolledBackAt = Degradation.NEVER;

  /** When what is new since the injection began, and how it came there. */
  private final SortedMap<ServiceName, Long> onsets = new TreeMap<>();

  private Ways ways = Ways.NONE;

  /** How many times a service degraded: when it grows, what ties others may have changed. */
  private int degraded;

  Attribution(
      Watch watch,
      Topology topology,
      ControlGroup controls,
      ServiceEvidence evidence,
      long injectedAt,
      Set<ServiceName> watched) {
    this.watch = watch;
    this.topology = topology;
    this.controls = controls;
    this.evidence = evidence;
    this.injectedAt = injectedAt;
    this.stepMillis = watch.step().toMillis();
    this.watched = watched;
    this.isWatchedWhereInjected = watched.stream().anyMatch(watch::isInjected);
  }

  /**
   * A service degraded that had not.
   *
   * @param s the index of the service
   */
  void begins(int s, ServiceName service, Degradation degradation) {
    onsets.put(service, degradation.onset);
    degraded++;
    degradation.moreLoad = evidence.isMoreLoad(s, degradation.track);
    isSeenWhereInjected |= isOfTheFault(service, degradation);
  }

  /** No fault makes users ask its own service more often, unless it is slow or fails as well. */
  private boolean isOfTheFault(ServiceName service, Degradation degradation) {
    return watch.isInjected(service) && !degradation.moreLoad;
  }

  /** Works the ways out, once all are known that degraded with a sample. */
  void order() {
    ways = topology.ways(onsets, injectedAt, ONSET_ERROR_SAMPLES * stepMillis);
  }

  /**
   * When a service degraded, as far as its own samples and the ways tell: what the failure went
   * through degraded no later than where it went to. What began with the same sample is told apart
   * by a millisecond for each service in between, so that onsets are in the order of the way.
   */
  long onset(ServiceName service, Degradation degradation) {
    int between = Math.max(0, ways.to(service).size() - DIRECT);
    return between + earliest(service, degradation);
  }

  private long earliest(ServiceName service, Degradation degradation) {
    long earliest = degradation.onset;
    for (var other : onsets.entrySet()) {
      if (other.getValue() < earliest && ways.to(other.getKey()).contains(service)) {
        earliest = other.getValue();
      }
    }
    return earliest;
  }

  void rolledBack(long at) {
    rolledBackAt = at;
  }

  List<ServiceName> wayTo(ServiceName service) {
    return ways.to(service);
  }

  /**
   * Says what a degradation that is new means.
   *
   * @param s the index of the service
   */
  void classify(int s, ServiceName service, Degradation degradation) {
    degradation.classifiedAmong = degraded;
    if (watch.isInjected(service)) {
      degradation.means(DegradationClass.INJECTED, "received the fault");
    } else if (!watch.isOutside(service)) {
      degradation.means(
          DegradationClass.EXPECTED, "declared to feel the fault, and within its bound");
    } else if (controls.sharesACause(s)) {
      degradation.means(
          DegradationClass.UNRELATED, "most services that the fault cannot reach degraded with it");
    } else {
      tie(s, service, degradation);
    }
  }

  /** What others did since may tie a service to the fault. */
  void reconsider(int s, ServiceName service, Degradation degradation) {
    if (!isSeenWhereInjected && watch.isInjected(service) && !degradation.old) {
      degradation.moreLoad = evidence.isMoreLoad(s, degradation.track);
      isSeenWhereInjected = isOfTheFault(service, degradation);
      degraded += isSeenWhereInjected ? 1 : 0;
    }
    if (degradation.meaning == DegradationClass.UNRELATED
        && !degradation.old
        && (degradation.classifiedAmong < degraded
            || (degradation.moreLoad && !evidence.isMoreLoad(s, degradation.track)))) {
      degradation.classifiedAmong = degraded;
      if (!controls.sharesACause(s)) {
        tie(s, service, degradation);
      }
    }
  }

  private void tie(int s, ServiceName service, Degradation degradation) {
    degradation.moreLoad = evidence.isMoreLoad(s, degradation.track);
    List<ServiceName> way = ways.to(service);
    long close = Math.max(CLOSE_IN_TIME_MILLIS, CLOSE_IN_SAMPLES * stepMillis);
    // A service that is gone needs no other evidence.
    boolean spread = degradation.track == Degradation.NO_TRACK || mayHaveSpread();
    if (isAfterTheFault(degradation.onset)) {
      degradation.means(DegradationClass.UNRELATED, "began when the fault was gone already");
    } else if (degradation.moreLoad && !isSeenWhereInjected && way.size() <= DIRECT) {
      degradation.means(
          DegradationClass.UNRELATED, "is only asked more, and the fault cannot be seen");
    } else if (!way.isEmpty() && (spread || beginsPromptly(way))) {
      degradation.means(
          DegradationClass.ESCAPED, "degraded after the injection, by the way " + told(way));
    } else if (topology.known()
        && topology.tie(service) == Tie.CALLER
        && (spread || (isPrompt(degradation.onset) && mayFeel(service)))) {
      degradation.means(
          DegradationClass.ESCAPED, "calls the blast radius and degraded after the injection");
    } else if (topology.known()
        && topology.tie(service) == Tie.CALLER
        && !isPrompt(degradation.onset)) {
      degradation.means(
          DegradationClass.UNRELATED,
          "began long after the injection, and the fault cannot be seen");
    } else if (degradation.onset - injectedAt <= close && spread) {
      degradation.means(
          DegradationClass.ESCAPED,
          "degraded right after the injection; no known call explains how");
    } else if (!topology.known() && watch.radius().isPresent()) {
      degradation.means(
          DegradationClass.ESCAPED, "degraded after the injection; the call graph is not known");
    } else {
      degradation.means(
          DegradationClass.UNRELATED,
          "nothing ties it to the fault: no call, and not when it began");
    }
  }

  /** Whether a way's first step is to a caller of the radius, and the failure took it soon. */
  private boolean beginsPromptly(List<ServiceName> way) {
    return topology.beginsAtACaller(way)
        && isPrompt(onsets.getOrDefault(way.get(1), Long.MAX_VALUE));
  }

  private boolean isPrompt(long onset) {
    return onset <= injectedAt + Math.max(PROMPT_MILLIS, CLOSE_IN_SAMPLES * stepMillis);
  }

  /**
   * Whether a caller may wait for the fault. While it cannot be seen where it was injected, what is
   * seen to be well on the way from there did not pass it on either.
   */
  private boolean mayFeel(ServiceName caller) {
    return topology.callsThrough(
        caller, between -> onsets.containsKey(between) || !watched.contains(between));
  }

  private static String told(List<ServiceName> way) {
    return way.stream().map(ServiceName::value).collect(Collectors.joining(" → "));
  }

  private boolean isAfterTheFault(long onset) {
    long aftermath = Math.max(AFTERMATH_MILLIS, ONSET_ERROR_SAMPLES * stepMillis);
    return rolledBackAt != Degradation.NEVER && onset - rolledBackAt > aftermath;
  }

  /**
   * Whether the fault can be seen where it was injected, or nobody could see it there. That two
   * things began at about the same time says little if one of them is not known to have begun.
   */
  private boolean mayHaveSpread() {
    return isSeenWhereInjected || (!isWatchedWhereInjected && !topology.knowsInjected());
  }
}

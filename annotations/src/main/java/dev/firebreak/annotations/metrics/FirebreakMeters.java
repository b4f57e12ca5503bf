package dev.firebreak.annotations.metrics;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.firebreak.annotations.grafana.OperationListener;
import dev.firebreak.cascade.DegradationClass;
import dev.firebreak.fault.FaultId;
import dev.firebreak.probe.QueryFailures;
import dev.firebreak.run.FirebreakMetrics;
import dev.firebreak.run.HaltCause;
import dev.firebreak.run.Outcome;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Firebreak's own metrics, {@link FirebreakMetrics}: one for a process and its registry, shared by
 * all runs. Every series whose labels are known is there from the start, at 0. For any thread.
 */
public final class FirebreakMeters implements OperationListener, QueryFailures {
  private static final double[] SECONDS_OF_AN_UNDO = {0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60};

  private final Gauge faultActive;
  private final Gauge faultsActive;
  private final Counter runs;
  private final Counter halts;
  private final Counter findings;
  private final Counter annotationOperations;
  private final Counter queryFailures;
  private final Counter samplesDropped;
  private final Histogram runDuration;
  private final Histogram haltDelay;
  private final Histogram rollbackDuration;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Map<InjectedService, Set<FaultId>> inPlace = new HashMap<>();

  /** What a fault is marked by. */
  record InjectedService(String gameDay, String service, String environment) {}

  /**
   * Registers the metrics.
   *
   * @param version of Firebreak
   * @throws IllegalArgumentException if the registry has them already
   */
  public FirebreakMeters(PrometheusRegistry registry, String version) {
    faultActive =
        Gauge.builder()
            .name(FirebreakMetrics.FAULT_ACTIVE)
            .help("1 while a fault is, or may be, in place in the service, until verified gone.")
            .labelNames("gameday", "service", "env")
            .register(registry);
    faultsActive =
        Gauge.builder()
            .name(FirebreakMetrics.FAULTS_ACTIVE)
            .help("Faults that are, or may be, in place.")
            .register(registry);
    runs = counter(FirebreakMetrics.RUNS, "Runs by outcome.", registry, "outcome");
    halts = counter(FirebreakMetrics.HALTS, "Runs ended early, by reason.", registry, "reason");
    findings =
        counter(
            FirebreakMetrics.FINDINGS,
            "Degraded services by class, once per run and class.",
            registry,
            "class");
    annotationOperations =
        counter(
            FirebreakMetrics.ANNOTATION_OPERATIONS,
            "Requests to Grafana, by operation and result.",
            registry,
            "op",
            "result");
    queryFailures =
        counter(
            FirebreakMetrics.QUERY_FAILURES,
            "Requests for metrics without a usable answer, by who was asked and what went wrong.",
            registry,
            "source",
            "kind");
    samplesDropped =
        counter(
            FirebreakMetrics.LISTENER_SAMPLES_DROPPED,
            "Samples that a slow listener was not told of.",
            registry);
    runDuration =
        histogram(
            FirebreakMetrics.RUN_DURATION,
            "From the opening of a run to its close.",
            registry,
            10,
            30,
            60,
            120,
            300,
            600,
            1200,
            1800,
            3600);
    haltDelay =
        histogram(
            FirebreakMetrics.HALT_DELAY,
            "From the breach seen to the last undo sent.",
            registry,
            SECONDS_OF_AN_UNDO);
    rollbackDuration =
        histogram(
            FirebreakMetrics.ROLLBACK_DURATION,
            "From an undo first sent to the rollback verified.",
            registry,
            SECONDS_OF_AN_UNDO);
    Info.builder()
        .name(FirebreakMetrics.BUILD_INFO)
        .help("The version of Firebreak.")
        .labelNames("version")
        .register(registry)
        .addLabelValues(version);
    initialise();
  }

  /** Adds to the samples that a listener was not told of. */
  public void samplesDropped(long count) {
    samplesDropped.inc(count);
  }

  @Override
  public void done(Operation operation, boolean succeeded) {
    annotationOperations.labelValues(label(operation), result(succeeded)).inc();
  }

  @Override
  public void failed(Source source, Kind kind) {
    queryFailures.labelValues(label(source), label(kind)).inc();
  }

  /** The series exists from here on, at 0 unless another run has a fault there. */
  void announce(InjectedService service) {
    synchronized (lock) {
      show(service);
    }
  }

  void injected(InjectedService service, FaultId fault) {
    synchronized (lock) {
      inPlace.computeIfAbsent(service, any -> new HashSet<>()).add(fault);
      show(service);
    }
  }

  void removed(InjectedService service, FaultId fault) {
    synchronized (lock) {
      Set<FaultId> faults = inPlace.getOrDefault(service, new HashSet<>());
      faults.remove(fault);
      if (faults.isEmpty()) {
        inPlace.remove(service);
      }
      show(service);
    }
  }

  void halted(HaltCause.Kind reason, Labels trace) {
    halts.labelValues(reason.name()).incWithExemplar(trace);
  }

  void degraded(DegradationClass degradation, Labels trace) {
    findings.labelValues(degradation.name()).incWithExemplar(trace);
  }

  void closed(Outcome outcome, Duration duration, Labels trace) {
    runs.labelValues(outcome.name()).incWithExemplar(trace);
    runDuration.observeWithExemplar(seconds(duration), trace);
  }

  void haltDelayed(Duration delay, Labels trace) {
    haltDelay.observeWithExemplar(seconds(delay), trace);
  }

  void rolledBack(Duration duration, Labels trace) {
    rollbackDuration.observeWithExemplar(seconds(duration), trace);
  }

  @GuardedBy("lock")
  private void show(InjectedService service) {
    faultActive
        .labelValues(service.gameDay(), service.service(), service.environment())
        .set(inPlace.containsKey(service) ? 1 : 0);
    faultsActive.set(inPlace.values().stream().mapToInt(Set::size).sum());
  }

  /** A rate over a counter that appears with its first event would miss that event. */
  private void initialise() {
    for (Outcome outcome : Outcome.values()) {
      runs.initLabelValues(outcome.name());
    }
    for (HaltCause.Kind reason : HaltCause.Kind.values()) {
      halts.initLabelValues(reason.name());
    }
    for (DegradationClass degradation : DegradationClass.values()) {
      findings.initLabelValues(degradation.name());
    }
    for (Source source : Source.values()) {
      for (Kind kind : Kind.values()) {
        queryFailures.initLabelValues(label(source), label(kind));
      }
    }
    for (Operation operation : Operation.values()) {
      for (boolean succeeded : List.of(true, false)) {
        annotationOperations.initLabelValues(label(operation), result(succeeded));
      }
    }
  }

  private static Counter counter(
      String name, String help, PrometheusRegistry registry, String... labels) {
    return Counter.builder().name(name).help(help).labelNames(labels).register(registry);
  }

  private static Histogram histogram(
      String name, String help, PrometheusRegistry registry, double... upperBounds) {
    return Histogram.builder()
        .name(name)
        .help(help)
        .classicUpperBounds(upperBounds)
        .register(registry);
  }

  private static String label(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }

  private static String result(boolean succeeded) {
    return succeeded ? "ok" : "failed";
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}

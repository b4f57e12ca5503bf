package dev.firebreak.run;

import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.experiment.ExpectedBound;
import dev.firebreak.experiment.Experiment;
import dev.firebreak.experiment.HaltPolicy;
import dev.firebreak.experiment.SmallestEffect;
import dev.firebreak.experiment.SteadyStateHypothesis;
import dev.firebreak.experiment.SteadyStateHypothesis.SteadyStateProbe;
import dev.firebreak.experiment.Tolerance;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Experiments on a {@link FakeCluster}, as short as they can be written. */
public record Experiments(
    ServiceName injected,
    List<ServiceName> expected,
    Optional<Tolerance> tolerance,
    int faults,
    int undos) {
  private static final Duration FAULT = Duration.ofSeconds(60);

  /** Slows {@code service}; everything else is outside. */
  public static Experiments slow(String service) {
    return new Experiments(ServiceName.of(service), List.of(), Optional.empty(), 1, 0);
  }

  /** These may feel it without limit. */
  public Experiments expecting(String... services) {
    return new Experiments(
        injected,
        List.of(services).stream().map(ServiceName::of).toList(),
        tolerance,
        faults,
        undos);
  }

  /** Expects the p95 of {@code web} to stay at or below {@code seconds}. */
  public Experiments toleratingLatency(double seconds) {
    return new Experiments(
        injected, expected, Optional.of(Tolerance.atMost(seconds)), faults, undos);
  }

  /** The same fault {@code count} times. */
  public Experiments times(int count) {
    return new Experiments(injected, expected, tolerance, count, undos);
  }

  /** And has an undo action of the user's own, due long before the fault ends. */
  public Experiments undoing() {
    return new Experiments(injected, expected, tolerance, faults, 1);
  }

  public Experiment build(FaultKind kind) {
    return new Experiment(
        "slow " + injected,
        hypothesis(),
        new BlastRadius(Set.of(injected), bounds(), Optional.empty()),
        Collections.nCopies(faults, new FaultRequest(kind, injected, Map.of(), Map.of(), FAULT)),
        Collections.nCopies(
            undos, new FaultRequest(kind, injected, Map.of(), Map.of(), Duration.ofSeconds(1))),
        HaltPolicy.DEFAULT,
        Experiment.Timing.DEFAULT);
  }

  /** Slows {@code service} for so long. */
  public static FaultRequest fault(String service, Duration duration) {
    return fault(FakeCluster.SLOW, service, duration);
  }

  public static FaultRequest fault(FaultKind kind, String service, Duration duration) {
    return new FaultRequest(kind, ServiceName.of(service), Map.of(), Map.of(), duration);
  }

  /** These faults, which last for different times. */
  public static Experiment injecting(FaultRequest... faults) {
    List<FaultRequest> method = List.of(faults);
    return new Experiment(
        "slow some",
        SteadyStateHypothesis.none(),
        BlastRadius.of(
            method.stream().map(FaultRequest::service).distinct().toArray(ServiceName[]::new)),
        method,
        List.of(),
        HaltPolicy.DEFAULT,
        Experiment.Timing.DEFAULT);
  }

  /** Halts on these conditions alone. */
  public static Experiment haltingOn(Set<HaltPolicy.Condition> conditions, Experiment plain) {
    return new Experiment(
        plain.name(),
        plain.hypothesis(),
        plain.radius(),
        plain.method(),
        plain.rollbacks(),
        new HaltPolicy(conditions, HaltPolicy.DEFAULT_BLIND_AFTER, SmallestEffect.DEFAULT),
        plain.timing());
  }

  private SteadyStateHypothesis hypothesis() {
    return tolerance
        .map(
            band ->
                new SteadyStateHypothesis(
                    "the web is fast",
                    List.of(
                        new SteadyStateProbe(
                            "fast", "http.latency.p95", ServiceName.of("web"), band))))
        .orElse(SteadyStateHypothesis.none());
  }

  private Map<ServiceName, ExpectedBound> bounds() {
    Map<ServiceName, ExpectedBound> bounds = new TreeMap<>();
    expected.forEach(service -> bounds.put(service, ExpectedBound.UNBOUNDED));
    return bounds;
  }
}

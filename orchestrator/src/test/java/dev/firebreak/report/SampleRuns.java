package dev.firebreak.report;

import dev.firebreak.cascade.Calibrated;
import dev.firebreak.cascade.DegradationClass;
import dev.firebreak.cascade.FalseHaltRate;
import dev.firebreak.cascade.Finding;
import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.experiment.ExpectedBound;
import dev.firebreak.experiment.SmallestEffect;
import dev.firebreak.experiment.SteadyStateHypothesis;
import dev.firebreak.experiment.SteadyStateHypothesis.SteadyStateProbe;
import dev.firebreak.experiment.Tolerance;
import dev.firebreak.fault.FaultId;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.Undo;
import dev.firebreak.probe.SeriesId;
import dev.firebreak.probe.Signal;
import dev.firebreak.probe.Signal.Kind;
import dev.firebreak.run.HaltCause;
import dev.firebreak.run.Outcome;
import dev.firebreak.run.Phase;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.BaselineTaken;
import dev.firebreak.run.RunEvent.FalseHaltsMeasured;
import dev.firebreak.run.RunEvent.FaultArmed;
import dev.firebreak.run.RunEvent.FaultConfirmed;
import dev.firebreak.run.RunEvent.Halted;
import dev.firebreak.run.RunEvent.InjectionAcknowledged;
import dev.firebreak.run.RunEvent.InjectionSent;
import dev.firebreak.run.RunEvent.PhaseEntered;
import dev.firebreak.run.RunEvent.ProbeJudged;
import dev.firebreak.run.RunEvent.ProbeJudged.Verdict;
import dev.firebreak.run.RunEvent.RollbackAbandoned;
import dev.firebreak.run.RunEvent.RollbackAcknowledged;
import dev.firebreak.run.RunEvent.RollbackFailed;
import dev.firebreak.run.RunEvent.RollbackRequested;
import dev.firebreak.run.RunEvent.RollbackVerified;
import dev.firebreak.run.RunEvent.RunClosed;
import dev.firebreak.run.RunEvent.RunOpened;
import dev.firebreak.run.RunEvent.SamplesTaken;
import dev.firebreak.run.RunEvent.ServiceDegraded;
import dev.firebreak.run.RunEvent.SightLost;
import dev.firebreak.run.RunEvent.SightRegained;
import dev.firebreak.run.RunEvent.SignalsFound;
import dev.firebreak.run.RunEvent.WatchBegan;
import dev.firebreak.run.RunId;
import dev.firebreak.run.Trigger;
import dev.firebreak.service.CallGraph;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Runs on a shop, as lists of their events, with the series that such runs have: sixty seconds of
 * baseline, then latency in payments. Times are seconds since the run began.
 */
public final class SampleRuns {
  public static final Instant START = Instant.parse("2026-11-23T10:00:00Z");
  public static final RunId RUN = new RunId("20261123-100000-k3v9qx");
  public static final FaultId FAULT = FaultId.of(RUN + ".f1");
  public static final double INJECTED = 60.42;

  private static final FaultKind LATENCY = FaultKind.of("chaos-monkey/latency");
  private static final String TARGET = "http://localhost:8084";
  private static final Signal P95 = new Signal("http.latency.p95", Kind.LATENCY);
  private static final Signal ERRORS = new Signal("http.error-ratio", Kind.ERROR_RATIO);
  private static final Signal RATE = new Signal("http.rate", Kind.TRAFFIC);
  private static final Signal POOL = new Signal("jdbc.pool.saturation", Kind.SATURATION);
  private static final Signal UP = new Signal("up", Kind.AVAILABILITY);
  private static final List<String> SERVICES =
      List.of("gateway", "catalog", "checkout", "payments", "inventory", "recommendations");
  private static final List<SeriesId> SERIES =
      SERVICES.stream()
          .flatMap(service -> Stream.of(P95, ERRORS, RATE, POOL, UP).map(on(service)))
          .sorted()
          .toList();

  private static Function<Signal, SeriesId> on(String service) {
    return signal -> new SeriesId(ServiceName.of(service), signal);
  }

  private final List<RunEvent> events = new ArrayList<>();
  private double undoneAt = Double.MAX_VALUE;
  private boolean spreads;
  private double slowest = 2;

  private SampleRuns() {}

  public static Instant at(double seconds) {
    return START.plusNanos(Math.round(seconds * 1e9));
  }

  /** Slow payments reach gateway and catalog, which were not declared to feel it. */
  public static List<RunEvent> cascaded() {
    SampleRuns run = new SampleRuns();
    run.spreads = true;
    run.undoneAt = 69.81;
    run.open();
    run.baseline();
    run.inject();
    run.add(new FaultConfirmed(at(62.01), FAULT, "p95 of payments is 1.02 s"));
    run.escape();
    run.add(new Halted(at(69.402), halt(HaltCause.Kind.CASCADE, gatewayDegraded(), 69.4)));
    run.rollBack(69.412, 69.81, 72.3);
    run.recover(72.31, 92.5);
    run.close(92.6, Outcome.CASCADED, "escaped to gateway, catalog");
    return run.events();
  }

  /** The same events as if nothing had been injected. */
  public static List<RunEvent> asPlacebo(List<RunEvent> events) {
    return events.stream().map(SampleRuns::asPlacebo).toList();
  }

  private static RunEvent asPlacebo(RunEvent event) {
    return event instanceof FaultArmed armed
        ? new FaultArmed(
            armed.at(),
            armed.fault(),
            FaultKind.PLACEBO,
            armed.service(),
            "nothing",
            armed.duration(),
            new Undo(armed.fault(), FaultKind.PLACEBO, Map.of()))
        : event;
  }

  /** Payments is slow for thirty seconds and nobody else feels it. */
  public static List<RunEvent> held() {
    SampleRuns run = new SampleRuns();
    run.undoneAt = 90.6;
    run.open();
    run.baseline();
    run.inject();
    run.add(new FaultConfirmed(at(61.9), FAULT, "p95 of payments is 1.02 s"));
    run.add(degraded(65, injectedFinding(Optional.empty())));
    run.rollBack(90.5, 90.6, 92.9);
    run.recover(92.91, 98);
    String reason = "the hypothesis held and none of 4 services outside degraded";
    run.close(98.1, Outcome.HELD, reason);
    return run.events();
  }

  /** Nothing escapes, but customers feel it. */
  public static List<RunEvent> deviated() {
    SampleRuns run = new SampleRuns();
    run.spreads = true;
    run.slowest = 0.8;
    run.undoneAt = 66.2;
    run.open();
    run.baseline();
    run.inject();
    run.add(new FaultConfirmed(at(61.9), FAULT, "p95 of payments is 1.02 s"));
    run.add(new ProbeJudged(at(65.4), "checkout is fast enough", Verdict.BREACHED, 1.19));
    run.add(new Halted(at(65.5), halt(HaltCause.Kind.HYPOTHESIS, "checkout is slow", 65.4)));
    run.rollBack(65.51, 66.2, 68.4);
    run.add(new ProbeJudged(at(70), "checkout is fast enough", Verdict.WITHIN, 0.2));
    run.recover(70.1, 75);
    run.close(75.1, Outcome.DEVIATED, "\"checkout is fast enough\" broke");
    return run.events();
  }

  /** The source goes away while the fault is in place. */
  public static List<RunEvent> blind() {
    SampleRuns run = new SampleRuns();
    run.undoneAt = 80.9;
    run.open();
    run.baseline();
    run.inject();
    run.add(new FaultConfirmed(at(61.9), FAULT, "p95 of payments is 1.02 s"));
    run.events.removeIf(event -> event instanceof SamplesTaken && event.at().isAfter(at(65)));
    run.add(new SightLost(at(80), at(65), "the services outside the blast radius"));
    String detail = "no evidence about the services outside the blast radius for 15 s";
    run.add(new Halted(at(80.01), halt(HaltCause.Kind.BLIND, detail, 80)));
    run.rollBack(80.02, 80.9, 83.1);
    run.add(new SightRegained(at(84)));
    run.close(95, Outcome.INCONCLUSIVE, detail);
    return run.events();
  }

  /** The undo never works. */
  public static List<RunEvent> notUndone() {
    SampleRuns run = new SampleRuns();
    run.open();
    run.baseline();
    run.inject();
    run.add(new FaultConfirmed(at(61.9), FAULT, "p95 of payments is 1.02 s"));
    run.add(new Halted(at(64), halt(HaltCause.Kind.PERSON, "Ctrl-C", 64)));
    run.add(new PhaseEntered(at(64), Phase.ROLLBACK));
    run.add(new RollbackRequested(at(64.01), FAULT, 1));
    run.add(new RollbackFailed(at(64.2), FAULT, 1, "HTTP 503"));
    run.add(new RollbackRequested(at(65.2), FAULT, 2));
    run.add(new RollbackFailed(at(65.4), FAULT, 2, "HTTP 503"));
    run.add(new RollbackAbandoned(at(94), FAULT, "HTTP 503"));
    run.recover(94, 99);
    String fault = "chaos-monkey/latency on " + TARGET;
    run.close(99, Outcome.FAILED, "the rollback of " + fault + " is not verified");
    return run.events();
  }

  /** The steady state does not hold, so that nothing is injected. */
  public static List<RunEvent> refused() {
    SampleRuns run = new SampleRuns();
    run.open();
    run.baseline();
    run.events.removeIf(event -> event.at().isAfter(at(60.39)));
    run.add(new ProbeJudged(at(58), "orders go through", Verdict.BREACHED, 0.08));
    String reason = "the steady state does not hold before the injection: 8 % of orders fail";
    run.close(60.41, Outcome.REFUSED, reason);
    return run.events();
  }

  private List<RunEvent> events() {
    double end = (events.get(events.size() - 1).at().toEpochMilli() - START.toEpochMilli()) / 1e3;
    boolean goesBlind = events.stream().anyMatch(SightLost.class::isInstance);
    for (double time = 1; time < end; time++) {
      if (!(goesBlind && time > 65 && time < 84)) {
        add(new SamplesTaken(at(time), values(time)));
      }
    }
    return events.stream().sorted(Comparator.comparing(RunEvent::at)).toList();
  }

  private void add(RunEvent event) {
    events.add(event);
  }

  private void open() {
    add(
        new RunOpened(
            START,
            RUN,
            "checkout-weekly",
            "payments answers slowly",
            "team-checkout",
            "staging",
            Trigger.MANUAL,
            "9f2b6c1d4e8a70535b1c9d2e6f7a8b0c1d2e3f405162738495a6b7c8d9e0f1a2",
            "4bf92f3577b34da6a3ce929d0e0e4736",
            radius(),
            hypothesis(),
            Duration.ofSeconds(1)));
    add(new PhaseEntered(START, Phase.PREFLIGHT));
    add(
        new SignalsFound(
            at(0.4),
            List.of("spring-boot"),
            SERIES,
            callGraph(),
            Map.of("search", "connection refused")));
    add(new WatchBegan(at(0.4), SmallestEffect.DEFAULT, 0.005, declared()));
    add(
        new FalseHaltsMeasured(
            at(0.4),
            new Calibrated(
                START.minus(Duration.ofDays(6)),
                26.5,
                new FalseHaltRate(0.005, 60_000, 3_000, 1, 0, 1.2))));
    add(new PhaseEntered(at(0.4), Phase.BASELINE));
  }

  private static BlastRadius radius() {
    return new BlastRadius(
        Set.of(ServiceName.of("payments")),
        Map.of(
            ServiceName.of("checkout"),
            new ExpectedBound(OptionalDouble.of(20), OptionalDouble.empty())),
        Optional.empty());
  }

  private SteadyStateHypothesis hypothesis() {
    ServiceName checkout = ServiceName.of("checkout");
    return new SteadyStateHypothesis(
        "Customers can buy although payments is slow",
        List.of(
            new SteadyStateProbe(
                "orders go through", ERRORS.name(), checkout, Tolerance.atMost(0.01)),
            new SteadyStateProbe(
                "checkout is fast enough", P95.name(), checkout, Tolerance.atMost(slowest))));
  }

  private static CallGraph callGraph() {
    return new CallGraph(
        Set.of(
            call("gateway", "catalog"),
            call("gateway", "checkout"),
            call("gateway", "recommendations"),
            call("checkout", "payments"),
            call("checkout", "inventory"),
            call("catalog", "inventory")));
  }

  private static CallGraph declared() {
    return new CallGraph(Set.of(call("gateway", "checkout"), call("checkout", "payments")));
  }

  private static CallGraph.Edge call(String caller, String callee) {
    return new CallGraph.Edge(ServiceName.of(caller), ServiceName.of(callee));
  }

  private void baseline() {
    add(new ProbeJudged(at(1), "orders go through", Verdict.WITHIN, 0.001));
    add(new ProbeJudged(at(1), "checkout is fast enough", Verdict.WITHIN, 0.06));
    add(
        new BaselineTaken(
            at(60.4),
            names("gateway", "catalog", "inventory", "recommendations"),
            names("search"),
            15,
            Map.of("recommendations jdbc.pool.saturation", "no value in 60 looks")));
  }

  private static List<ServiceName> names(String... services) {
    return Stream.of(services).map(ServiceName::of).toList();
  }

  private void inject() {
    add(new PhaseEntered(at(60.4), Phase.INJECT));
    Undo undo = new Undo(FAULT, LATENCY, Map.of("url", TARGET));
    Duration planned = Duration.ofSeconds(30);
    ServiceName payments = ServiceName.of("payments");
    add(new FaultArmed(at(60.41), FAULT, LATENCY, payments, TARGET, planned, undo));
    add(new InjectionSent(at(INJECTED), FAULT));
    add(new InjectionAcknowledged(at(60.5), FAULT));
    add(new PhaseEntered(at(60.5), Phase.OBSERVE));
  }

  private void escape() {
    add(degraded(63, injectedFinding(Optional.empty())));
    add(degraded(66, checkoutFinding(Optional.empty())));
    add(degraded(68, inventoryFinding()));
    add(degraded(69.4, gatewayFinding(Optional.empty())));
    add(degraded(70.4, catalogFinding(Optional.empty())));
    add(degraded(76, injectedFinding(Optional.of(at(73)))));
    add(degraded(78, checkoutFinding(Optional.of(at(75)))));
    add(degraded(79, gatewayFinding(Optional.of(at(76)))));
    add(degraded(80, catalogFinding(Optional.of(at(77)))));
  }

  private static ServiceDegraded degraded(double time, Finding finding) {
    return new ServiceDegraded(at(time), finding);
  }

  private static Finding injectedFinding(Optional<Instant> recovered) {
    return new Finding(
        ServiceName.of("payments"),
        DegradationClass.INJECTED,
        P95,
        0.021,
        1.03,
        at(61),
        at(63),
        names("payments"),
        "it received the fault",
        recovered);
  }

  private static Finding checkoutFinding(Optional<Instant> recovered) {
    return new Finding(
        ServiceName.of("checkout"),
        DegradationClass.EXPECTED,
        P95,
        0.062,
        1.19,
        at(63.3),
        at(66),
        names("payments", "checkout"),
        "declared to feel the fault, and within its bound of 20 times its latency",
        recovered);
  }

  private static Finding inventoryFinding() {
    return new Finding(
        ServiceName.of("inventory"),
        DegradationClass.UNRELATED,
        POOL,
        0.35,
        0.88,
        at(41),
        at(68),
        List.of(),
        "it was degraded 19 s before the injection",
        Optional.empty());
  }

  private static Finding gatewayFinding(Optional<Instant> recovered) {
    return new Finding(
        ServiceName.of("gateway"),
        DegradationClass.ESCAPED,
        P95,
        0.088,
        1.46,
        at(65.62),
        at(69.4),
        names("payments", "checkout", "gateway"),
        "its latency rose 5.2 s after the injection, and it calls checkout, which calls payments",
        recovered);
  }

  private static Finding catalogFinding(Optional<Instant> recovered) {
    return new Finding(
        ServiceName.of("catalog"),
        DegradationClass.ESCAPED,
        RATE,
        18,
        4.1,
        at(67.52),
        at(70.4),
        List.of(),
        "its traffic fell 7.1 s after the injection, close to the degradation of gateway",
        recovered);
  }

  private static String gatewayDegraded() {
    return "http.latency.p95 of gateway went from 0.088 to 1.46 outside the blast radius";
  }

  private static HaltCause halt(HaltCause.Kind kind, String detail, double breach) {
    return new HaltCause(kind, detail, at(breach));
  }

  private void rollBack(double requested, double acknowledged, double verified) {
    add(new PhaseEntered(at(requested - 0.001), Phase.ROLLBACK));
    add(new RollbackRequested(at(requested), FAULT, 1));
    add(new RollbackAcknowledged(at(acknowledged), FAULT));
    add(new RollbackVerified(at(verified), FAULT, "assaults are off; p95 of payments is 23 ms"));
  }

  private void recover(double from, double to) {
    add(new PhaseEntered(at(from), Phase.RECOVERY));
    add(new PhaseEntered(at(to), Phase.CLOSED));
  }

  private void close(double time, Outcome outcome, String reason) {
    add(new RunClosed(at(time), outcome, reason));
  }

  private List<Double> values(double time) {
    return SERIES.stream().map(series -> value(series, time)).toList();
  }

  private double value(SeriesId series, double time) {
    String service = series.service().value();
    double wobble = 1 + 0.06 * Math.sin(time * 1.7 + service.length()) * Math.cos(time * 0.61);
    double slow = slowness(service, time);
    return switch (series.signal().kind()) {
      case LATENCY -> (normal(service) + slow) * wobble;
      case ERROR_RATIO -> 0.001 + (service.equals("gateway") ? slow * 0.03 : 0);
      case TRAFFIC -> service.equals("catalog") ? 18 * wobble / (1 + 4 * slow) : 12 * wobble;
      case SATURATION -> saturation(service, time);
      case AVAILABILITY -> 1;
      case SUCCESS_RATIO, RESOURCE -> Double.NaN;
    };
  }

  private static double saturation(String service, double time) {
    if (service.equals("recommendations") || (time > 24 && time < 29)) {
      return Double.NaN;
    }
    boolean grows = service.equals("inventory") && time > 41;
    return 0.35 + (grows ? Math.min(0.53, (time - 41) * 0.03) : 0);
  }

  private static double normal(String service) {
    return switch (service) {
      case "payments" -> 0.021;
      case "checkout" -> 0.062;
      case "gateway" -> 0.088;
      default -> 0.015;
    };
  }

  /** Seconds that the fault adds: it grows over three seconds and goes once it is undone. */
  private double slowness(String service, double time) {
    double reach =
        switch (service) {
          case "payments" -> 0;
          case "checkout" -> spreads ? 2 : Double.MAX_VALUE;
          case "gateway" -> spreads ? 4.5 : Double.MAX_VALUE;
          case "catalog" -> spreads ? 6.5 : Double.MAX_VALUE;
          default -> Double.MAX_VALUE;
        };
    double grown = Math.min(1, Math.max(0, (time - INJECTED - reach) / 3));
    double left = time <= undoneAt ? 1 : Math.max(0, 1 - (time - undoneAt) / 6);
    return grown * left * (service.equals("gateway") ? 1.35 : 1);
  }
}

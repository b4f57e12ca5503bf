package dev.firebreak.app.journal;

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
import dev.firebreak.probe.Change;
import dev.firebreak.probe.SeriesId;
import dev.firebreak.probe.Signal;
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
import dev.firebreak.run.RunEvent.InjectionFailed;
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
import dev.firebreak.run.RunEvent.SystemChanged;
import dev.firebreak.run.RunEvent.WatchBegan;
import dev.firebreak.run.RunId;
import dev.firebreak.run.Trigger;
import dev.firebreak.service.CallGraph;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** At least one event of every type, with every odd value that it can have. */
final class SampleEvents {
  private static final ServiceName CART = ServiceName.of("cart");
  private static final ServiceName WEB = ServiceName.of("web");
  private static final Signal P95 = new Signal("http.latency.p95", Signal.Kind.LATENCY);

  private SampleEvents() {}

  static List<RunEvent> ofEveryType() {
    FaultId fault = fault(1);
    return List.of(
        opened(),
        new PhaseEntered(at(0), Phase.PREFLIGHT),
        new SignalsFound(
            at(1),
            List.of("spring-boot"),
            List.of(new SeriesId(CART, P95), new SeriesId(WEB, P95)),
            new CallGraph(
                Set.of(
                    new CallGraph.Edge(WEB, CART),
                    new CallGraph.Edge(CART, ServiceName.of("stock")))),
            Map.of("mail", "no answer", "ads", "HTTP 500")),
        new FalseHaltsMeasured(
            at(1), new Calibrated(at(0), 26.5, new FalseHaltRate(0.01, 60_000, 3_000, 1, 0, 1.2))),
        new WatchBegan(
            at(1),
            new SmallestEffect(3, Duration.ofMillis(5), 0.02, 4),
            0.003,
            new CallGraph(Set.of(new CallGraph.Edge(WEB, CART)))),
        new SamplesTaken(at(2), List.of(0.03, Double.NaN, 1e-9, 0.0, -0.0, 1.0E22)),
        new BaselineTaken(
            at(3), List.of(WEB), List.of(ServiceName.of("mail")), 4, Map.of("x p95", "noise")),
        new ProbeJudged(at(4), "orders \"go\" through\n→", Verdict.WITHIN, 0.25),
        new ProbeJudged(at(5), "fast", Verdict.NO_EVIDENCE, Double.NaN),
        armed(1),
        new InjectionSent(at(7), fault),
        new InjectionAcknowledged(at(8), fault),
        new InjectionFailed(at(9), fault, "no answer within 3 s", true),
        new FaultConfirmed(at(10), fault, "p95 went from 0.03 to 1.5"),
        new ServiceDegraded(at(11), finding(Optional.empty())),
        new ServiceDegraded(at(12), finding(Optional.of(at(12)))),
        new SystemChanged(at(12), new Change(WEB, Change.Kind.DEPLOY, "version 1 → version \"2\"")),
        new SystemChanged(at(12), new Change(CART, Change.Kind.RESTART, "")),
        new SightLost(at(13), at(0), "the services outside the blast radius"),
        new SightRegained(at(14)),
        new Halted(at(15), new HaltCause(HaltCause.Kind.CASCADE, "web is slow", at(14))),
        new RollbackRequested(at(16), fault, 1),
        new RollbackAcknowledged(at(17), fault),
        new RollbackFailed(at(18), fault, 2, "HTTP 503"),
        new RollbackVerified(at(19), fault, "not there"),
        new RollbackAbandoned(at(20), fault, "still there: listed"),
        new RunClosed(at(21), Outcome.CASCADED, "escaped to web"));
  }

  private static RunOpened opened() {
    return new RunOpened(
        at(0),
        new RunId("20261123-100000-abcdef"),
        "weekly",
        "payments answers slowly",
        "team-shop",
        "staging",
        Trigger.SCHEDULE,
        "ab".repeat(32),
        "0123456789abcdef0123456789abcdef",
        new BlastRadius(
            Set.of(CART),
            Map.of(
                WEB,
                new ExpectedBound(OptionalDouble.of(2), OptionalDouble.empty()),
                ServiceName.of("ads"),
                ExpectedBound.UNBOUNDED),
            Optional.of(Set.of(ServiceName.of("mail")))),
        new SteadyStateHypothesis(
            "customers can buy",
            List.of(
                new SteadyStateProbe("fast", "http.latency.p95", WEB, Tolerance.atMost(0.8)),
                new SteadyStateProbe(
                    "busy",
                    "http.rate",
                    WEB,
                    new Tolerance(OptionalDouble.of(1), OptionalDouble.empty())))),
        Duration.ofMillis(5_500));
  }

  private static Finding finding(Optional<Instant> recoveredAt) {
    return new Finding(
        WEB,
        DegradationClass.ESCAPED,
        P95,
        0.03,
        1.5,
        at(10),
        at(11),
        List.of(CART, WEB),
        "degraded after the injection, by the way cart → web",
        recoveredAt);
  }

  /** The undo record of the {@code n}th fault; no two are alike. */
  static FaultArmed armed(int n) {
    return new FaultArmed(
        at(6),
        fault(n),
        FaultKind.of("toxiproxy/latency"),
        CART,
        "proxy cart at http://localhost:8474",
        Duration.ofMinutes(3),
        new Undo(
            fault(n),
            FaultKind.of("toxiproxy/latency"),
            Map.of("proxy", "cart-" + n, "toxic", "firebreak", "ärger", "a\"b\\c\n{\"seq\":1}")));
  }

  static FaultId fault(int n) {
    return FaultId.of("20261123-100000-abcdef.f" + n);
  }

  /** To the nanosecond, so that nothing is rounded. */
  static Instant at(int seconds) {
    return Instant.parse("2026-11-23T10:00:00.123456789Z").plusSeconds(seconds);
  }
}

package dev.firebreak.annotations;

import dev.firebreak.cascade.DegradationClass;
import dev.firebreak.cascade.Finding;
import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.experiment.SteadyStateHypothesis;
import dev.firebreak.fault.FaultId;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.Undo;
import dev.firebreak.probe.Signal;
import dev.firebreak.run.HaltCause;
import dev.firebreak.run.Outcome;
import dev.firebreak.run.Phase;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.FaultArmed;
import dev.firebreak.run.RunEvent.FaultConfirmed;
import dev.firebreak.run.RunEvent.Halted;
import dev.firebreak.run.RunEvent.InjectionAcknowledged;
import dev.firebreak.run.RunEvent.InjectionSent;
import dev.firebreak.run.RunEvent.PhaseEntered;
import dev.firebreak.run.RunEvent.RollbackAcknowledged;
import dev.firebreak.run.RunEvent.RollbackRequested;
import dev.firebreak.run.RunEvent.RollbackVerified;
import dev.firebreak.run.RunEvent.RunClosed;
import dev.firebreak.run.RunEvent.RunOpened;
import dev.firebreak.run.RunEvent.ServiceDegraded;
import dev.firebreak.run.RunId;
import dev.firebreak.run.Trigger;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The events of typical runs. All of them begin at {@link #START}. */
public final class Story {
  public static final Instant START = Instant.parse("2026-11-23T10:00:00Z");
  public static final RunId RUN = new RunId("20261123-100000-abc123");
  public static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  public static final ServiceName PAYMENTS = ServiceName.of("payments");
  public static final ServiceName GATEWAY = ServiceName.of("gateway");
  public static final FaultId FAULT = FaultId.of(RUN + ".f1");
  private static final FaultKind LATENCY = FaultKind.of("chaos-monkey/latency");

  private Story() {}

  /** Halted 12 s after the injection, because it escaped to the gateway. */
  public static List<RunEvent> cascaded() {
    return Stream.<List<RunEvent>>of(
            List.of(opened(), entered(0, Phase.PREFLIGHT), entered(1, Phase.BASELINE)),
            List.of(entered(30, Phase.INJECT)),
            injected(FAULT, LATENCY, PAYMENTS, 31),
            List.of(
                new FaultConfirmed(at(33), FAULT, "p95 went from 0.03 to 1.5"),
                entered(34, Phase.OBSERVE),
                degraded(43, GATEWAY, DegradationClass.ESCAPED, 39, Optional.empty()),
                new Halted(
                    at(43),
                    new HaltCause(
                        HaltCause.Kind.CASCADE, "gateway degraded outside the radius", at(42))),
                entered(43, Phase.ROLLBACK)),
            rolledBack(FAULT, 43),
            List.of(
                entered(47, Phase.RECOVERY),
                degraded(52, GATEWAY, DegradationClass.ESCAPED, 39, Optional.of(at(51))),
                entered(60, Phase.CLOSED),
                new RunClosed(at(60), Outcome.CASCADED, "escaped to gateway")))
        .flatMap(List::stream)
        .toList();
  }

  /** Nothing escaped; the fault ended with its time. */
  public static List<RunEvent> held() {
    return Stream.<List<RunEvent>>of(
            List.of(
                opened(),
                entered(0, Phase.PREFLIGHT),
                entered(1, Phase.BASELINE),
                entered(30, Phase.INJECT)),
            injected(FAULT, LATENCY, PAYMENTS, 31),
            List.of(entered(34, Phase.OBSERVE), entered(91, Phase.ROLLBACK)),
            rolledBack(FAULT, 91),
            List.of(
                entered(95, Phase.RECOVERY),
                entered(100, Phase.CLOSED),
                new RunClosed(at(100), Outcome.HELD, "the hypothesis held")))
        .flatMap(List::stream)
        .toList();
  }

  /**
   * Its process was killed while it observed; the guard rolled back, and a later process closed.
   */
  public static List<RunEvent> interrupted() {
    return Stream.<List<RunEvent>>of(
            List.of(opened(), entered(0, Phase.PREFLIGHT), entered(30, Phase.INJECT)),
            injected(FAULT, LATENCY, PAYMENTS, 31),
            List.of(
                entered(34, Phase.OBSERVE),
                degraded(43, GATEWAY, DegradationClass.ESCAPED, 39, Optional.empty()),
                new Halted(
                    at(52),
                    new HaltCause(
                        HaltCause.Kind.INTERNAL, "the run's process ended or let go", at(50))),
                entered(52, Phase.ROLLBACK)),
            rolledBack(FAULT, 52),
            List.of(
                entered(3600, Phase.CLOSED),
                new RunClosed(
                    at(3600),
                    Outcome.FAILED,
                    "the run's process ended in OBSERVE; its guard rolled back, verified")))
        .flatMap(List::stream)
        .toList();
  }

  public static RunOpened opened() {
    return opened("checkout-weekly", "staging", BlastRadius.of(PAYMENTS));
  }

  public static RunOpened opened(String gameDay, String environment, BlastRadius radius) {
    return new RunOpened(
        START,
        RUN,
        gameDay,
        "payments answers slowly",
        "team-checkout",
        environment,
        Trigger.MANUAL,
        "00ff",
        TRACE,
        radius,
        SteadyStateHypothesis.none(),
        Duration.ofSeconds(5));
  }

  /** The same, of another run. */
  public static RunOpened as(RunId run, RunOpened opened) {
    return new RunOpened(
        opened.at(),
        run,
        opened.gameDay(),
        opened.experiment(),
        opened.owner(),
        opened.environment(),
        opened.trigger(),
        opened.planHash(),
        opened.traceId(),
        opened.radius(),
        opened.hypothesis(),
        opened.samplingStep());
  }

  /** Armed, sent and acknowledged, from {@code second} on. */
  public static List<RunEvent> injected(
      FaultId fault, FaultKind kind, ServiceName service, int second) {
    return List.of(
        armed(fault, kind, service, second),
        new InjectionSent(at(second), fault),
        new InjectionAcknowledged(at(second + 1), fault));
  }

  public static FaultArmed armed(FaultId fault, FaultKind kind, ServiceName service, int second) {
    return new FaultArmed(
        at(second),
        fault,
        kind,
        service,
        service + " at http://localhost:8084",
        Duration.ofMinutes(1),
        new Undo(fault, kind, Map.of()));
  }

  /** Requested, acknowledged a second later and verified two seconds after that. */
  public static List<RunEvent> rolledBack(FaultId fault, int second) {
    return List.of(
        new RollbackRequested(at(second), fault, 1),
        new RollbackAcknowledged(at(second + 1), fault),
        new RollbackVerified(at(second + 3), fault, "not there"));
  }

  public static PhaseEntered entered(int second, Phase phase) {
    return new PhaseEntered(at(second), phase);
  }

  public static ServiceDegraded degraded(
      int second,
      ServiceName service,
      DegradationClass degradation,
      int onset,
      Optional<Instant> recoveredAt) {
    return new ServiceDegraded(
        at(second),
        new Finding(
            service,
            degradation,
            new Signal("http.latency.p95", Signal.Kind.LATENCY),
            0.04,
            1.2,
            at(onset),
            at(second),
            List.of(PAYMENTS, service),
            "its onset followed the fault along the call graph",
            recoveredAt));
  }

  public static Instant at(int second) {
    return START.plusSeconds(second);
  }
}

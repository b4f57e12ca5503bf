package dev.firebreak.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.app.run.BadPrometheus.Kind;
import dev.firebreak.cascade.CascadeDetectors;
import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.experiment.Experiment;
import dev.firebreak.experiment.GameDay;
import dev.firebreak.experiment.HaltPolicy;
import dev.firebreak.experiment.SteadyStateHypothesis;
import dev.firebreak.experiment.Telemetry;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.fault.Injectors;
import dev.firebreak.probe.MetricSource;
import dev.firebreak.probes.MetricSources;
import dev.firebreak.run.FakeCluster;
import dev.firebreak.run.HaltCause;
import dev.firebreak.run.Outcome;
import dev.firebreak.run.RecordingJournal;
import dev.firebreak.run.Run;
import dev.firebreak.run.RunEvent.Halted;
import dev.firebreak.run.RunEvent.RunClosed;
import dev.firebreak.run.RunId;
import dev.firebreak.run.RunSpec;
import dev.firebreak.run.SimulatedLoop;
import dev.firebreak.run.Trigger;
import dev.firebreak.service.CallGraph;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Whole runs against a Prometheus that answers badly: a real source and a real server in a
 * simulated time, so that only deadlines of HTTP are waited for.
 */
class BadAnswersOfPrometheusTest {
  private static final Instant START = Instant.parse("2026-11-23T10:00:00Z");
  private static final Duration EVERY = Telemetry.DEFAULT_EVERY;
  private static final Duration BLIND_AFTER = HaltPolicy.DEFAULT_BLIND_AFTER;

  /** When the answers turn bad. */
  private enum When {
    BEFORE_THE_RUN(Duration.ZERO),
    IN_THE_BASELINE(Duration.ofSeconds(40)),
    DURING_THE_FAULT(Duration.ofSeconds(80)),
    AFTER_THE_RUN(Duration.ofHours(1));

    private final Duration after;

    When(Duration after) {
      this.after = after;
    }
  }

  /** As long as the window of the rates, in which the restart is. */
  private static final Duration WINDOW = Duration.ofSeconds(30);

  private static final ServiceName PAYMENTS = ServiceName.of("payments");

  private final ExecutorService runs = Executors.newFixedThreadPool(8);

  @AfterEach
  void stop() {
    runs.shutdownNow();
  }

  /** How a run ended. */
  private record Ending(
      Kind kind,
      When when,
      Outcome outcome,
      String reason,
      Optional<HaltCause.Kind> halt,
      Duration untilHalt,
      int injected,
      int left) {
    @Override
    public String toString() {
      return "%-21s %-16s %-12s %-7s %3d s  %s"
          .formatted(
              kind,
              when,
              outcome,
              halt.map(HaltCause.Kind::name).orElse("-"),
              untilHalt.toSeconds(),
              reason);
    }
  }

  @Test
  void withGoodAnswersTheSameRunHolds() {
    Ending ending = run(Kind.REFUSED, When.AFTER_THE_RUN, Optional.empty());
    assertThat(ending.outcome()).isEqualTo(Outcome.HELD);
  }

  @Test
  void nothingIsInjectedWhenTheAnswersAreBadBeforeTheRun() throws Exception {
    for (Ending ending : ofEveryKind(When.BEFORE_THE_RUN)) {
      assertThat(ending.outcome()).as(ending.toString()).isEqualTo(Outcome.REFUSED);
      assertThat(ending.reason()).as(ending.toString()).contains(ending.kind().why);
      assertThat(ending.injected()).as(ending.toString()).isZero();
    }
  }

  @Test
  void nothingIsInjectedWhenTheAnswersTurnBadInTheBaseline() throws Exception {
    for (Ending ending : ofEveryKind(When.IN_THE_BASELINE)) {
      assertThat(ending.outcome()).as(ending.toString()).isEqualTo(Outcome.REFUSED);
      assertThat(ending.reason()).as(ending.toString()).contains(ending.kind().why);
      assertThat(ending.injected()).as(ending.toString()).isZero();
    }
  }

  @Test
  void badAnswersDuringTheFaultHaltTheRunInTime() throws Exception {
    for (Ending ending : ofEveryKind(When.DURING_THE_FAULT)) {
      assertThat(ending.injected()).as(ending.toString()).isOne();
      assertThat(ending.left()).as(ending.toString()).isZero();
      assertThat(ending.untilHalt())
          .as(ending.toString())
          .isLessThanOrEqualTo(BLIND_AFTER.plus(EVERY));
      // Services that disappear or start again have failed; all else is blindness.
      boolean failed = ending.kind() == Kind.VANISHED || ending.kind() == Kind.COUNTER_RESETS;
      assertThat(ending.halt())
          .as(ending.toString())
          .contains(failed ? HaltCause.Kind.CASCADE : HaltCause.Kind.BLIND);
      assertThat(ending.outcome())
          .as(ending.toString())
          .isEqualTo(failed ? Outcome.CASCADED : Outcome.INCONCLUSIVE);
      assertThat(ending.reason()).as(ending.toString()).contains(ending.kind().why);
    }
  }

  @Test
  void aServiceOutsideWhoseCountersAreResetOnceHasFailedAndTheRunNeverHolds() {
    Ending ending = run(Kind.COUNTER_RESETS, When.DURING_THE_FAULT, Optional.of("checkout"));
    assertThat(ending.halt()).as(ending.toString()).contains(HaltCause.Kind.CASCADE);
    assertThat(ending.left()).as(ending.toString()).isZero();
    assertThat(ending.outcome()).as(ending.toString()).isEqualTo(Outcome.CASCADED);
  }

  @Test
  void aServiceInsideMayStartAgain() {
    Ending ending = run(Kind.COUNTER_RESETS, When.DURING_THE_FAULT, Optional.of("payments"));
    assertThat(ending.halt()).as(ending.toString()).isEmpty();
    assertThat(ending.left()).as(ending.toString()).isZero();
    assertThat(ending.outcome()).as(ending.toString()).isEqualTo(Outcome.HELD);
  }

  /** Prints the table as well: kind, when, outcome, halt, how long it took, why. */
  private List<Ending> ofEveryKind(When when) throws Exception {
    List<Future<Ending>> started = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      started.add(runs.submit(() -> run(kind, when, Optional.empty())));
    }
    List<Ending> endings = new ArrayList<>();
    for (Future<Ending> ending : started) {
      endings.add(ending.get());
    }
    endings.forEach(System.out::println);
    return endings;
  }

  /**
   * One run.
   *
   * @param restarted the service that starts again once; if empty, all answers are bad for good
   */
  private static Ending run(Kind kind, When when, Optional<String> restarted) {
    SimulatedLoop loop = new SimulatedLoop(START);
    FakeCluster cluster = FakeCluster.chain(loop, "gateway", "checkout", "payments");
    RecordingJournal journal = new RecordingJournal();
    try (BadPrometheus prometheus = new BadPrometheus(loop::now)) {
      if (restarted.isPresent()) {
        loop.after(when.after, () -> prometheus.restarts(restarted.get()));
        loop.after(when.after.plus(WINDOW), prometheus::forgetsRestarts);
      } else if (when == When.BEFORE_THE_RUN) {
        prometheus.turnsBad(kind);
      } else {
        loop.after(when.after, () -> prometheus.turnsBad(kind));
      }
      RunSpec spec = spec(prometheus);
      try (MetricSource source =
          MetricSources.open(spec.telemetry(), loop::now, System::nanoTime)) {
        new Run(
                spec,
                new Injectors(List.of(cluster)),
                source,
                CascadeDetectors.online(),
                loop,
                journal,
                event -> {})
            .execute();
        return ending(kind, when, journal, cluster);
      }
    }
  }

  private static Ending ending(
      Kind kind, When when, RecordingJournal journal, FakeCluster cluster) {
    Optional<Halted> halted = journal.events(Halted.class).stream().findFirst();
    RunClosed closed = journal.events(RunClosed.class).get(0);
    Instant ended = halted.map(Halted::at).orElse(closed.at());
    return new Ending(
        kind,
        when,
        closed.outcome(),
        closed.reason(),
        halted.map(event -> event.cause().kind()),
        Duration.between(START.plus(when.after), ended),
        cluster.everInjected().size(),
        cluster.activeFaults().size());
  }

  private static RunSpec spec(BadPrometheus prometheus) {
    Experiment experiment =
        new Experiment(
            "slow payments",
            SteadyStateHypothesis.none(),
            BlastRadius.of(PAYMENTS),
            List.of(
                new FaultRequest(
                    FakeCluster.SLOW, PAYMENTS, Map.of(), Map.of(), Duration.ofMinutes(1))),
            List.of(),
            HaltPolicy.DEFAULT,
            new Experiment.Timing(Duration.ofMinutes(1), Duration.ofSeconds(5)));
    return new RunSpec(
        new RunId("20261123-100000-abcdef"),
        new GameDay.Metadata("weekly", "team-shop", "test"),
        new Telemetry(
            new Telemetry.Prometheus(prometheus.url(), Map.of()), EVERY, new CallGraph(Set.of())),
        experiment,
        Trigger.MANUAL,
        "0123456789abcdef0123456789abcdef");
  }
}

package dev.firebreak.annotations.silences;

import dev.firebreak.annotations.Story;
import dev.firebreak.annotations.grafana.LinkTemplate;
import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.experiment.Experiment;
import dev.firebreak.experiment.HaltPolicy;
import dev.firebreak.experiment.SteadyStateHypothesis;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.InjectionSent;
import dev.firebreak.run.RunEvent.RollbackRequested;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The experiment of {@link Story}, and what silences its run. */
final class Silencing {
  static final Duration FAULT = Duration.ofMinutes(1);
  static final Duration RECOVERY = Duration.ofSeconds(45);

  private Silencing() {}

  static RunSilencer by(SilenceKeeper keeper, AlertmanagerSettings settings) {
    LinkTemplate report = new LinkTemplate("https://reports.example/{run}");
    return new RunSilencer(keeper, settings, experiment(), Optional.of(report));
  }

  private static Experiment experiment() {
    FaultKind latency = FaultKind.of("chaos-monkey/latency");
    return new Experiment(
        "payments answers slowly",
        SteadyStateHypothesis.none(),
        BlastRadius.of(Story.PAYMENTS),
        List.of(new FaultRequest(latency, Story.PAYMENTS, Map.of(), Map.of(), FAULT)),
        List.of(),
        HaltPolicy.DEFAULT,
        new Experiment.Timing(Duration.ofSeconds(30), RECOVERY));
  }

  /** Up to the rollback, with the injection sent at {@code injection}. */
  static List<RunEvent> untilObserved(Instant injection) {
    return Story.held().stream()
        .takeWhile(event -> !(event instanceof RollbackRequested))
        .map(event -> sentAt(injection, event))
        .toList();
  }

  /** The same event, at this time if it is an injection sent. */
  static RunEvent sentAt(Instant injection, RunEvent event) {
    return event instanceof InjectionSent sent ? new InjectionSent(injection, sent.fault()) : event;
  }
}

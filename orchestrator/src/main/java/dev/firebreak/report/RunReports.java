package dev.firebreak.report;

import dev.firebreak.cascade.Finding;
import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.probe.Unit;
import dev.firebreak.report.RunReport.Bound;
import dev.firebreak.report.RunReport.ChangeReport;
import dev.firebreak.report.RunReport.Conclusion;
import dev.firebreak.report.RunReport.Edge;
import dev.firebreak.report.RunReport.FaultReport;
import dev.firebreak.report.RunReport.FindingReport;
import dev.firebreak.report.RunReport.Halt;
import dev.firebreak.report.RunReport.Hypothesis;
import dev.firebreak.report.RunReport.Identity;
import dev.firebreak.report.RunReport.PhaseSpan;
import dev.firebreak.report.RunReport.Radius;
import dev.firebreak.report.RunReport.Rollback;
import dev.firebreak.report.RunReport.Samples;
import dev.firebreak.report.RunReport.Series;
import dev.firebreak.run.Outcome;
import dev.firebreak.run.Phase;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.Halted;
import dev.firebreak.run.RunEvent.PhaseEntered;
import dev.firebreak.run.RunEvent.RollbackRequested;
import dev.firebreak.run.RunEvent.RunClosed;
import dev.firebreak.run.RunEvent.RunOpened;
import dev.firebreak.run.RunEvent.SamplesTaken;
import dev.firebreak.run.RunEvent.ServiceDegraded;
import dev.firebreak.run.RunEvent.SignalsFound;
import dev.firebreak.run.RunEvent.SystemChanged;
import dev.firebreak.run.RunEvent.WatchBegan;
import dev.firebreak.service.CallGraph;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Makes the report of a run from its events. Pure. A journal that ends too early, wherever it was
 * cut, gives a report that says so: its outcome is {@link Outcome#FAILED}, and what is not proven
 * to be undone is said to be possibly still there.
 */
public final class RunReports {
  private RunReports() {}

  /**
   * The report of a whole or a cut journal.
   *
   * @throws IllegalArgumentException if none of the events is a {@link RunOpened}
   */
  public static RunReport from(List<RunEvent> events) {
    return from(events, List.of());
  }

  /**
   * The report of a journal of which something is known to be missing.
   *
   * @param damage what is missing, one sentence each
   * @throws IllegalArgumentException if none of the events is a {@link RunOpened}
   */
  public static RunReport from(List<RunEvent> events, List<String> damage) {
    Chronicle chronicle = new Chronicle(events);
    RunOpened opened = chronicle.opened();
    Samples samples = samples(chronicle);
    List<FaultReport> faults = FaultStories.of(chronicle);
    List<FindingReport> findings = findings(chronicle, faults);
    Hypothesis hypothesis = ProbeTrials.of(chronicle, samples);
    Optional<Halt> halt = halt(chronicle);
    Rollback rollback = FaultStories.rollback(faults, halt);
    Radius radius = radius(opened.radius());
    Verdict verdict = new Verdict(faults, findings, hypothesis, halt, rollback);
    return new RunReport(
        identity(opened),
        opened.at(),
        chronicle.last(RunClosed.class).map(RunClosed::at),
        conclusion(chronicle, verdict, way(radius, findings, faults), damage),
        radius,
        hypothesis,
        phases(chronicle),
        faults,
        findings,
        changes(chronicle),
        halt,
        rollback,
        CoverageStory.of(chronicle),
        callGraph(chronicle),
        learned(chronicle),
        samples,
        damage);
  }

  private static Identity identity(RunOpened opened) {
    return new Identity(
        opened.runId(),
        opened.gameDay(),
        opened.experiment(),
        opened.owner(),
        opened.environment(),
        opened.trigger(),
        opened.planHash(),
        opened.traceId());
  }

  private static Conclusion conclusion(
      Chronicle chronicle, Verdict verdict, String way, List<String> damage) {
    Optional<RunClosed> closed = chronicle.last(RunClosed.class);
    Outcome outcome = closed.map(RunClosed::outcome).orElse(Outcome.FAILED);
    String reason = closed.map(RunClosed::reason).orElseGet(() -> endsTooEarly(chronicle));
    String sentence = verdict.sentence(outcome, reason, closed.isPresent(), damage);
    return new Conclusion(outcome, reason, sentence, way);
  }

  private static String endsTooEarly(Chronicle chronicle) {
    return "the journal ends%s, before the run was closed"
        .formatted(
            chronicle.last(PhaseEntered.class).map(phase -> " in " + phase.phase()).orElse(""));
  }

  /** What was not injected has no way. */
  private static String way(Radius radius, List<FindingReport> findings, List<FaultReport> faults) {
    return FaultStories.isPlacebo(faults) ? "" : Ways.inWords(radius, findings);
  }

  private static Radius radius(BlastRadius radius) {
    return new Radius(
        names(radius.inject()),
        names(radius.expected().keySet()),
        radius.expected().entrySet().stream()
            .map(
                entry ->
                    new Bound(
                        entry.getKey().value(),
                        entry.getValue().latencyFactor(),
                        entry.getValue().errorRatio()))
            .toList());
  }

  static List<String> names(Collection<ServiceName> services) {
    return services.stream().map(ServiceName::value).toList();
  }

  /** {@link Phase#CLOSED} is an instant, not a span: it only ends the one before. */
  private static List<PhaseSpan> phases(Chronicle chronicle) {
    List<PhaseEntered> entered = chronicle.all(PhaseEntered.class);
    List<PhaseSpan> spans = new ArrayList<>();
    for (int i = 0; i < entered.size(); i++) {
      PhaseEntered phase = entered.get(i);
      if (phase.phase() != Phase.CLOSED) {
        Optional<Instant> end =
            i + 1 < entered.size()
                ? Optional.of(entered.get(i + 1).at())
                : chronicle.last(RunClosed.class).map(RunClosed::at);
        spans.add(new PhaseSpan(phase.phase(), phase.at(), end));
      }
    }
    return spans;
  }

  private static Optional<Halt> halt(Chronicle chronicle) {
    return chronicle
        .first(Halted.class)
        .map(
            halted ->
                new Halt(
                    halted.at(),
                    halted.cause().breachAt(),
                    halted.cause().kind(),
                    halted.cause().detail()));
  }

  private static List<FindingReport> findings(Chronicle chronicle, List<FaultReport> faults) {
    Map<ServiceName, Finding> latest = new LinkedHashMap<>();
    chronicle
        .all(ServiceDegraded.class)
        .forEach(degraded -> latest.put(degraded.finding().service(), degraded.finding()));
    Circumstances circumstances = Circumstances.of(chronicle);
    return latest.values().stream()
        .sorted(Comparator.comparing(Finding::onset).thenComparing(Finding::service))
        .map(finding -> finding(finding, chronicle, faults, circumstances.of(finding)))
        .toList();
  }

  private static FindingReport finding(
      Finding finding, Chronicle chronicle, List<FaultReport> faults, Optional<String> change) {
    return new FindingReport(
        finding.service().value(),
        finding.degradation(),
        finding.signal().name(),
        Unit.of(finding.signal().kind()),
        finding.baseline(),
        finding.observed(),
        finding.onset(),
        afterInjection(finding, faults),
        finding.flaggedAt(),
        finding.recoveredAt(),
        confirmation(finding, chronicle),
        names(finding.path()),
        finding.note(),
        change);
  }

  private static List<ChangeReport> changes(Chronicle chronicle) {
    Set<ServiceName> injected = chronicle.opened().radius().inject();
    return chronicle.all(SystemChanged.class).stream()
        .map(
            seen ->
                new ChangeReport(
                    seen.at(),
                    seen.change().service().value(),
                    seen.change().kind(),
                    injected.contains(seen.change().service()),
                    seen.change().detail()))
        .toList();
  }

  private static OptionalDouble afterInjection(Finding finding, List<FaultReport> faults) {
    return FaultStories.injectionBehind(names(finding.path()), faults)
        .map(injected -> OptionalDouble.of(seconds(injected, finding.onset())))
        .orElse(OptionalDouble.empty());
  }

  private static Confirmation confirmation(Finding finding, Chronicle chronicle) {
    return new Confirmation(
        chronicle.first(RollbackRequested.class).map(RollbackRequested::at),
        finding.recoveredAt(),
        chronicle.last(RunClosed.class).isPresent()
            && !chronicle.sinceRollback(SamplesTaken.class).isEmpty());
  }

  private static List<Edge> callGraph(Chronicle chronicle) {
    return chronicle
        .last(SignalsFound.class)
        .map(found -> edges(found.callGraph().edges().stream()))
        .orElse(List.of());
  }

  private static List<Edge> learned(Chronicle chronicle) {
    Optional<SignalsFound> found = chronicle.last(SignalsFound.class);
    Optional<WatchBegan> began = chronicle.last(WatchBegan.class);
    return found.isEmpty() || began.isEmpty()
        ? List.of()
        : edges(
            found.get().callGraph().edges().stream()
                .filter(edge -> !began.get().declared().edges().contains(edge)));
  }

  private static List<Edge> edges(Stream<CallGraph.Edge> edges) {
    return edges
        .map(edge -> new Edge(edge.caller().value(), edge.callee().value()))
        .sorted(Comparator.comparing(Edge::caller).thenComparing(Edge::callee))
        .toList();
  }

  private static Samples samples(Chronicle chronicle) {
    List<SamplesTaken> taken = chronicle.all(SamplesTaken.class);
    List<Series> series = new ArrayList<>();
    chronicle
        .last(SignalsFound.class)
        .ifPresent(
            found -> {
              for (int i = 0; i < found.series().size(); i++) {
                int place = i;
                series.add(
                    new Series(
                        found.series().get(i).service().value(),
                        found.series().get(i).signal().name(),
                        Unit.of(found.series().get(i).signal().kind()),
                        taken.stream().map(sample -> valueAt(sample, place)).toList()));
              }
            });
    return new Samples(taken.stream().map(SamplesTaken::at).toList(), List.copyOf(series));
  }

  private static Double valueAt(SamplesTaken sample, int place) {
    return place < sample.values().size() ? sample.values().get(place) : Double.NaN;
  }

  static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toNanos() / 1e9;
  }
}

package dev.firebreak.annotations.grafana;

import dev.firebreak.annotations.FaultsInPlace;
import dev.firebreak.cascade.Finding;
import dev.firebreak.probe.Signal;
import dev.firebreak.run.HaltCause;
import dev.firebreak.run.RunEvent.FaultArmed;
import dev.firebreak.run.RunEvent.RunClosed;
import dev.firebreak.run.RunEvent.RunOpened;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What people read when they point at a mark: one sentence and links, in the HTML that Grafana
 * shows. The only markup in it is that of the links; what comes from outside stays letters.
 */
final class MarkText {
  private final RunOpened run;
  private final MarkLinks links;

  MarkText(RunOpened run, MarkLinks links) {
    this.run = run;
    this.links = links;
  }

  String injected(List<FaultArmed> faults, Optional<RunClosed> closed, String ending) {
    String what = faults.stream().map(MarkText::describe).collect(Collectors.joining(", "));
    return sentence("Injected " + what, ending, closed.map(MarkText::outcome).orElse(""));
  }

  private static String outcome(RunClosed closed) {
    String interrupted = closed.interrupted() ? "interrupted, " : "";
    return interrupted + "outcome " + closed.outcome() + ", " + closed.reason();
  }

  String escaped(Finding finding, Optional<RunClosed> closed) {
    return sentence(
        "Escaped to %s: %s went from %s to %s, flagged at %s"
            .formatted(
                finding.service(),
                finding.signal(),
                value(finding.signal(), finding.baseline()),
                value(finding.signal(), finding.observed()),
                finding.flaggedAt()),
        way(finding),
        finding.note(),
        end(finding, closed));
  }

  private static String end(Finding finding, Optional<RunClosed> closed) {
    if (finding.recoveredAt().isPresent()) {
      return "recovered at " + finding.recoveredAt().get();
    }
    return closed
        .map(
            end ->
                end.interrupted()
                    ? "interrupted, nobody saw whether it recovered"
                    : "not recovered when the run ended")
        .orElse("");
  }

  String halted(HaltCause cause) {
    return sentence("Halted (%s): %s".formatted(cause.kind(), cause.detail()));
  }

  String rolledBack(ServiceName service, String state) {
    return sentence("Rollback in " + service + " " + state);
  }

  private static String describe(FaultArmed fault) {
    String what = fault.kind() + " in " + fault.service() + " for " + seconds(fault.duration());
    return FaultsInPlace.isPlacebo(fault)
        ? what + " (a placebo: nothing was done)"
        : what + " (" + fault.target() + ")";
  }

  private static String way(Finding finding) {
    return finding.path().isEmpty()
        ? ""
        : finding.path().stream()
            .map(ServiceName::value)
            .collect(Collectors.joining(" → ", "way ", ""));
  }

  private String sentence(String... clauses) {
    String whose =
        "run %s of experiment %s (GameDay %s, trace %s)"
            .formatted(run.runId(), run.experiment(), run.gameDay(), run.traceId());
    String said =
        Stream.concat(Stream.of(clauses), Stream.of(whose))
            .filter(clause -> !clause.isEmpty())
            .map(PlainHtml::of)
            .collect(Collectors.joining("; ", "", "."));
    return said + link("report", links.report()) + link("trace", links.trace());
  }

  private String link(String name, Optional<LinkTemplate> template) {
    return template
        .map(to -> to.of(run.runId().value(), run.traceId()))
        .map(url -> " <a href=\"" + PlainHtml.escaped(url) + "\">" + name + "</a>")
        .orElse("");
  }

  private static String value(Signal signal, double value) {
    return switch (signal.kind()) {
      case LATENCY -> String.format(Locale.ROOT, "%.3g s", value);
      case ERROR_RATIO, SUCCESS_RATIO, SATURATION ->
          String.format(Locale.ROOT, "%.3g %%", 100 * value);
      case TRAFFIC -> String.format(Locale.ROOT, "%.3g per s", value);
      case AVAILABILITY, RESOURCE -> String.format(Locale.ROOT, "%.3g", value);
    };
  }

  private static String seconds(Duration duration) {
    return duration.toSeconds() + " s";
  }
}

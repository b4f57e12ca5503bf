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

/**
 * What people read when they point at a mark: sentences, each in a line of its own, in the HTML
 * that Grafana shows.
 */
final class MarkText {
  /** What others wrote may be long; a mark is no place for it. */
  private static final int LONGEST_PART = 500;

  private final RunOpened run;

  MarkText(RunOpened run) {
    this.run = run;
  }

  String injected(List<FaultArmed> faults, Optional<RunClosed> closed, String ending) {
    String what =
        faults.stream()
            .map(MarkText::describe)
            .collect(Collectors.joining(", ", "Injected: ", "."));
    String outcome =
        closed.map(close -> "Outcome: " + close.outcome() + ", " + close.reason() + ".").orElse("");
    return lines(what, ending, outcome);
  }

  String escaped(Finding finding) {
    return lines(
        "Escaped to %s: %s went from %s to %s, flagged at %s."
            .formatted(
                finding.service(),
                finding.signal(),
                value(finding.signal(), finding.baseline()),
                value(finding.signal(), finding.observed()),
                finding.flaggedAt()),
        way(finding),
        finding.note() + ".");
  }

  String halted(HaltCause cause) {
    return lines("Halted (%s): %s.".formatted(cause.kind(), cause.detail()));
  }

  String rolledBack(ServiceName service, String state) {
    return lines("Rollback in " + service + ": " + state + ".");
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
            .collect(Collectors.joining(" → ", "Way: ", "."));
  }

  private String lines(String... said) {
    StringBuilder text = new StringBuilder();
    for (String line : said) {
      add(text, line);
    }
    add(text, "Experiment: %s (GameDay %s).".formatted(run.experiment(), run.gameDay()));
    add(text, "Run: %s. Trace: %s.".formatted(run.runId(), run.traceId()));
    return text.toString();
  }

  private static void add(StringBuilder text, String line) {
    if (!line.isEmpty()) {
      text.append(text.isEmpty() ? "" : "\n").append(html(line));
    }
  }

  /** Grafana shows HTML: "p95 &lt; 1 s" must not become a tag. */
  private static String html(String line) {
    String clean = line.replaceAll("\\p{Cntrl}+", " ");
    String part =
        clean.length() <= LONGEST_PART
            ? clean
            : clean.substring(0, clean.offsetByCodePoints(0, LONGEST_PART / 2)) + "…";
    return part.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
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

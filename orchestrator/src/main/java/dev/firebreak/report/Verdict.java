package dev.firebreak.report;

import dev.firebreak.cascade.DegradationClass;
import dev.firebreak.probe.Quantity;
import dev.firebreak.report.RunReport.FaultReport;
import dev.firebreak.report.RunReport.FindingReport;
import dev.firebreak.report.RunReport.Halt;
import dev.firebreak.report.RunReport.Hypothesis;
import dev.firebreak.report.RunReport.Probe;
import dev.firebreak.report.RunReport.Rollback;
import dev.firebreak.run.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts into one sentence what a reader must take away. */
record Verdict(
    List<FaultReport> faults,
    List<FindingReport> findings,
    Hypothesis hypothesis,
    Optional<Halt> halt,
    Rollback rollback) {
  private static final int MOST_NAMED = 3;

  /**
   * The sentence.
   *
   * @param closed whether the journal has the run's end
   * @param damage what the journal lacks
   */
  String sentence(Outcome outcome, String reason, boolean closed, List<String> damage) {
    List<String> clauses = new ArrayList<>();
    clauses.add(outcome + ": " + what(outcome, withoutPoint(reason)));
    if (outcome != Outcome.CASCADED && !FaultStories.isPlacebo(faults) && !escaped().isEmpty()) {
      clauses.add("failure escaped the blast radius: " + escapes());
    }
    if (outcome != Outcome.REFUSED) {
      clauses.add(ending(closed));
    }
    if (!damage.isEmpty()) {
      clauses.add("the journal is damaged: " + String.join(", ", damage));
    }
    return String.join("; ", clauses) + ".";
  }

  private static String withoutPoint(String reason) {
    return reason.endsWith(".") ? reason.substring(0, reason.length() - 1) : reason;
  }

  private String what(Outcome outcome, String reason) {
    return FaultStories.isPlacebo(faults) ? placebo(reason) : real(outcome, reason);
  }

  private String placebo(String reason) {
    String seen = escaped().isEmpty() ? brokenProbe().orElse(reason) : escapes() + " all the same";
    return "placebo: nothing was injected; "
        + (halt.filter(Halt::isBySight).isPresent() ? "a false halt: " : "")
        + seen;
  }

  private String real(Outcome outcome, String reason) {
    return switch (outcome) {
      case HELD -> disturbance() + " stayed inside the blast radius: " + reason;
      case DEVIATED ->
          disturbance()
              + " stayed inside the blast radius, but the steady state broke: "
              + brokenProbe().orElse(reason);
      case CASCADED ->
          escaped().isEmpty()
              ? disturbance() + " " + reason
              : disturbance() + " escaped the blast radius: " + escapes();
      case INCONCLUSIVE ->
          "too little was seen to tell whether " + disturbance() + " escaped: " + reason;
      case INVALID -> "the run proves nothing: " + reason;
      case REFUSED -> "nothing was injected: " + reason;
      case ABORTED -> "a person ended the run: " + reason;
      case FAILED -> reason;
    };
  }

  /** {@code latency in payments}. */
  private String disturbance() {
    List<String> sent =
        FaultStories.sent(faults).stream().map(Verdict::inWords).distinct().toList();
    return sent.isEmpty() ? "the fault" : enumeration(sent);
  }

  private static String inWords(FaultReport fault) {
    String kind = fault.kind().substring(fault.kind().indexOf('/') + 1).replace('-', ' ');
    return kind + " in " + fault.service();
  }

  private List<FindingReport> escaped() {
    return findings.stream()
        .filter(finding -> finding.degradation() == DegradationClass.ESCAPED)
        .toList();
  }

  private String escapes() {
    List<String> names = new ArrayList<>();
    List<FindingReport> escaped = escaped();
    for (FindingReport finding : escaped.subList(0, Math.min(MOST_NAMED, escaped.size()))) {
      names.add(finding.service() + (names.isEmpty() ? " degraded" : "") + when(finding, names));
    }
    if (escaped.size() > MOST_NAMED) {
      names.add("%d more".formatted(escaped.size() - MOST_NAMED));
    }
    return enumeration(names);
  }

  private String when(FindingReport finding, List<String> namedBefore) {
    if (finding.afterInjectionSeconds().isEmpty()) {
      return "";
    }
    String after = FaultStories.isPlacebo(faults) ? " after the placebo" : " after the injection";
    double seconds = Math.max(0, finding.afterInjectionSeconds().getAsDouble());
    return " " + Quantity.seconds(seconds) + (namedBefore.isEmpty() ? after : "");
  }

  private Optional<String> brokenProbe() {
    return hypothesis.probes().stream().filter(Probe::broke).findFirst().map(Verdict::inWords);
  }

  private static String inWords(Probe probe) {
    String reached =
        probe.worst().isPresent()
            ? " reached " + new Quantity(probe.worst().getAsDouble(), probe.unit())
            : " did not come back";
    return "\"%s\": %s of %s%s (tolerated: %s)"
        .formatted(probe.name(), probe.signal(), probe.service(), reached, probe.tolerated());
  }

  private String ending(boolean closed) {
    return switch (rollback.proof()) {
      case NOTHING_INJECTED -> "nothing was injected";
      case VERIFIED -> halted() + undone() + "rollback verified";
      case UNVERIFIED ->
          halted() + unverified() + " may still be in place" + (closed ? ": look at it now" : "");
    };
  }

  private String halted() {
    return halt.isPresent() ? "halted" + sinceInjection() + ", " : "";
  }

  private String sinceInjection() {
    Optional<Instant> injected =
        faults.stream().flatMap(fault -> fault.injectedAt().stream()).min(Instant::compareTo);
    return injected
        .flatMap(at -> halt.map(ended -> Duration.between(at, ended.at())))
        .filter(lasted -> !lasted.isNegative())
        .map(lasted -> " after " + Quantity.seconds(lasted.toMillis() / 1_000.0))
        .orElse("");
  }

  private String undone() {
    return rollback.undoneSeconds().isPresent()
        ? "undone in " + Quantity.seconds(rollback.undoneSeconds().getAsDouble()) + ", "
        : "";
  }

  private String unverified() {
    return enumeration(
        FaultStories.sent(faults).stream()
            .filter(FaultReport::mayBeInPlace)
            .map(Verdict::inWords)
            .distinct()
            .toList());
  }

  private static String enumeration(List<String> names) {
    int last = names.size() - 1;
    return last < 1
        ? String.join("", names)
        : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
  }
}

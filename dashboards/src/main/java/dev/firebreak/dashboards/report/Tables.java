package dev.firebreak.dashboards.report;

import dev.firebreak.experiment.HaltPolicy;
import dev.firebreak.probe.Quantity;
import dev.firebreak.probe.Unit;
import dev.firebreak.report.RunReport;
import dev.firebreak.report.RunReport.Bound;
import dev.firebreak.report.RunReport.CoverageReport;
import dev.firebreak.report.RunReport.FaultReport;
import dev.firebreak.report.RunReport.FaultRole;
import dev.firebreak.report.RunReport.FindingReport;
import dev.firebreak.report.RunReport.Probe;
import dev.firebreak.run.RunEvent.ProbeJudged.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The written half of the page: hypothesis, findings, faults, coverage, and how to repeat it. */
final class Tables {
  private final RunReport report;

  Tables(RunReport report) {
    this.report = report;
  }

  void write(Markup page) {
    hypothesis(page);
    findings(page);
    faults(page);
    coverage(page);
    repeat(page);
  }

  private void hypothesis(Markup page) {
    page.open("section").leaf("h2", "Steady-state hypothesis");
    if (!report.hypothesis().title().isEmpty()) {
      page.leaf("p", "“" + report.hypothesis().title() + "”", "class", "title");
    }
    if (report.hypothesis().probes().isEmpty()) {
      page.leaf("p", "The experiment declares none: the cascade detector alone decided.");
    } else {
      table(page, "Probe", "Signal", "Tolerated", "Worst", "Before", "During", "After");
      report.hypothesis().probes().forEach(probe -> probe(page, probe));
      endTable(page);
    }
    page.close("section").line();
  }

  private static void probe(Markup page, Probe probe) {
    page.open("tr");
    cell(page, "Probe", probe.name());
    cell(page, "Signal", probe.signal() + " of " + probe.service());
    cell(page, "Tolerated", probe.tolerated());
    cell(
        page,
        "Worst",
        probe.worst().isPresent()
            ? Words.quantity(probe.worst().getAsDouble(), probe.unit())
            : "–");
    verdict(page, "Before", probe.before());
    verdict(page, "During", probe.during());
    verdict(page, "After", probe.after());
    page.close("tr").line();
  }

  private static void verdict(Markup page, String label, Optional<Verdict> verdict) {
    String kind = verdict.map(known -> known.name().toLowerCase(Locale.ROOT)).orElse("unknown");
    String sign =
        verdict
            .map(
                known ->
                    switch (known) {
                      case WITHIN -> "✓ ";
                      case BREACHED -> "✕ ";
                      case NO_EVIDENCE -> "? ";
                    })
            .orElse("");
    page.leaf("td", sign + Words.verdict(verdict), "data-label", label, "class", kind);
  }

  private void findings(Markup page) {
    page.open("section").leaf("h2", "Findings");
    if (report.findings().isEmpty()) {
      page.leaf("p", "No service degraded.");
    } else {
      table(
          page,
          "Service",
          "Class",
          "Signal",
          "Before → worst",
          "Began",
          "Noticed",
          "Afterwards",
          "Why");
      report.findings().forEach(finding -> finding(page, finding));
      endTable(page);
    }
    details(page, "Restarts and deploys that were seen", changes());
    page.close("section").line();
  }

  private List<String> changes() {
    return report.changes().stream().map(Words::change).toList();
  }

  private void finding(Markup page, FindingReport finding) {
    String kind = finding.degradation().name().toLowerCase(Locale.ROOT);
    page.open("tr");
    page.open("td", "data-label", "Service").leaf("strong", finding.service()).close("td");
    page.open("td", "data-label", "Class")
        .leaf("span", Words.degradation(finding.degradation()), "class", "pill " + kind)
        .close("td");
    cell(page, "Signal", finding.signal());
    page.leaf("td", Words.change(finding), "data-label", "Before → worst", "class", "pair");
    moment(page, "Began", Optional.of(finding.onset()));
    moment(page, "Noticed", Optional.of(finding.flaggedAt()));
    cell(page, "Afterwards", Words.recovery(finding));
    why(page, finding);
    page.close("tr").line();
  }

  private static void why(Markup page, FindingReport finding) {
    page.open("td", "data-label", "Why").text(why(finding));
    finding
        .change()
        .ifPresent(change -> page.empty("br").leaf("span", change, "class", "evidence"));
    page.close("td");
  }

  private static String why(FindingReport finding) {
    return finding.path().size() < 2
        ? finding.note()
        : finding.note() + " (" + String.join(" → ", finding.path()) + ")";
  }

  private void faults(Markup page) {
    page.open("section").leaf("h2", "Faults and the proof of their rollback");
    if (report.faults().isEmpty()) {
      page.leaf("p", "Nothing was injected.");
    } else {
      table(page, "Fault", "Target", "Injected", "Seen to bite", "Undo sent", "Undone", "Proof");
      report.faults().forEach(fault -> fault(page, fault));
      endTable(page);
    }
    if (report.isPlacebo()) {
      page.leaf(
          "p", "Placebo: nothing was injected, so whatever halted or degraded did so by itself.");
    }
    halt(page);
    page.close("section").line();
  }

  private void fault(Markup page, FaultReport fault) {
    page.open("tr");
    page.open("td", "data-label", "Fault")
        .leaf("strong", fault.kind())
        .text(fault.role() == FaultRole.ROLLBACK ? " (undo action)" : "")
        .close("td");
    cell(page, "Target", fault.service() + " at " + fault.target());
    moment(page, "Injected", fault.injectedAt());
    evidence(page, "Seen to bite", fault.confirmedAt(), fault.evidence().orElse(""));
    String attempts = fault.rollbackAttempts() > 1 ? fault.rollbackAttempts() + " attempts" : "";
    evidence(page, "Undo sent", fault.rollbackRequestedAt(), attempts);
    moment(page, "Undone", fault.rolledBackAt());
    proof(page, fault);
    page.close("tr").line();
  }

  private void proof(Markup page, FaultReport fault) {
    if (!fault.mayBeInPlace()) {
      evidence(page, "Proof", fault.verifiedAt(), fault.verification().orElse(""));
      return;
    }
    page.open("td", "data-label", "Proof", "class", "breached")
        .leaf("strong", "✕ none: it may still be there")
        .text(fault.problem().map(problem -> ": " + problem).orElse(""))
        .close("td");
  }

  private void halt(Markup page) {
    report
        .halt()
        .ifPresent(
            halt ->
                page.open("p")
                    .leaf("strong", report.isFalseHalt() ? "A false halt " : "Halted ")
                    .text(
                        "at %s by %s: %s"
                            .formatted(
                                Words.clock(halt.at()),
                                halt.kind().name().toLowerCase(Locale.ROOT),
                                halt.reason()))
                    .close("p"));
  }

  private void coverage(Markup page) {
    CoverageReport coverage = report.coverage();
    page.open("section").leaf("h2", "What could be seen, and what could not");
    page.open("dl", "class", "facts");
    fact(page, "Watched outside", list(coverage.servicesWatched()));
    fact(page, "No usable data from", list(coverage.servicesWithoutData()));
    fact(
        page,
        "Sampling",
        "%d series, every %s; %s"
            .formatted(
                coverage.series(), Quantity.seconds(coverage.samplingSeconds()), looks(coverage)));
    fact(page, "Signal packs", list(coverage.packs()));
    fact(page, "Declared to feel it", bounds());
    fact(page, "False halts allowed", falseHaltBudget(coverage));
    fact(page, "False halts measured", calibrated(coverage));
    fact(page, "Calls learned from metrics", list(learned()));
    page.close("dl").line();
    details(page, "Stretches without sight", blind());
    details(page, "Series without a usable baseline", pairs(coverage.unwatchable()));
    details(page, "Did not answer before the run", pairs(coverage.unseen()));
    details(page, "Missing from the journal", report.damage());
    page.close("section").line();
  }

  private static String falseHaltBudget(CoverageReport coverage) {
    return coverage.falseHaltBudget().isPresent()
        ? "in at most %s of the runs in which nothing escapes"
            .formatted(HaltPolicy.inPercent(coverage.falseHaltBudget().getAsDouble()))
        : "not told";
  }

  private static String calibrated(CoverageReport coverage) {
    return coverage
        .calibrated()
        .map(
            known ->
                "%s, over %.0f h drawn from %s h without a fault, on %s"
                    .formatted(
                        known.rate(),
                        known.rate().hours(),
                        new Quantity(known.recordedHours(), Unit.NONE),
                        known.measuredAt().atOffset(ZoneOffset.UTC).toLocalDate()))
        .orElse("never: \"firebreak calibrate\" measures them");
  }

  private List<String> learned() {
    return report.learned().stream().map(edge -> edge.caller() + " → " + edge.callee()).toList();
  }

  private static String looks(CoverageReport coverage) {
    return coverage.looks() == 0
        ? "no look while a fault was in place"
        : "%d of %d looks gave evidence while a fault was in place"
            .formatted(coverage.looks() - coverage.looksWithoutEvidence(), coverage.looks());
  }

  private static String list(List<String> names) {
    return names.isEmpty() ? "none" : String.join(", ", names);
  }

  private String bounds() {
    List<String> bounds = report.blastRadius().bounds().stream().map(Tables::bound).toList();
    return list(bounds);
  }

  private static String bound(Bound bound) {
    List<String> limits = new ArrayList<>();
    bound
        .latencyFactor()
        .ifPresent(factor -> limits.add("latency at most " + Words.number(factor) + " times"));
    bound.errorRatio().ifPresent(ratio -> limits.add("errors at most " + Words.ratio(ratio)));
    return bound.service() + (limits.isEmpty() ? "" : " (" + String.join(", ", limits) + ")");
  }

  private List<String> blind() {
    return report.coverage().blind().stream()
        .map(
            blind ->
                "%s from %s %s"
                    .formatted(
                        blind.what(),
                        Words.clock(blind.since()),
                        blind.until().map(at -> "to " + Words.clock(at)).orElse("to the end")))
        .toList();
  }

  private static List<String> pairs(Map<String, String> reasons) {
    return reasons.entrySet().stream()
        .map(entry -> entry.getKey() + ": " + entry.getValue())
        .toList();
  }

  private static void details(Markup page, String heading, List<String> lines) {
    if (lines.isEmpty()) {
      return;
    }
    page.leaf("h3", heading).open("ul");
    lines.forEach(line -> page.leaf("li", line));
    page.close("ul").line();
  }

  private void repeat(Markup page) {
    page.open("section").leaf("h2", "Repeat it");
    page.open("p")
        .text("Run the file of GameDay “" + report.run().gameDay() + "” again: ")
        .leaf("code", "firebreak run FILE")
        .text(". A run with the same plan hash did the same to the same targets.")
        .close("p");
    page.open("dl", "class", "facts");
    code(page, "Run", report.run().id().value());
    code(page, "Plan hash", report.run().planHash());
    code(page, "Trace id", report.run().traceId());
    fact(page, "Owner", report.run().owner());
    fact(page, "Started", report.run().trigger().name().toLowerCase(Locale.ROOT));
    fact(page, "From", report.start().toString());
    fact(page, "To", report.end().map(Instant::toString).orElse("the journal does not say"));
    fact(page, "Engine's words", report.conclusion().reason());
    page.close("dl").close("section").line();
  }

  private static void fact(Markup page, String name, String value) {
    page.open("div").leaf("dt", name).leaf("dd", value).close("div");
  }

  private static void code(Markup page, String name, String value) {
    page.open("div").leaf("dt", name).open("dd").leaf("code", value).close("dd").close("div");
  }

  private static void table(Markup page, String... columns) {
    page.open("table").open("thead").open("tr");
    for (String column : columns) {
      page.leaf("th", column, "scope", "col");
    }
    page.close("tr").close("thead").open("tbody").line();
  }

  private static void endTable(Markup page) {
    page.close("tbody").close("table");
  }

  /** On narrow screens a row is a card, and each cell says what it is. */
  private static void cell(Markup page, String label, String text) {
    page.leaf("td", text, "data-label", label);
  }

  private void moment(Markup page, String label, Optional<Instant> at) {
    evidence(page, label, at, "");
  }

  private void evidence(Markup page, String label, Optional<Instant> at, String more) {
    if (at.isEmpty()) {
      cell(page, label, "–");
      return;
    }
    page.open("td", "data-label", label)
        .leaf("time", Words.clock(at.get()), "datetime", at.get().toString());
    report
        .injectedAt()
        .filter(injected -> !injected.equals(at.get()))
        .ifPresent(
            injected -> page.text(" ").leaf("span", since(injected, at.get()), "class", "since"));
    if (!more.isEmpty()) {
      page.empty("br").leaf("span", more, "class", "evidence");
    }
    page.close("td");
  }

  private static String since(Instant injected, Instant at) {
    return Words.offset(Duration.between(injected, at).toNanos() / 1e9);
  }
}

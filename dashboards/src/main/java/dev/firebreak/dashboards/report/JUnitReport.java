package dev.firebreak.dashboards.report;

import dev.firebreak.report.RunReport;
import dev.firebreak.report.RunReport.FaultReport;
import dev.firebreak.report.RunReport.FindingReport;
import dev.firebreak.report.RunReport.Probe;
import dev.firebreak.report.RunReport.Rollback.Proof;
import dev.firebreak.run.Outcome;
import dev.firebreak.run.RunEvent.ProbeJudged.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The report for CI systems: {@code junit.xml}. A broken promise is a failure; what could not be
 * told is an error, never a pass; what was not tried is skipped.
 */
public final class JUnitReport {
  /** JUnit's own writers leave the zone out and mean UTC. */
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);

  private JUnitReport() {}

  /** How a test case ended. */
  private enum Status {
    PASSED("", ""),
    FAILED("failure", "failures"),
    ERROR("error", "errors"),
    SKIPPED("skipped", "skipped");

    final String element;
    final String count;

    Status(String element, String count) {
      this.element = element;
      this.count = count;
    }
  }

  private record Case(String name, Status status, String message) {}

  /** UTF-8 with an XML declaration. */
  public static byte[] of(RunReport report) {
    List<Case> cases = cases(report);
    Markup xml = new Markup();
    xml.trusted("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.open(
            "testsuite",
            "name",
            report.run().gameDay() + ": " + report.run().experiment(),
            "tests",
            Integer.toString(cases.size()),
            Status.FAILED.count,
            count(cases, Status.FAILED),
            Status.ERROR.count,
            count(cases, Status.ERROR),
            Status.SKIPPED.count,
            count(cases, Status.SKIPPED),
            "time",
            time(report),
            "timestamp",
            STAMP.format(report.start()))
        .line();
    properties(xml, report);
    cases.forEach(one -> write(xml, one, report));
    xml.leaf("system-out", systemOut(report)).line();
    return xml.close("testsuite").line().toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String count(List<Case> cases, Status status) {
    return Long.toString(cases.stream().filter(one -> one.status() == status).count());
  }

  private static String time(RunReport report) {
    double seconds =
        report.end().map(end -> Duration.between(report.start(), end).toNanos() / 1e9).orElse(0.0);
    return String.format(Locale.ROOT, "%.3f", seconds);
  }

  private static void properties(Markup xml, RunReport report) {
    xml.open("properties").line();
    property(xml, "runId", report.run().id().value());
    property(xml, "outcome", report.conclusion().outcome().name());
    property(xml, "environment", report.run().environment());
    property(xml, "planHash", report.run().planHash());
    property(xml, "traceId", report.run().traceId());
    xml.close("properties").line();
  }

  private static void property(Markup xml, String name, String value) {
    xml.empty("property", "name", name, "value", value).line();
  }

  private static String systemOut(RunReport report) {
    List<String> lines = new ArrayList<>(List.of(report.conclusion().verdict()));
    if (!report.conclusion().way().isEmpty()) {
      lines.add(report.conclusion().way());
    }
    report.changes().stream().map(Words::change).forEach(lines::add);
    return String.join("\n", lines);
  }

  private static void write(Markup xml, Case one, RunReport report) {
    xml.open(
        "testcase",
        "classname",
        report.run().gameDay() + "." + report.run().experiment(),
        "name",
        one.name(),
        "time",
        "0");
    if (one.status() == Status.FAILED || one.status() == Status.ERROR) {
      String type = report.conclusion().outcome().name();
      xml.leaf(one.status().element, one.message(), "message", one.message(), "type", type);
    } else if (one.status() == Status.SKIPPED) {
      xml.empty(one.status().element, "message", one.message());
    }
    xml.close("testcase").line();
  }

  private static List<Case> cases(RunReport report) {
    List<Case> cases = new ArrayList<>();
    cases.add(answer(report));
    report.hypothesis().probes().forEach(probe -> cases.add(probe(probe, report)));
    cases.add(nothingEscaped(report));
    cases.add(rollbackVerified(report));
    return cases;
  }

  /** Without this case a run that was refused would look like one with nothing wrong. */
  private static Case answer(RunReport report) {
    String name = "the run gave an answer";
    return isAnswer(report.conclusion().outcome())
        ? new Case(name, Status.PASSED, "")
        : new Case(name, Status.ERROR, report.conclusion().verdict());
  }

  private static boolean isAnswer(Outcome outcome) {
    return switch (outcome) {
      case HELD, DEVIATED, CASCADED -> true;
      case INCONCLUSIVE, INVALID, REFUSED, ABORTED, FAILED -> false;
    };
  }

  private static Case probe(Probe probe, RunReport report) {
    String name = "steady state: " + probe.name();
    String what =
        "%s of %s, tolerated: %s".formatted(probe.signal(), probe.service(), probe.tolerated());
    if (report.injectedAt().isEmpty()) {
      return probe.before().equals(Optional.of(Verdict.BREACHED))
          ? new Case(name, Status.FAILED, "breached before the injection: " + what)
          : new Case(name, Status.SKIPPED, "nothing was injected");
    }
    if (probe.broke()) {
      String when = probe.during().equals(probe.after()) ? "during and after" : whenBroken(probe);
      return new Case(
          name, Status.FAILED, "breached " + when + " the fault: " + worst(probe, what));
    }
    return probe.during().equals(Optional.of(Verdict.WITHIN))
        ? new Case(name, Status.PASSED, "")
        : new Case(name, Status.ERROR, "no evidence while the fault was in place: " + what);
  }

  private static String whenBroken(Probe probe) {
    return probe.during().equals(Optional.of(Verdict.BREACHED)) ? "during" : "after";
  }

  private static String worst(Probe probe, String what) {
    return probe.worst().isPresent()
        ? what + ", worst: " + Words.quantity(probe.worst().getAsDouble(), probe.unit())
        : what;
  }

  private static Case nothingEscaped(RunReport report) {
    String name = "nothing escaped the blast radius";
    if (!report.escaped().isEmpty()) {
      return new Case(
          name,
          Status.FAILED,
          (report.isPlacebo() ? "placebo, nothing was injected: " : "")
              + report.escaped().stream()
                  .map(JUnitReport::escape)
                  .collect(Collectors.joining("; ")));
    }
    if (report.injectedAt().isEmpty()) {
      return new Case(name, Status.SKIPPED, "nothing was injected");
    }
    return isAnswer(report.conclusion().outcome())
        ? new Case(name, Status.PASSED, "")
        : new Case(name, Status.ERROR, "could not be told: " + report.conclusion().reason());
  }

  private static String escape(FindingReport finding) {
    return "%s: %s went from %s to %s, %s%s"
        .formatted(
            finding.service(),
            finding.signal(),
            Words.quantity(finding.baseline(), finding.unit()),
            Words.quantity(finding.observed(), finding.unit()),
            finding.confirmation().inWords(),
            finding.change().map(change -> ", " + change).orElse(""));
  }

  private static Case rollbackVerified(RunReport report) {
    String name = "rollback verified";
    Proof proof = report.rollback().proof();
    return switch (proof) {
      case NOTHING_INJECTED -> new Case(name, Status.SKIPPED, "nothing was injected");
      case VERIFIED -> new Case(name, Status.PASSED, "");
      case UNVERIFIED ->
          new Case(
              name,
              Status.FAILED,
              report.faults().stream()
                  .filter(FaultReport::mayBeInPlace)
                  .map(
                      fault ->
                          "%s on %s (%s) may still be in place"
                              .formatted(fault.kind(), fault.service(), fault.target()))
                  .collect(Collectors.joining("; ")));
    };
  }
}

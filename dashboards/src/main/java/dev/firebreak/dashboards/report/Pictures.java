package dev.firebreak.dashboards.report;

import dev.firebreak.cascade.DegradationClass;
import dev.firebreak.probe.Unit;
import dev.firebreak.report.RunReport;
import dev.firebreak.report.RunReport.FindingReport;
import dev.firebreak.report.RunReport.Series;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The drawn half of the page: the way of the failure, the timeline, the charts. */
final class Pictures {
  private static final int MOST_CHARTS = 18;

  private final RunReport report;

  Pictures(RunReport report) {
    this.report = report;
  }

  void write(Markup page) {
    graph(page);
    timeline(page);
    charts(page);
  }

  private void graph(Markup page) {
    WayGraph graph = new WayGraph(report);
    if (!graph.isWorthDrawing()) {
      return;
    }
    page.open("section")
        .leaf("h2", report.escaped().isEmpty() ? "The services" : "The way of the failure");
    wide(page, graph.draw());
    page.open("p", "class", "legend");
    page.open("span")
        .leaf("i", "", "class", "key radius")
        .text("declared blast radius")
        .close("span");
    if (report.findings().stream().anyMatch(finding -> finding.path().size() > 1)) {
      page.open("span")
          .leaf("i", "", "class", "key hop")
          .text("how failure travelled, and when after the injection")
          .close("span");
    }
    page.open("span").leaf("i", "", "class", "key call").text("calls").close("span");
    page.close("p");
    if (graph.left() > 0) {
      note(page, Words.plural(graph.left(), "more service") + " without a part in this not drawn.");
    }
    page.close("section").line();
  }

  private void timeline(Markup page) {
    page.open("section").leaf("h2", "Timeline");
    wide(page, new Timeline(report).draw());
    page.close("section").line();
  }

  /** Shrunk to a telephone's width its words could not be read: there it can be moved. */
  private static void wide(Markup page, Markup drawing) {
    page.open("div", "class", "wide", "tabindex", "0").add(drawing).close("div");
    page.leaf("p", "Swipe sideways to see all of it.", "class", "swipe").line();
  }

  private void charts(Markup page) {
    Set<Series> order = order();
    if (order.isEmpty() || report.samples().at().size() < 2) {
      return;
    }
    page.open("section").leaf("h2", "What was seen");
    chartLegend(page);
    page.open("div", "class", "charts");
    order.stream().limit(MOST_CHARTS).forEach(series -> chart(page, series));
    page.close("div");
    int left = report.samples().series().size() - Math.min(MOST_CHARTS, order.size());
    if (left > 0) {
      note(page, left + " more series are in the journal and not drawn here.");
    }
    page.close("section").line();
  }

  private void chartLegend(Markup page) {
    page.open("p", "class", "legend");
    if (report.injectedAt().isPresent()) {
      key(page, "injection", "I  injected");
      key(page, "in-place", "fault in place");
    }
    if (report.halt().isPresent()) {
      key(page, "halt", "H  halted");
    }
    if (report.faults().stream().anyMatch(fault -> fault.rollbackRequestedAt().isPresent())) {
      key(page, "rollback", "R  undo sent");
    }
    if (!report.coverage().blind().isEmpty()) {
      key(page, "blind", "no sight");
    }
    if (!report.findings().isEmpty()) {
      key(page, "before", "baseline");
      page.open("span")
          .leaf("b", "▲", "class", "onset-key")
          .text("degradation began")
          .close("span");
    }
    if (!report.hypothesis().probes().isEmpty()) {
      key(page, "limit", "tolerance");
    }
    String zero = report.injectedAt().isPresent() ? "the injection" : "the start of the run";
    page.leaf("span", "Time is from " + zero + ", in UTC " + Words.clock(zero()) + ".");
    page.close("p");
  }

  private Instant zero() {
    return report.injectedAt().orElse(report.start());
  }

  private static void key(Markup page, String kind, String name) {
    page.open("span").leaf("i", "", "class", "key " + kind).text(name).close("span");
  }

  /**
   * What escaped first comes first, then inside, then what the hypothesis speaks of, then the
   * latency of all others outside.
   */
  private Set<Series> order() {
    Set<Series> order = new LinkedHashSet<>();
    for (DegradationClass degradation :
        List.of(
            DegradationClass.ESCAPED,
            DegradationClass.INJECTED,
            DegradationClass.EXPECTED,
            DegradationClass.UNRELATED)) {
      report.findings().stream()
          .filter(finding -> finding.degradation() == degradation)
          .forEach(finding -> add(order, finding.service(), finding.signal()));
    }
    report.hypothesis().probes().forEach(probe -> add(order, probe.service(), probe.signal()));
    report.samples().series().stream()
        .filter(series -> series.unit() == Unit.SECONDS)
        .filter(series -> report.findingOf(series.service()).isEmpty())
        .filter(series -> order.stream().noneMatch(one -> one.service().equals(series.service())))
        .forEach(order::add);
    return order;
  }

  private void add(Set<Series> order, String service, String signal) {
    report.samples().find(service, signal).ifPresent(order::add);
  }

  private void chart(Markup page, Series series) {
    Optional<FindingReport> finding =
        report.findingOf(series.service()).filter(found -> found.signal().equals(series.signal()));
    boolean inside = report.blastRadius().contains(series.service());
    String kind =
        finding.map(found -> found.degradation().name().toLowerCase(Locale.ROOT)).orElse("calm");
    page.open("figure", "class", kind + (inside ? " inside" : ""));
    page.open("figcaption")
        .leaf("strong", series.service())
        .text(" ")
        .leaf("span", standing(finding, inside), "class", "pill " + kind)
        .leaf("span", caption(series, finding), "class", "signal")
        .close("figcaption");
    page.add(new SignalChart(report, series).draw()).close("figure").line();
  }

  private static String standing(Optional<FindingReport> finding, boolean inside) {
    String where = inside ? "inside" : "outside";
    return finding
        .map(found -> where + ", " + Words.degradation(found.degradation()))
        .orElse(where);
  }

  private static String caption(Series series, Optional<FindingReport> finding) {
    return series.signal() + finding.map(found -> ": " + Words.change(found)).orElse("");
  }

  private static void note(Markup page, String text) {
    page.leaf("p", text, "class", "note");
  }
}

package dev.firebreak.dashboards.report;

import dev.firebreak.probe.Unit;
import dev.firebreak.report.RunReport;
import dev.firebreak.report.RunReport.FaultReport;
import dev.firebreak.report.RunReport.FindingReport;
import dev.firebreak.report.RunReport.Halt;
import dev.firebreak.report.RunReport.Probe;
import dev.firebreak.report.RunReport.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Draws one series over the run: time from the injection, marks where the run turned. */
final class SignalChart {
  private static final int WIDTH = 340;
  private static final int HEIGHT = 178;
  private static final int LEFT = 50;
  private static final int RIGHT = 332;
  private static final int TOP = 22;
  private static final int BOTTOM = 150;
  private static final double LEAST_BEFORE = 10;

  /** Samples farther apart than this many steps have a gap between them. */
  private static final double LOOKS_MISSED = 2.5;

  private final RunReport report;
  private final Series series;
  private final Optional<FindingReport> finding;
  private final Optional<Probe> probe;
  private final Instant zero;
  private final Scale time;
  private final Scale value;

  SignalChart(RunReport report, Series series) {
    this.report = report;
    this.series = series;
    this.finding =
        report.findingOf(series.service()).filter(found -> found.signal().equals(series.signal()));
    this.probe =
        report.hypothesis().probes().stream()
            .filter(one -> one.service().equals(series.service()))
            .filter(one -> one.signal().equals(series.signal()))
            .findFirst();
    this.zero = report.injectedAt().orElse(report.start());
    List<Instant> at = report.samples().at();
    double last = offset(at.get(at.size() - 1));
    this.time = new Scale(Math.max(offset(at.get(0)), begin(last)), last, LEFT, RIGHT);
    this.value = new Scale(0, highest(), BOTTOM, TOP);
  }

  private double offset(Instant at) {
    return Duration.between(zero, at).toNanos() / 1e9;
  }

  /** A long baseline says little and would press what follows into a corner. */
  private double begin(double last) {
    double onset = finding.map(found -> offset(found.onset())).orElse(0.0);
    return report.injectedAt().isPresent()
        ? Math.min(-Math.max(LEAST_BEFORE, last), onset - LEAST_BEFORE)
        : 0;
  }

  private double highest() {
    double highest =
        series.values().stream()
            .filter(Double::isFinite)
            .max(Comparator.naturalOrder())
            .orElse(0.0);
    OptionalDouble limit = probe.map(Probe::max).orElse(OptionalDouble.empty());
    // A limit far above all values would press the line onto the axis.
    if (limit.isPresent() && limit.getAsDouble() < 4 * highest) {
      highest = Math.max(highest, limit.getAsDouble());
    }
    return Math.max(highest * 1.12, smallestRange(series.unit()));
  }

  /** Below this, what moves is noise and should look like it. */
  private static double smallestRange(Unit unit) {
    return switch (unit) {
      case SECONDS -> 0.01;
      case RATIO -> 0.01;
      case PER_SECOND -> 1;
      case UP -> 1.12;
      case NONE -> 1e-9;
    };
  }

  Markup draw() {
    Markup svg = new Markup();
    svg.open(
        "svg",
        "class",
        "chart",
        "viewBox",
        "0 0 %d %d".formatted(WIDTH, HEIGHT),
        "role",
        "img",
        "aria-label",
        label());
    bands(svg);
    axes(svg);
    limits(svg);
    svg.empty("path", "class", "line", "d", path());
    marks(svg);
    return svg.close("svg");
  }

  private String label() {
    return series.signal()
        + " of "
        + series.service()
        + finding
            .map(
                found ->
                    ", from %s to %s"
                        .formatted(
                            Words.quantity(found.baseline(), found.unit()),
                            Words.quantity(found.observed(), found.unit())))
            .orElse("");
  }

  private void bands(Markup svg) {
    for (FaultReport fault : report.faults()) {
      fault
          .injectedAt()
          .ifPresent(
              from -> band(svg, "in-place", from, fault.rolledBackAt().orElse(lastSample())));
    }
    report
        .coverage()
        .blind()
        .forEach(blind -> band(svg, "blind", blind.since(), blind.until().orElse(lastSample())));
  }

  private Instant lastSample() {
    return report.samples().at().get(report.samples().at().size() - 1);
  }

  private void band(Markup svg, String kind, Instant from, Instant to) {
    double left = clamp(time.place(offset(from)));
    double right = clamp(time.place(offset(to)));
    svg.empty(
        "rect",
        "class",
        kind,
        "x",
        Scale.text(left),
        "y",
        Integer.toString(TOP),
        "width",
        Scale.text(Math.max(0, right - left)),
        "height",
        Integer.toString(BOTTOM - TOP));
  }

  private static double clamp(double x) {
    return Math.min(RIGHT, Math.max(LEFT, x));
  }

  private void axes(Markup svg) {
    for (double tick : value.ticks(4)) {
      String y = value.at(tick);
      horizontal(svg, "grid", y);
      svg.leaf(
          "text",
          tick == 0 ? "0" : Words.quantity(tick, series.unit()),
          "class",
          "tick",
          "x",
          Integer.toString(LEFT - 5),
          "y",
          Scale.text(value.place(tick) + 3.5),
          "text-anchor",
          "end");
    }
    for (double tick : time.timeTicks(5)) {
      svg.leaf(
          "text",
          tick == 0 ? "0" : Words.offset(tick),
          "class",
          "tick",
          "x",
          time.at(tick),
          "y",
          Integer.toString(BOTTOM + 15),
          "text-anchor",
          time.place(tick) > RIGHT - 18 ? "end" : "middle");
    }
    horizontal(svg, "axis", Integer.toString(BOTTOM));
  }

  private static void horizontal(Markup svg, String kind, String y) {
    svg.empty(
        "line",
        "class",
        kind,
        "x1",
        Integer.toString(LEFT),
        "x2",
        Integer.toString(RIGHT),
        "y1",
        y,
        "y2",
        y);
  }

  private void limits(Markup svg) {
    finding
        .map(FindingReport::baseline)
        .filter(baseline -> baseline >= 0 && baseline <= value.to())
        .ifPresent(baseline -> horizontal(svg, "before", value.at(baseline)));
    probe.ifPresent(
        one -> {
          limit(svg, one.max());
          limit(svg, one.min());
        });
  }

  private void limit(Markup svg, OptionalDouble bound) {
    if (bound.isPresent() && bound.getAsDouble() >= 0 && bound.getAsDouble() <= value.to()) {
      horizontal(svg, "limit", value.at(bound.getAsDouble()));
    }
  }

  /**
   * Breaks where there was no evidence: a line across a gap would claim what nobody saw. A look
   * that failed leaves no sample at all.
   */
  private String path() {
    StringBuilder path = new StringBuilder();
    double longestStep = LOOKS_MISSED * report.coverage().samplingSeconds();
    double latest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < series.values().size(); i++) {
      double sample = series.values().get(i);
      double seconds = offset(report.samples().at().get(i));
      if (!Double.isFinite(sample)) {
        latest = Double.NEGATIVE_INFINITY;
      } else if (seconds >= time.from()) {
        String point = time.at(seconds) + "," + value.at(sample);
        boolean goesOn = seconds - latest <= longestStep;
        // A point of its own is drawn as a line to itself, which round ends make a dot.
        path.append(goesOn ? "L" + point : "M" + point + "L" + point);
        latest = seconds;
      }
    }
    return path.toString();
  }

  private void marks(Markup svg) {
    report.injectedAt().ifPresent(at -> mark(svg, "injection", "I", at, -1));
    report.halt().map(Halt::at).ifPresent(at -> mark(svg, "halt", "H", at, -1));
    report.faults().stream()
        .flatMap(fault -> fault.rollbackRequestedAt().stream())
        .min(Comparator.naturalOrder())
        .ifPresent(at -> mark(svg, "rollback", "R", at, 1));
    finding.ifPresent(found -> onset(svg, found));
  }

  /** Halt and rollback are moments apart: their letters stand on different sides of the line. */
  private void mark(Markup svg, String kind, String letter, Instant at, int side) {
    double x = clamp(time.place(offset(at)));
    svg.empty(
        "line",
        "class",
        "mark " + kind,
        "x1",
        Scale.text(x),
        "x2",
        Scale.text(x),
        "y1",
        Integer.toString(TOP - 8),
        "y2",
        Integer.toString(BOTTOM));
    svg.leaf(
        "text",
        letter,
        "class",
        "letter " + kind,
        "x",
        Scale.text(x + 6 * side),
        "y",
        Integer.toString(TOP - 7),
        "text-anchor",
        "middle");
  }

  private void onset(Markup svg, FindingReport found) {
    double x = clamp(time.place(offset(found.onset())));
    svg.empty(
        "path", "class", "onset", "d", "M%s,%d l-4.5,8 h9 z".formatted(Scale.text(x), BOTTOM - 8));
  }
}

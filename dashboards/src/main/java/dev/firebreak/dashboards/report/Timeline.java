package dev.firebreak.dashboards.report;

import dev.firebreak.report.RunReport;
import dev.firebreak.report.RunReport.ChangeReport;
import dev.firebreak.report.RunReport.FaultReport;
import dev.firebreak.report.RunReport.FaultRole;
import dev.firebreak.report.RunReport.FindingReport;
import dev.firebreak.report.RunReport.PhaseSpan;
import dev.firebreak.run.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Draws a run from left to right: its phases, its faults, and the moments that mattered. */
final class Timeline {
  private static final int WIDTH = 980;
  private static final int LEFT = 8;
  private static final int RIGHT = 972;
  private static final int PHASES = 8;
  private static final int PHASE_HEIGHT = 30;
  private static final int FAULTS = 44;
  private static final int FAULT_HEIGHT = 16;
  private static final int MOST_FAULTS = 6;
  private static final int MOST_ONSETS = 4;
  private static final int MOST_CHANGES = 4;
  private static final int ROW = 19;
  private static final double LETTER = 6.7;

  /** A moment and what it is called. */
  private record Moment(Instant at, String kind, String label) {}

  private final RunReport report;
  private final Instant end;
  private final Scale time;
  private final List<FaultReport> faults;

  Timeline(RunReport report) {
    this.report = report;
    this.end = report.end().orElseGet(() -> lastKnown(report));
    double length = Math.max(0.001, offset(end));
    this.time = new Scale(0, length, LEFT, RIGHT);
    this.faults =
        report.faults().stream()
            .filter(fault -> fault.injectedAt().isPresent())
            .limit(MOST_FAULTS)
            .toList();
  }

  /** A cut journal has no end: the last thing that it knows is one. */
  private static Instant lastKnown(RunReport report) {
    Stream<Instant> phases = report.phases().stream().map(PhaseSpan::start);
    Stream<Instant> faults =
        report.faults().stream()
            .flatMap(
                fault ->
                    Stream.of(
                            fault.injectedAt(),
                            fault.confirmedAt(),
                            fault.rollbackRequestedAt(),
                            fault.rolledBackAt(),
                            fault.verifiedAt())
                        .flatMap(Optional::stream));
    return Stream.of(phases, faults, report.samples().at().stream())
        .flatMap(instants -> instants)
        .max(Comparator.naturalOrder())
        .orElse(report.start());
  }

  private double offset(Instant at) {
    return Duration.between(report.start(), at).toNanos() / 1e9;
  }

  Markup draw() {
    List<Moment> moments = moments();
    int axis = FAULTS + (FAULT_HEIGHT + 4) * faults.size() + 6;
    List<Integer> rows = rows(moments);
    int lines = rows.stream().max(Comparator.naturalOrder()).orElse(-1) + 1;
    int height = axis + 30 + lines * ROW;
    Markup svg = new Markup();
    svg.open(
        "svg",
        "class",
        "timeline",
        "viewBox",
        "0 0 %d %d".formatted(WIDTH, height),
        "role",
        "img",
        "aria-label",
        "Timeline of the run; the same moments are in the tables below");
    report.phases().forEach(phase -> phase(svg, phase));
    for (int i = 0; i < faults.size(); i++) {
      fault(svg, faults.get(i), FAULTS + i * (FAULT_HEIGHT + 4));
    }
    axis(svg, axis);
    for (int i = 0; i < moments.size(); i++) {
      moment(svg, moments.get(i), axis, axis + 38 + rows.get(i) * ROW);
    }
    return svg.close("svg");
  }

  private void phase(Markup svg, PhaseSpan phase) {
    double left = time.place(offset(phase.start()));
    double right = time.place(offset(phase.end().orElse(end)));
    String name = name(phase.name());
    String length =
        Words.offset(Duration.between(phase.start(), phase.end().orElse(end)).toNanos() / 1e9)
            .substring(1);
    svg.open("g");
    svg.leaf("title", name + ", " + length);
    rect(svg, "phase " + phase.name().name().toLowerCase(Locale.ROOT), left, right, PHASES, 30);
    String both = name + " · " + length;
    String label = right - left > both.length() * LETTER + 8 ? both : name;
    if (right - left > label.length() * LETTER + 8) {
      svg.leaf(
          "text",
          label,
          "class",
          "phase-name",
          "x",
          Scale.text((left + right) / 2),
          "y",
          Integer.toString(PHASES + PHASE_HEIGHT / 2 + 4),
          "text-anchor",
          "middle");
    }
    svg.close("g");
  }

  static String name(Phase phase) {
    return phase.name().charAt(0) + phase.name().substring(1).toLowerCase(Locale.ROOT);
  }

  private static void rect(
      Markup svg, String kind, double left, double right, int top, int height) {
    svg.empty(
        "rect",
        "class",
        kind,
        "x",
        Scale.text(left),
        "y",
        Integer.toString(top),
        "width",
        Scale.text(Math.max(1.5, right - left)),
        "height",
        Integer.toString(height));
  }

  private void fault(Markup svg, FaultReport fault, int top) {
    double left = time.place(offset(fault.injectedAt().orElse(end)));
    double right = time.place(offset(fault.rolledBackAt().orElse(end)));
    rect(svg, "fault-bar", left, right, top, FAULT_HEIGHT);
    String label = "%s in %s".formatted(fault.kind(), fault.service());
    boolean fitsLeft = left > label.length() * LETTER + 16;
    svg.leaf(
        "text",
        label,
        "class",
        "fault-name",
        "x",
        Scale.text(fitsLeft ? left - 6 : Math.min(right + 6, RIGHT)),
        "y",
        Integer.toString(top + 12),
        "text-anchor",
        fitsLeft ? "end" : "start");
  }

  private void axis(Markup svg, int y) {
    svg.empty(
        "line",
        "class",
        "axis",
        "x1",
        Integer.toString(LEFT),
        "x2",
        Integer.toString(RIGHT),
        "y1",
        Integer.toString(y),
        "y2",
        Integer.toString(y));
    for (double tick : time.timeTicks(9)) {
      double x = time.place(tick);
      svg.leaf(
          "text",
          Words.clock(report.start().plusNanos(Math.round(tick * 1e9))),
          "class",
          "tick",
          "x",
          Scale.text(x),
          "y",
          Integer.toString(y + 15),
          "text-anchor",
          x < 40 ? "start" : x > RIGHT - 40 ? "end" : "middle");
    }
  }

  private List<Moment> moments() {
    List<Moment> moments = new ArrayList<>();
    report.injectedAt().ifPresent(at -> moments.add(new Moment(at, "injection", "injected")));
    latest(FaultReport::confirmedAt)
        .ifPresent(at -> moments.add(new Moment(at, "injection", "seen to bite")));
    report.escaped().stream().limit(MOST_ONSETS).forEach(found -> moments.add(onset(found)));
    report.changes().stream().limit(MOST_CHANGES).forEach(seen -> moments.add(changed(seen)));
    report
        .halt()
        .ifPresent(
            halt ->
                moments.add(
                    new Moment(
                        halt.at(),
                        "halt",
                        "halted: " + halt.kind().name().toLowerCase(Locale.ROOT))));
    latest(FaultReport::rollbackRequestedAt)
        .ifPresent(at -> moments.add(new Moment(at, "rollback", "undo sent")));
    latest(FaultReport::verifiedAt)
        .ifPresent(at -> moments.add(new Moment(at, "rollback", "rollback verified")));
    moments.sort(Comparator.comparing(Moment::at));
    return moments;
  }

  private static Moment onset(FindingReport found) {
    return new Moment(found.onset(), "escaped", Words.shortened(found.service(), 24) + " degrades");
  }

  private static Moment changed(ChangeReport seen) {
    return new Moment(seen.at(), "change", Words.shortened(seen.inWords(), 44));
  }

  private Optional<Instant> latest(Function<FaultReport, Optional<Instant>> instant) {
    return report.faults().stream()
        .filter(fault -> fault.role() == FaultRole.FAULT)
        .flatMap(fault -> instant.apply(fault).stream())
        .max(Comparator.naturalOrder());
  }

  /** The row of each label: the first one on which it does not run into another. */
  private List<Integer> rows(List<Moment> moments) {
    List<Double> takenFrom = new ArrayList<>();
    List<Integer> rows = new ArrayList<>(Collections.nCopies(moments.size(), 0));
    // From the right: each line then passes only labels that begin to its right.
    for (int i = moments.size() - 1; i >= 0; i--) {
      double left = labelLeft(moments.get(i));
      double right = left + labelWidth(moments.get(i));
      int row = 0;
      while (row < takenFrom.size() && right + 10 > takenFrom.get(row)) {
        row++;
      }
      if (row == takenFrom.size()) {
        takenFrom.add(left);
      } else {
        takenFrom.set(row, left);
      }
      rows.set(i, row);
    }
    return rows;
  }

  private double labelLeft(Moment moment) {
    double x = time.place(offset(moment.at())) + 4;
    return Math.min(x, RIGHT - labelWidth(moment));
  }

  private static double labelWidth(Moment moment) {
    return text(moment).length() * LETTER;
  }

  private static String text(Moment moment) {
    return Words.clock(moment.at()) + " " + moment.label();
  }

  private void moment(Markup svg, Moment moment, int axis, int y) {
    String x = Scale.text(time.place(offset(moment.at())));
    svg.empty(
        "line",
        "class",
        "mark " + moment.kind(),
        "x1",
        x,
        "x2",
        x,
        "y1",
        Integer.toString(PHASES),
        "y2",
        Integer.toString(y + 3));
    svg.empty(
        "circle",
        "class",
        "dot " + moment.kind(),
        "cx",
        x,
        "cy",
        Integer.toString(axis),
        "r",
        "3.5");
    svg.leaf(
        "text",
        text(moment),
        "class",
        "moment " + moment.kind(),
        "x",
        Scale.text(labelLeft(moment)),
        "y",
        Integer.toString(y));
  }
}

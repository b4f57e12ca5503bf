package dev.firebreak.dashboards.report;

import dev.firebreak.cascade.DegradationClass;
import dev.firebreak.probe.Quantity;
import dev.firebreak.probe.Unit;
import dev.firebreak.report.RunReport.ChangeReport;
import dev.firebreak.report.RunReport.FindingReport;
import dev.firebreak.run.RunEvent.ProbeJudged.Verdict;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** How the reports say things. */
final class Words {
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("EEE d MMM yyyy", Locale.ENGLISH).withZone(ZoneOffset.UTC);

  private Words() {}

  static String quantity(double value, Unit unit) {
    return new Quantity(value, unit).toString();
  }

  static String number(double value) {
    return quantity(value, Unit.NONE);
  }

  static String ratio(double value) {
    return quantity(value, Unit.RATIO);
  }

  /** {@code 88 ms → 1.5 s}. */
  static String change(FindingReport finding) {
    return quantity(finding.baseline(), finding.unit())
        + " → "
        + quantity(finding.observed(), finding.unit());
  }

  /** {@code 10:01:02 inventory restarted: process start …}. */
  static String change(ChangeReport change) {
    String what = clock(change.at()) + " " + change.inWords();
    return change.detail().isEmpty() ? what : what + ": " + change.detail();
  }

  static String clock(Instant at) {
    return CLOCK.format(at);
  }

  static String day(Instant at) {
    return DAY.format(at);
  }

  /** {@code +5.2 s}, {@code −19 s}; a true minus sign, as numbers have it. */
  static String offset(double seconds) {
    String size = Quantity.seconds(Math.abs(seconds)).toString();
    return (seconds < 0 ? "−" : "+") + size;
  }

  static String degradation(DegradationClass degradation) {
    return switch (degradation) {
      case INJECTED -> "injected";
      case EXPECTED -> "expected";
      case ESCAPED -> "escaped";
      case UNRELATED -> "unrelated";
    };
  }

  static String verdict(Optional<Verdict> verdict) {
    return verdict
        .map(
            known ->
                switch (known) {
                  case WITHIN -> "within";
                  case BREACHED -> "breached";
                  case NO_EVIDENCE -> "no evidence";
                })
        .orElse("not judged");
  }

  /** Only of an escape does the rollback have to say whether the fault was its cause. */
  static String recovery(FindingReport finding) {
    if (finding.degradation() == DegradationClass.ESCAPED) {
      return finding.confirmation().inWords();
    }
    if (finding.confirmedByRollback().isEmpty()) {
      return "not known";
    }
    if (finding.confirmedByRollback().get()) {
      return "recovered";
    }
    return finding.recoveredAt().isPresent() ? "recovered before the undo" : "did not recover";
  }

  static String plural(int count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  /** At most so many characters, the last one an ellipsis if it was longer. */
  static String shortened(String text, int most) {
    return text.codePointCount(0, text.length()) <= most
        ? text
        : text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
  }
}

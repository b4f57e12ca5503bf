package dev.firebreak.report;

import dev.firebreak.cascade.DegradationClass;
import dev.firebreak.probe.Quantity;
import dev.firebreak.report.RunReport.FindingReport;
import dev.firebreak.report.RunReport.Radius;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Tells the way of a failure in words: {@code payments → checkout (+6 s) → gateway (+14 s)}. */
final class Ways {
  private static final int MOST = 3;

  private Ways() {}

  /** Empty if nothing escaped. */
  static String inWords(Radius radius, List<FindingReport> findings) {
    List<FindingReport> ends =
        findings.stream()
            .filter(finding -> finding.degradation() == DegradationClass.ESCAPED)
            .filter(finding -> !leadsOn(finding, findings))
            .toList();
    List<String> ways = new ArrayList<>();
    ends.stream().limit(MOST).forEach(end -> ways.add(inWords(end, radius, findings)));
    if (ends.size() > MOST) {
      ways.add("%d more ways".formatted(ends.size() - MOST));
    }
    return String.join("; ", ways);
  }

  /** Whether the way to another escape goes through this one and tells it anyway. */
  private static boolean leadsOn(FindingReport finding, List<FindingReport> findings) {
    int length = finding.path().size();
    return length > 0
        && findings.stream()
            .filter(other -> other.degradation() == DegradationClass.ESCAPED)
            .filter(other -> other.path().size() > length)
            .anyMatch(other -> other.path().subList(0, length).equals(finding.path()));
  }

  private static String inWords(FindingReport end, Radius radius, List<FindingReport> findings) {
    if (end.path().isEmpty()) {
      return end.service() + remark(end, radius, ", way unknown");
    }
    List<String> hops = new ArrayList<>();
    hops.add(end.path().get(0));
    for (String service : end.path().subList(1, end.path().size())) {
      hops.add(
          findings.stream()
              .filter(finding -> finding.service().equals(service))
              .findFirst()
              .map(finding -> service + remark(finding, radius, ""))
              .orElse(service));
    }
    return String.join(" → ", hops);
  }

  private static String remark(FindingReport finding, Radius radius, String more) {
    OptionalDouble lag = finding.afterInjectionSeconds();
    String when = lag.isPresent() ? after(lag.getAsDouble()) : "time unknown";
    return " (" + when + standing(finding, radius) + more + ")";
  }

  private static String standing(FindingReport finding, Radius radius) {
    if (finding.degradation() != DegradationClass.ESCAPED) {
      return "";
    }
    return radius.expected().contains(finding.service()) ? ", beyond its bound" : ", not declared";
  }

  /** {@code +6 s}; an onset that is dated back to before the injection counts as at once. */
  static String after(double seconds) {
    return "+" + Quantity.seconds(Math.max(0, seconds));
  }
}

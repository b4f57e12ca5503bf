package dev.firebreak.run;

import dev.firebreak.experiment.Experiment;
import dev.firebreak.fault.FaultPlan;
import dev.firebreak.service.ServiceName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** Names a resolved plan by its content: the same conditions, the same hash, on every JVM. */
final class PlanHash {
  private PlanHash() {}

  static String of(
      RunSpec spec, List<FaultPlan> faults, List<FaultPlan> rollbacks, List<ServiceName> outside) {
    StringBuilder text = new StringBuilder();
    Experiment experiment = spec.experiment();
    line(text, "gameDay", spec.gameDay());
    line(text, "every", spec.telemetry().every());
    line(text, "experiment", experiment.name());
    line(text, "hypothesis", experiment.hypothesis());
    line(text, "radius", experiment.radius());
    line(text, "haltOn", new TreeSet<>(experiment.halt().on()));
    line(text, "blindAfter", experiment.halt().blindAfter());
    line(text, "smallestEffect", experiment.halt().smallestEffect());
    line(text, "falseHaltBudget", experiment.halt().falseHaltBudget());
    line(text, "timing", experiment.timing());
    line(text, "outside", outside);
    faults.forEach(fault -> fault(text, "fault", fault));
    rollbacks.forEach(rollback -> fault(text, "rollback", rollback));
    return sha256(text.toString());
  }

  /** Leaves out the id and what was resolved: they differ from run to run. */
  private static void fault(StringBuilder text, String what, FaultPlan fault) {
    line(text, what, fault.request().kind());
    line(text, "service", fault.request().service());
    line(text, "target", new TreeMap<>(fault.request().target()));
    line(text, "with", new TreeMap<>(fault.request().with()));
    line(text, "for", fault.request().duration());
  }

  private static void line(StringBuilder text, String key, Object value) {
    text.append(key).append('=').append(value).append('\n');
  }

  private static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}

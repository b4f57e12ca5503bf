package dev.firebreak.dashboards.report;

import dev.firebreak.probe.Change;
import dev.firebreak.probe.Change.Kind;
import dev.firebreak.report.SampleRuns;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.SystemChanged;
import dev.firebreak.service.ServiceName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A run of every kind, by name. */
final class SampleReports {
  private SampleReports() {}

  static Map<String, List<RunEvent>> runs() {
    Map<String, List<RunEvent>> runs = new LinkedHashMap<>();
    runs.put("cascaded", SampleRuns.cascaded());
    runs.put("held", SampleRuns.held());
    runs.put("deviated", SampleRuns.deviated());
    runs.put("blind", SampleRuns.blind());
    runs.put("not-undone", SampleRuns.notUndone());
    runs.put("refused", SampleRuns.refused());
    runs.put("changed", changed());
    runs.put("cut", SampleRuns.cascaded().subList(0, 85));
    return runs;
  }

  /** The gateway is deployed in the baseline and again during the fault, payments restarts. */
  static List<RunEvent> changed() {
    List<RunEvent> events = new ArrayList<>(SampleRuns.cascaded());
    events.add(changed(30, "gateway", Kind.DEPLOY, "version 1 → version 2"));
    events.add(changed(61.5, "payments", Kind.RESTART, "process start 1 → 2"));
    events.add(changed(62.62, "gateway", Kind.DEPLOY, "version 2 → version <3>"));
    events.sort(Comparator.comparing(RunEvent::at));
    return events;
  }

  private static SystemChanged changed(double seconds, String service, Kind kind, String detail) {
    return new SystemChanged(
        SampleRuns.at(seconds), new Change(ServiceName.of(service), kind, detail));
  }
}

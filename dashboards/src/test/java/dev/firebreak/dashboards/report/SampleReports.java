package dev.firebreak.dashboards.report;

import dev.firebreak.report.SampleRuns;
import dev.firebreak.run.RunEvent;
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
    runs.put("cut", SampleRuns.cascaded().subList(0, 85));
    return runs;
  }
}

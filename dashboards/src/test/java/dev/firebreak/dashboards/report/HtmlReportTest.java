package dev.firebreak.dashboards.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.report.RunReport;
import dev.firebreak.report.RunReports;
import dev.firebreak.report.SampleRuns;
import dev.firebreak.run.RunEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HtmlReportTest {
  @Test
  void everyKindOfRunHasAPage() throws IOException {
    Path directory = Files.createDirectories(Path.of("target/sample-reports"));
    for (Map.Entry<String, List<RunEvent>> run : runs().entrySet()) {
      RunReport report = RunReports.from(run.getValue());
      byte[] page = HtmlReport.of(report);
      Files.write(directory.resolve(run.getKey() + ".html"), page);
      Files.write(directory.resolve(run.getKey() + ".json"), JsonReport.of(report));
      Files.write(directory.resolve(run.getKey() + ".xml"), JUnitReport.of(report));
      assertThat(text(page)).contains(report.conclusion().outcome().name()).endsWith("</html>\n");
    }
  }

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

  private static String text(byte[] page) {
    return new String(page, StandardCharsets.UTF_8);
  }
}

package dev.firebreak.dashboards.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.report.RunReport;
import dev.firebreak.report.RunReports;
import dev.firebreak.report.SampleRuns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportWriterTest {
  private final RunReport report = RunReports.from(SampleRuns.cascaded());

  @Test
  void writesTheThreeFilesAndNothingElse(@TempDir Path directory) throws IOException {
    Path runs = directory.resolve("runs/one");
    ReportWriter.Written written = ReportWriter.write(report, runs);
    assertThat(names(runs)).containsExactly("junit.xml", "report.html", "report.json");
    assertThat(written.json()).hasBinaryContent(JsonReport.of(report));
    assertThat(written.html()).hasBinaryContent(HtmlReport.of(report));
    assertThat(written.junit()).hasBinaryContent(JUnitReport.of(report));
  }

  @Test
  void replacesTheReportOfACutJournal(@TempDir Path directory) throws IOException {
    ReportWriter.write(RunReports.from(SampleRuns.cascaded().subList(0, 70)), directory);
    ReportWriter.write(report, directory);
    assertThat(names(directory)).hasSize(3);
    assertThat(directory.resolve("report.json")).hasBinaryContent(JsonReport.of(report));
  }

  private static Stream<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
    }
  }
}

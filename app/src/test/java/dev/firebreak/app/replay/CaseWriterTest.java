package dev.firebreak.app.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firebreak.cascade.CascadeDetectors;
import dev.firebreak.report.SampleRuns;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.RollbackRequested;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaseWriterTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void whatARunSawCanBeReplayed() throws Exception {
    CaseWriter.write(SampleRuns.cascaded(), folder);

    String line = new Replay(CascadeDetectors.online()).replay(folder);
    assertThat(line).contains("\"halted\":").contains("\"dataset\":");
    assertThat(Files.readAllLines(folder.resolve("metrics.csv")).get(0)).startsWith("time,");
  }

  @Test
  void theSameJournalGivesTheSameCase() throws Exception {
    Path again = folder.resolve("again");
    CaseWriter.write(SampleRuns.cascaded(), folder);
    CaseWriter.write(SampleRuns.cascaded(), again);

    for (String file : List.of("metrics.csv", "case.json")) {
      assertThat(again.resolve(file)).hasSameBinaryContentAs(folder.resolve(file));
    }
  }

  @Test
  void aRunThatWasNotRolledBackIsNoCase() {
    List<RunEvent> cut =
        SampleRuns.cascaded().stream()
            .takeWhile(event -> !(event instanceof RollbackRequested))
            .toList();

    assertThatThrownBy(() -> CaseWriter.write(cut, folder))
        .isInstanceOf(CaseException.class)
        .hasMessageContaining("lacks a rollback");
  }
}

package dev.firebreak.app.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.firebreak.cascade.CascadeDetectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayTest {
  private static final long START = 1_700_000_000L;
  private static final int STEP = 10;
  private static final int HISTORY = 60;
  private static final int FAULT = 18;

  @TempDir private Path folder = Path.of("");

  private final Replay replay = new Replay(CascadeDetectors.online());

  /** A case of two services, api calling db, with the fault in db. */
  private void write(double apiFactor) throws IOException {
    Random random = new Random(1);
    StringBuilder csv = new StringBuilder("time,api__p95_ms,api__ok_pct,api__cpu,db__p95_ms\n");
    for (int i = 0; i < HISTORY + FAULT + 20; i++) {
      boolean fault = i >= HISTORY && i < HISTORY + FAULT;
      csv.append(START + (long) (i - HISTORY) * STEP)
          .append(
              ",%.1f"
                  .formatted(80 * Math.exp(.1 * random.nextGaussian()) * (fault ? apiFactor : 1)))
          .append(i % 7 == 0 ? ",," : ",100,")
          .append(fault ? 99 : 10)
          .append(
              ",%.1f%n".formatted(20 * Math.exp(.1 * random.nextGaussian()) * (fault ? 20 : 1)));
    }
    Files.writeString(folder.resolve("metrics.csv"), csv);
    Files.writeString(
        folder.resolve("case.json"),
        """
        {"case": "db-slow", "dataset": "made-up", "fault_type": "latency",
         "blast_radius": ["db"], "inject_start": %d, "inject_end": %d, "sampling_seconds": %d,
         "call_graph": [["api", "db"]],
         "signals": {"latency": ["p*_ms"], "success": ["ok_pct"]},
         "latency_unit": "ms", "latency_floor": 20}
        """
            .formatted(START, START + FAULT * STEP, STEP));
  }

  private JsonNode replayed() throws IOException, CaseException {
    String line = replay.replay(folder);
    assertThat(line).doesNotContain("\n");
    return new ObjectMapper().readTree(line);
  }

  @Test
  void haltsWhereALiveRunWouldHaveHalted() throws Exception {
    write(6);

    JsonNode verdict = replayed();

    assertThat(verdict.path("case").asText()).isEqualTo("db-slow");
    assertThat(verdict.path("dataset").asText()).isEqualTo("made-up");
    assertThat(verdict.path("halted").asBoolean()).isTrue();
    assertThat(verdict.path("haltAt").asLong()).isBetween(START, START + 8 * STEP);
    assertThat(verdict.path("findings"))
        .anySatisfy(
            finding -> {
              assertThat(finding.path("service").asText()).isEqualTo("api");
              assertThat(finding.path("class").asText()).isEqualTo("ESCAPED");
              assertThat(finding.path("signal").asText()).isEqualTo("p95_ms");
              assertThat(finding.path("onset").asLong()).isEqualTo(START);
              assertThat(finding.path("flaggedAt")).isEqualTo(verdict.path("haltAt"));
            })
        .anySatisfy(finding -> assertThat(finding.path("class").asText()).isEqualTo("INJECTED"));
  }

  @Test
  void doesNotHaltWhenTheFaultStaysInside() throws Exception {
    write(1);

    JsonNode verdict = replayed();

    assertThat(verdict.path("halted").asBoolean()).isFalse();
    assertThat(verdict.path("haltAt").isNull()).isTrue();
  }

  @Test
  void whatIsExpectedIsNoReasonToHalt() throws Exception {
    write(6);
    Path json = folder.resolve("case.json");
    String good = Files.readString(json);
    Files.writeString(
        json, good.replace("\"inject_start\"", "\"expected\": [\"api\"], \"inject_start\""));

    JsonNode verdict = replayed();

    assertThat(verdict.path("halted").asBoolean()).isFalse();
    assertThat(verdict.path("findings"))
        .anySatisfy(finding -> assertThat(finding.path("class").asText()).isEqualTo("EXPECTED"));
    Files.writeString(
        json, good.replace("\"inject_start\"", "\"expected\": [\"db\"], \"inject_start\""));
    assertThatThrownBy(() -> replay.replay(folder))
        .hasMessageContaining("case.json: expected db is both injected and expected");
  }

  @Test
  void saysTheSameEveryTime() throws Exception {
    write(6);

    assertThat(replay.replay(folder)).isEqualTo(replay.replay(folder));
  }

  @Test
  void neverReadsTheLabel() throws Exception {
    write(6);
    String without = replay.replay(folder);
    Files.writeString(folder.resolve("label.json"), "not even JSON");

    assertThat(replay.replay(folder)).isEqualTo(without);
  }

  @Test
  void saysWhichFileIsMissing() {
    assertThatThrownBy(() -> replay.replay(folder))
        .isInstanceOf(CaseException.class)
        .hasMessageContaining("case.json");
  }

  @Test
  void saysWhereTheTableIsWrong() throws Exception {
    write(1);
    Path csv = folder.resolve("metrics.csv");
    Files.writeString(csv, Files.readString(csv).replaceFirst("\n[^\n]*\n", "\n1,2,3\n"));

    assertThatThrownBy(() -> replay.replay(folder))
        .isInstanceOf(CaseException.class)
        .hasMessageContaining("metrics.csv:2: has 3 cells, the first line 5");
  }

  @Test
  void saysWhichCellIsNoNumber() throws Exception {
    write(1);
    Path csv = folder.resolve("metrics.csv");
    Files.writeString(csv, Files.readString(csv).replaceFirst(",100,", ",fast,"));

    assertThatThrownBy(() -> replay.replay(folder))
        .isInstanceOf(CaseException.class)
        .hasMessageContaining("column api__ok_pct is \"fast\", expected a number or nothing");
  }

  @Test
  void saysWhatACaseMayContain() throws Exception {
    write(1);
    Path json = folder.resolve("case.json");
    String good = Files.readString(json);

    Files.writeString(json, good.replace("\"ms\"", "\"parsec\""));
    assertThatThrownBy(() -> replay.replay(folder))
        .hasMessageContaining("latency_unit is \"parsec\", allowed are [ms, ns, s, us]");
    Files.writeString(json, good.replace("\"success\"", "\"happiness\""));
    assertThatThrownBy(() -> replay.replay(folder)).hasMessageContaining("happiness");
    Files.writeString(json, good.replace("{", "{ {"));
    assertThatThrownBy(() -> replay.replay(folder)).hasMessageContaining("case.json:1: ");
    Files.writeString(json, good.replace("[\"api\", \"db\"]", "[\"api\"]"));
    assertThatThrownBy(() -> replay.replay(folder)).hasMessageContaining("each edge is");
  }

  @Test
  void readsShellPatterns() {
    assertThat(ShellPattern.compile("p[59]?_*").matcher("p95_ms").matches()).isTrue();
    assertThat(ShellPattern.compile("p[!9]5").matcher("p95").matches()).isFalse();
    assertThat(ShellPattern.compile("a.b").matcher("axb").matches()).isFalse();
  }
}

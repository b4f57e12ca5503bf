package dev.firebreak.app.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firebreak.app.replay.Calibration.Outcome;
import dev.firebreak.app.replay.Calibration.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrationTest {
  private static final long START = 1_700_000_000L;
  private static final Plan PLAN =
      new Plan(Optional.of(Duration.ofMinutes(10)), Duration.ofMinutes(5), 20, 3, 7);

  @TempDir private Path folder = Path.of("");

  private Path write(String name, int rows, int incidentEvery) throws IOException {
    return write(name, rows, incidentEvery, 0);
  }

  /** A case of two services, every so often with an incident of the caller that lasts a minute. */
  private Path write(String name, int rows, int incidentEvery, int history) throws IOException {
    Random random = new Random(1);
    StringBuilder csv = new StringBuilder("time,api__p95_ms,db__p95_ms\n");
    for (int i = 0; i < rows; i++) {
      boolean incident = incidentEvery > 0 && i % incidentEvery >= incidentEvery - 6;
      csv.append(START + 10L * i)
          .append(
              ",%.1f,%.1f%n"
                  .formatted(
                      80 * Math.exp(.1 * random.nextGaussian()) * (incident ? 9 : 1),
                      20 * Math.exp(.1 * random.nextGaussian())));
    }
    Path made = Files.createDirectories(folder.resolve(name));
    Files.writeString(made.resolve("metrics.csv"), csv);
    Files.writeString(
        made.resolve("case.json"),
        """
        {"case": "%s", "dataset": "made-up", "blast_radius": [],
         "inject_start": %d, "inject_end": %d, "sampling_seconds": 10,
         "call_graph": [["api", "db"]], "signals": {"latency": ["p*_ms"]},
         "latency_unit": "ms", "latency_floor": 20}
        """
            .formatted(name, START + 10L * history, START + 10L * rows));
    return made;
  }

  @Test
  void aCalmSystemNeedsNoOtherBudget() throws Exception {
    Outcome outcome = new Calibration(PLAN).calibrate(List.of(write("calm", 200, 0)));

    assertThat(outcome.proposed()).contains(0.01);
    assertThat(outcome.rates()).hasSize(1);
    assertThat(outcome.rates().get(0).falseHalts()).isZero();
    assertThat(outcome.rates().get(0).hours()).isGreaterThanOrEqualTo(20);
    assertThat(outcome.recordedHours()).isEqualTo(140 * 10 / 3600.0);
  }

  @Test
  void theBaselineIsWhatARecordingHadUnlessSaidOtherwise() throws Exception {
    Plan plan = new Plan(Optional.empty(), PLAN.watch(), PLAN.hours(), PLAN.target(), PLAN.seed());

    Outcome outcome = new Calibration(plan).calibrate(List.of(write("calm", 300, 0, 130)));

    assertThat(outcome.recordedHours()).isEqualTo((300 - 130) * 10 / 3600.0);
  }

  @Test
  void incidentsOfASystemAreCountedAndSaidToBeTooMany() throws Exception {
    Outcome outcome =
        new Calibration(PLAN).calibrate(List.of(write("a", 400, 130), write("b", 400, 0)));

    assertThat(outcome.proposed()).isEmpty();
    assertThat(outcome.rates())
        .allSatisfy(
            rate -> {
              assertThat(rate.falseHalts()).isPositive();
              assertThat(rate.perThousandHours()).isBetween(rate.lowest(), rate.highest());
            });
    assertThat(outcome.rates().get(0).lowest()).isZero();
  }

  @Test
  void theSameSeedGivesTheSameFigures() throws Exception {
    List<Path> cases = List.of(write("a", 400, 130), write("b", 300, 90));

    assertThat(new Calibration(PLAN).calibrate(cases))
        .isEqualTo(new Calibration(PLAN).calibrate(cases));
  }

  @Test
  void whatIsTooShortIsSaid() throws Exception {
    List<Path> cases = List.of(write("short", 50, 0));

    assertThatThrownBy(() -> new Calibration(PLAN).calibrate(cases))
        .isInstanceOf(CaseException.class)
        .hasMessageContaining(
            "no case without a fault has a baseline of PT10M and a watch of PT5M");
  }
}

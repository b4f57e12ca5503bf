package dev.firebreak.app.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firebreak.app.replay.Calibration.Lengths;
import dev.firebreak.app.replay.Calibration.Outcome;
import dev.firebreak.app.replay.Calibration.Plan;
import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.experiment.Experiment;
import dev.firebreak.experiment.GameDay;
import dev.firebreak.experiment.HaltPolicy;
import dev.firebreak.experiment.SteadyStateHypothesis;
import dev.firebreak.experiment.Telemetry;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.probe.History;
import dev.firebreak.probe.SeriesId;
import dev.firebreak.probe.Signal;
import dev.firebreak.service.CallGraph;
import dev.firebreak.service.ServiceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrationTest {
  private static final long START = 1_700_000_000L;
  private static final Plan PLAN =
      plan(Lengths.about(Optional.of(Duration.ofMinutes(10)), Duration.ofMinutes(5)));

  private static Plan plan(Lengths lengths) {
    return new Plan(lengths, Optional.empty(), 0.01, 20, 3, 7);
  }

  private static final ServiceName DB = ServiceName.of("db");
  private static final Experiment EXPERIMENT =
      new Experiment(
          "db is slow",
          new SteadyStateHypothesis("", List.of()),
          BlastRadius.of(DB),
          List.of(
              new FaultRequest(FaultKind.PLACEBO, DB, Map.of(), Map.of(), Duration.ofMinutes(3))),
          List.of(),
          HaltPolicy.DEFAULT,
          new Experiment.Timing(Duration.ofMinutes(10), Duration.ofMinutes(1)));
  private static final GameDay GAME_DAY =
      new GameDay(
          new GameDay.Metadata("weekly", "team", "staging"),
          Optional.empty(),
          new Telemetry(
              new Telemetry.Scrape(List.of()),
              Duration.ofSeconds(10),
              new CallGraph(Set.of(new CallGraph.Edge(ServiceName.of("api"), DB)))),
          List.of(EXPERIMENT));

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
    Plan plan = plan(Lengths.about(Optional.empty(), PLAN.lengths().watch()));

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
  void theHistoryOfASourceIsReplayedWithoutWhatWasInjected() throws Exception {
    Instant from = Instant.ofEpochSecond(START);
    Disturbance injected = new Disturbance(from.plusSeconds(3_000), from.plusSeconds(3_600));
    History history = history(from, injected, 1_200);
    Calibration calibration =
        new Calibration(
            new Plan(Lengths.of(EXPERIMENT), Optional.of(EXPERIMENT.radius()), 0.002, 100, 3, 7));

    Outcome quiet = calibration.calibrate(GAME_DAY, EXPERIMENT, history, List.of(injected));
    Outcome all = calibration.calibrate(GAME_DAY, EXPERIMENT, history, List.of());

    assertThat(quiet.rates()).hasSize(1);
    assertThat(quiet.rates().get(0).budget()).isEqualTo(0.002);
    assertThat(quiet.rates().get(0).falseHalts()).isZero();
    // 50 minutes, and ten GameDays of the 140 minutes after it; what is left is too short for one.
    assertThat(quiet.recordings()).isEqualTo(2);
    assertThat(all.rates().get(0).falseHalts()).isPositive();
  }

  @Test
  void aSilenceOfTheSourceSeparatesWhatIsReplayed() throws Exception {
    Instant from = Instant.ofEpochSecond(START);
    History history = history(from, new Disturbance(Instant.MAX, Instant.MAX), 1_200);
    for (int i = 500; i < 510; i++) {
      Arrays.fill(history.looks().get(i).values(), Double.NaN);
    }
    Plan plan = new Plan(Lengths.of(EXPERIMENT), Optional.empty(), 0.01, 20, 3, 7);

    assertThat(
            new Calibration(plan).calibrate(GAME_DAY, EXPERIMENT, history, List.of()).recordings())
        .isEqualTo(2);
  }

  /** Two services; the caller is ill while something is injected. */
  private static History history(Instant from, Disturbance ill, int looks) {
    Random random = new Random(1);
    List<History.Look> all = new ArrayList<>();
    for (int i = 0; i < looks; i++) {
      Instant at = from.plusSeconds(10L * i);
      double times = ill.covers(at) ? 9 : 1;
      all.add(
          new History.Look(
              at,
              new double[] {
                0.08 * Math.exp(.1 * random.nextGaussian()) * times,
                0.02 * Math.exp(.1 * random.nextGaussian())
              }));
    }
    Signal p95 = new Signal("http.latency.p95", Signal.Kind.LATENCY);
    return new History(
        List.of(new SeriesId(ServiceName.of("api"), p95), new SeriesId(ServiceName.of("db"), p95)),
        CallGraph.empty(),
        all);
  }

  @Test
  void whatIsTooShortIsSaid() throws Exception {
    List<Path> cases = List.of(write("short", 50, 0));

    assertThatThrownBy(() -> new Calibration(PLAN).calibrate(cases))
        .isInstanceOf(CaseException.class)
        .hasMessageContaining(
            "no stretch without a fault has a baseline of PT10M and a watch of PT5M");
  }
}

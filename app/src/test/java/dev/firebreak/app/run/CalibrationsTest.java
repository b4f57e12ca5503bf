package dev.firebreak.app.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firebreak.cascade.Calibrated;
import dev.firebreak.cascade.FalseHaltRate;
import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.experiment.Experiment;
import dev.firebreak.experiment.GameDay;
import dev.firebreak.experiment.HaltPolicy;
import dev.firebreak.experiment.HaltPolicy.Condition;
import dev.firebreak.experiment.SmallestEffect;
import dev.firebreak.experiment.SteadyStateHypothesis;
import dev.firebreak.experiment.Telemetry;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.service.CallGraph;
import dev.firebreak.service.ServiceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrationsTest {
  private static final Instant NOW = Instant.parse("2026-11-26T10:00:00.123Z");
  private static final FalseHaltRate USUAL = new FalseHaltRate(0.01, 60_000, 3_000, 9, 1.5, 4.5);
  private static final FalseHaltRate STRICT = new FalseHaltRate(0.001, 60_000, 3_000, 0, 0, 0.4);

  @TempDir private Path home = Path.of("");

  private static Experiment experiment(String name, double budget, String injected) {
    ServiceName service = ServiceName.of(injected);
    return new Experiment(
        name,
        new SteadyStateHypothesis("", List.of()),
        BlastRadius.of(service),
        List.of(
            new FaultRequest(
                FaultKind.PLACEBO, service, Map.of(), Map.of(), Duration.ofMinutes(3))),
        List.of(),
        new HaltPolicy(
            Set.of(Condition.CASCADE), Duration.ofSeconds(15), SmallestEffect.DEFAULT, budget),
        Experiment.Timing.DEFAULT);
  }

  private static GameDay gameDay(Experiment... experiments) {
    return new GameDay(
        new GameDay.Metadata("weekly", "team", "staging"),
        Optional.empty(),
        new Telemetry(new Telemetry.Scrape(List.of()), Duration.ofSeconds(5), CallGraph.empty()),
        List.of(experiments));
  }

  @Test
  void anExperimentFindsWhatWasMeasuredWithItsBudget() throws IOException {
    Calibrations calibrations = new Calibrations(home);
    Experiment one = experiment("one", 0.01, "db");
    calibrations.keep(gameDay(one), one, NOW, 26.5, List.of(USUAL, STRICT));
    Experiment other = experiment("other", 0.01, "db");
    calibrations.keep(gameDay(one, other), other, NOW.plusSeconds(1), 3, List.of(STRICT));

    assertThat(calibrations.find(gameDay(one), one)).contains(new Calibrated(NOW, 26.5, USUAL));
    Experiment stricter = experiment("one", 0.001, "db");
    assertThat(calibrations.find(gameDay(stricter), stricter))
        .contains(new Calibrated(NOW, 26.5, STRICT));
    assertThat(calibrations.find(gameDay(other), other)).isEmpty();
  }

  @Test
  void anExperimentThatChangedIsNotCalibratedAnyMore() throws IOException {
    Calibrations calibrations = new Calibrations(home);
    Experiment one = experiment("one", 0.01, "db");
    calibrations.keep(gameDay(one), one, NOW, 26.5, List.of(USUAL));

    Experiment elsewhere = experiment("one", 0.01, "cache");
    assertThat(calibrations.find(gameDay(elsewhere), elsewhere)).isEmpty();
    assertThat(calibrations.find(gameDay(one), experiment("two", 0.01, "db"))).isEmpty();
  }

  @Test
  void whatWasMeasuredAgainReplacesWhatWasKnown() throws IOException {
    Calibrations calibrations = new Calibrations(home);
    Experiment one = experiment("one", 0.01, "db");
    calibrations.keep(gameDay(one), one, NOW, 1, List.of(USUAL));
    calibrations.keep(gameDay(one), one, NOW, 2, List.of(USUAL));

    assertThat(calibrations.find(gameDay(one), one)).contains(new Calibrated(NOW, 2, USUAL));
  }

  @Test
  void aDamagedFileIsNamed() throws IOException {
    Calibrations calibrations = new Calibrations(home);
    Experiment one = experiment("one", 0.01, "db");
    calibrations.keep(gameDay(one), one, NOW, 1, List.of(USUAL));
    Path file = home.resolve("calibrations/weekly.json");
    Files.writeString(file, "{\"experiments\":{\"one\":{");

    assertThatThrownBy(() -> calibrations.find(gameDay(one), one))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("weekly.json is damaged");
  }
}

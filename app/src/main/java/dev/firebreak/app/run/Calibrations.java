package dev.firebreak.app.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.firebreak.cascade.Calibrated;
import dev.firebreak.cascade.FalseHaltRate;
import dev.firebreak.experiment.Experiment;
import dev.firebreak.experiment.GameDay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What calibrations found, one file for each GameDay under {@code FIREBREAK_HOME/calibrations}.
 * Used by any thread; of two that keep something at the same time the later one wins.
 */
public final class Calibrations {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().addModule(new JavaTimeModule()).build();

  private final Path directory;

  public Calibrations(Path home) {
    this.directory = home.resolve("calibrations");
  }

  /**
   * What was found for one experiment.
   *
   * @param conditions what the experiment said; where it says something else now, it is not that
   *     experiment any more
   */
  private record Found(
      Instant measuredAt, double recordedHours, String conditions, List<FalseHaltRate> rates) {}

  /** All experiments of a GameDay, by name. */
  private record Kept(SortedMap<String, Found> experiments) {}

  /**
   * Keeps what was found; what was known of the same experiment is replaced.
   *
   * @param recordedHours how long the history was
   * @param rates one for each budget that was tried
   * @throws IOException if it cannot be written
   */
  public void keep(
      GameDay gameDay,
      Experiment experiment,
      Instant now,
      double recordedHours,
      List<FalseHaltRate> rates)
      throws IOException {
    SortedMap<String, Found> all = new TreeMap<>(read(gameDay));
    all.put(
        experiment.name(),
        new Found(now, recordedHours, conditions(gameDay, experiment), List.copyOf(rates)));
    Private.createDirectories(directory);
    Private.writeDurably(file(gameDay), MAPPER.writeValueAsString(new Kept(all)));
  }

  /**
   * What is known of an experiment with the budget that it has; empty if it was not calibrated with
   * it, or not as it is now.
   *
   * @throws IOException if what was kept cannot be read
   */
  public Optional<Calibrated> find(GameDay gameDay, Experiment experiment) throws IOException {
    return Optional.ofNullable(read(gameDay).get(experiment.name()))
        .filter(found -> found.conditions().equals(conditions(gameDay, experiment)))
        .flatMap(
            found ->
                found.rates().stream()
                    .filter(rate -> rate.budget() == experiment.halt().falseHaltBudget())
                    .findFirst()
                    .map(rate -> new Calibrated(found.measuredAt(), found.recordedHours(), rate)));
  }

  private SortedMap<String, Found> read(GameDay gameDay) throws IOException {
    Path file = file(gameDay);
    if (!Files.exists(file)) {
      return new TreeMap<>();
    }
    try {
      return MAPPER.readValue(Files.readAllBytes(file), Kept.class).experiments();
    } catch (JsonProcessingException e) {
      throw new IOException(
          "%s is damaged: %s; calibrate again after removing it"
              .formatted(file, e.getOriginalMessage()),
          e);
    }
  }

  private Path file(GameDay gameDay) {
    return directory.resolve(gameDay.name() + ".json");
  }

  /** All that a false halt depends on, but for the budget. */
  private static String conditions(GameDay gameDay, Experiment experiment) {
    return "every %s, baseline %s, watched %s, injected %s, expected %s, outside %s, %s"
        .formatted(
            gameDay.telemetry().every(),
            experiment.timing().baseline(),
            experiment.longestFault(),
            new TreeSet<>(experiment.radius().inject()),
            new TreeMap<>(experiment.radius().expected()),
            experiment.radius().outside().map(TreeSet::new),
            experiment.halt().smallestEffect());
  }
}

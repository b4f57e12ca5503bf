package dev.firebreak.app.gameday;

import dev.firebreak.experiment.Experiment;
import dev.firebreak.experiment.GameDay;
import dev.firebreak.experiment.Schedule;
import dev.firebreak.experiment.Telemetry;
import dev.firebreak.fault.FaultDescription;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Reads GameDay files, YAML or JSON. Reading is strict, and touches neither network nor disk: at
 * most 256 KiB of UTF-8, one document, no aliases, no tags, no duplicate or unknown keys, finite
 * numbers, units required. Keeps no state; safe for use by several threads.
 */
public final class GameDayReader {
  static final String API_VERSION = "firebreak.dev/v1";
  static final String KIND = "GameDay";

  private final List<FaultDescription> faults;
  private final CronCheck cronCheck;
  private final Environment environment;

  /**
   * A reader for files that use these faults.
   *
   * @param faults what the injectors at hand offer
   * @param cronCheck decides about {@code schedule.cron}
   * @param environment where {@code {env: NAME}} is looked up
   */
  public GameDayReader(
      Collection<FaultDescription> faults, CronCheck cronCheck, Environment environment) {
    this.faults = List.copyOf(faults);
    this.cronCheck = cronCheck;
    this.environment = environment;
  }

  /**
   * Reads one file. Never throws for what is in it.
   *
   * @param bytes the whole file; of one larger than 256 KiB the first 256 KiB and one byte suffice
   * @param fileName gives {@code metadata.name} its default
   */
  public ReadResult read(byte[] bytes, String fileName) {
    Mistakes mistakes = new Mistakes();
    Optional<GameDay> gameDay =
        FileText.of(bytes, mistakes)
            .flatMap(text -> YamlTree.read(text, mistakes))
            .flatMap(root -> Fields.of(root, Form.GAME_DAY, mistakes))
            .flatMap(fields -> gameDay(fields, fileName, mistakes));
    return gameDay.isPresent() && mistakes.none()
        ? new ReadResult.Accepted(gameDay.get())
        : new ReadResult.Refused(mistakes.inOrder());
  }

  private Optional<GameDay> gameDay(Fields fields, String fileName, Mistakes mistakes) {
    Values values = new Values(mistakes);
    fields.find("apiVersion").ifPresent(node -> values.choice(node, List.of(API_VERSION)));
    fields.find("kind").ifPresent(node -> values.choice(node, List.of(KIND)));
    GameDay.Metadata metadata =
        new MetadataReader(values, mistakes).read(fields.find("metadata"), fileName);
    Optional<Schedule> schedule =
        fields.find("schedule").flatMap(new ScheduleReader(values, mistakes, cronCheck)::read);
    int before = mistakes.count();
    Optional<Telemetry> telemetry =
        fields
            .require("telemetry", "an object with " + TelemetryReader.SOURCE)
            .flatMap(new TelemetryReader(values, mistakes, environment)::read);
    // Nothing must be called too short for a sampling step that is not known.
    Duration every =
        mistakes.count() > before
            ? Duration.ZERO
            : telemetry.map(Telemetry::every).orElse(Duration.ZERO);
    ExperimentReader experiments = new ExperimentReader(values, mistakes, faults);
    List<Experiment> read =
        fields
            .require("experiments", "a list of at least one experiment")
            .map(node -> experiments.read(node, every))
            .orElse(List.of());
    if (telemetry.isEmpty() || read.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new GameDay(metadata, schedule, telemetry.get(), read));
  }
}

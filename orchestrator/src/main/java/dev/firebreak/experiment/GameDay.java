package dev.firebreak.experiment;

import java.util.List;
import java.util.Optional;

/**
 * A scheduled window in which named people run experiments.
 *
 * @param schedule empty: on demand only
 */
public record GameDay(
    Metadata metadata,
    Optional<Schedule> schedule,
    Telemetry telemetry,
    List<Experiment> experiments) {
  /** Who runs it, and where. */
  public record Metadata(String name, String owner, String environment) {}

  public GameDay {
    if (experiments.isEmpty()) {
      throw new IllegalArgumentException("the GameDay has no experiment");
    }
    experiments = List.copyOf(experiments);
  }

  public String name() {
    return metadata.name();
  }
}

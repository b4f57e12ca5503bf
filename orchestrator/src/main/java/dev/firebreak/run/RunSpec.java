package dev.firebreak.run;

import dev.firebreak.cascade.Calibrated;
import dev.firebreak.experiment.Experiment;
import dev.firebreak.experiment.GameDay;
import dev.firebreak.experiment.Telemetry;
import java.util.Optional;

/**
 * What is to be run.
 *
 * @param traceId 32 hex digits, not all zero
 * @param calibrated what is known of the experiment's false halts
 */
public record RunSpec(
    RunId id,
    GameDay.Metadata gameDay,
    Telemetry telemetry,
    Experiment experiment,
    Trigger trigger,
    String traceId,
    Optional<Calibrated> calibrated) {
  /** Of an experiment that was never calibrated. */
  public RunSpec(
      RunId id,
      GameDay.Metadata gameDay,
      Telemetry telemetry,
      Experiment experiment,
      Trigger trigger,
      String traceId) {
    this(id, gameDay, telemetry, experiment, trigger, traceId, Optional.empty());
  }
}

package dev.firebreak.run;

import dev.firebreak.experiment.Experiment;
import dev.firebreak.experiment.GameDay;
import dev.firebreak.experiment.Telemetry;

/**
 * What is to be run.
 *
 * @param traceId 32 hex digits, not all zero
 */
public record RunSpec(
    RunId id,
    GameDay.Metadata gameDay,
    Telemetry telemetry,
    Experiment experiment,
    Trigger trigger,
    String traceId) {}

package dev.firebreak.app.run;

import dev.firebreak.run.Guard;
import dev.firebreak.run.RunId;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * What stands between an experiment and harm on this machine.
 *
 * @param guards starts the guard of a run, which keeps its records in the run's directory
 * @param notices is told what is recovered before a run
 */
public record Precautions(
    ActiveRuns activeRuns,
    HomeLocks locks,
    Recovery recovery,
    Gates gates,
    BiFunction<RunId, RunDirectory, Guard> guards,
    Consumer<String> notices) {}

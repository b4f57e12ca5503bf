package dev.firebreak.app.cli;

import dev.firebreak.app.Wiring;
import dev.firebreak.app.guard.GuardState;
import dev.firebreak.app.journal.JsonEventCodec;
import dev.firebreak.app.run.ActiveRuns;
import dev.firebreak.run.Guard;
import dev.firebreak.run.RunEvent.FaultArmed;
import dev.firebreak.run.RunEvent.Halted;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows the guards of the runs that are going on or were left. A run starts its guard itself. */
@Command(
    name = "guard",
    description = "Show the guards that roll back when a run cannot.",
    footer = {
      "",
      "Each run starts a guard before it injects: a process of its own that holds the undo records,",
      "and rolls back when the run ends, hangs, or sees nothing any more. It ends by itself.",
      "Exit status: 0, or 70 if a fault may be in place and its guard is gone.",
      "",
      "Examples:",
      "  firebreak guard",
      "  firebreak guard 20261123-100000-k3v9q1"
    })
final class GuardCommand implements Callable<Integer> {
  private final Wiring wiring;

  @Parameters(
      arity = "0..1",
      paramLabel = "RUN",
      description = "The run's id; without it all guards are shown.")
  private @Nullable String run;

  GuardCommand(Wiring wiring) {
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws Exception {
    List<ActiveRuns.Known> runs =
        wiring.activeRuns().known().stream()
            .filter(each -> run == null || each.id().value().equals(run))
            .toList();
    if (runs.isEmpty()) {
      String which = run == null ? "no run is" : "no run " + run + " is";
      String where = " going on or left under FIREBREAK_HOME " + wiring.settings().home();
      wiring.terminal().line(which + where);
      return run == null ? ExitCode.HELD : ExitCode.USAGE;
    }
    boolean missing = false;
    for (ActiveRuns.Known each : runs) {
      GuardState guard = GuardState.read(each.directory(), new JsonEventCodec());
      show(each, guard);
      missing |= guard.missing();
    }
    return missing ? ExitCode.FAILED : ExitCode.HELD;
  }

  private void show(ActiveRuns.Known known, GuardState guard) {
    Terminal terminal = wiring.terminal();
    terminal.line("run      " + known.id() + ", " + process(known.process()));
    terminal.line("guard    " + process(guard.process()));
    terminal.line("lease    " + lease(guard));
    for (FaultArmed record : guard.held()) {
      terminal.line(
          "holds    the undo of %s on %s (%s), armed %s for %d s"
              .formatted(
                  record.kind(),
                  record.service(),
                  record.target(),
                  record.at(),
                  record.duration().toSeconds()));
    }
    if (guard.missing()) {
      terminal.error("the guard is gone: firebreak recover rolls back what is left");
    }
  }

  private static String process(Optional<ProcessHandle> process) {
    return process.map(found -> "pid " + found.pid()).orElse("no process");
  }

  private static String lease(GuardState guard) {
    Optional<Halted> over = guard.takenOver();
    if (over.isPresent()) {
      return "over since " + over.get().at() + ": " + over.get().cause().detail();
    }
    return guard.process().isPresent()
        ? "the run has it, %d s from its last sign of life and sight"
            .formatted(Guard.LEASE.toSeconds())
        : "nobody gives one";
  }
}

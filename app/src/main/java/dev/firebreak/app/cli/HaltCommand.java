package dev.firebreak.app.cli;

import dev.firebreak.app.Wiring;
import dev.firebreak.app.run.ActiveRuns;
import dev.firebreak.app.run.ActiveRuns.ActiveRun;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Halts runs on this machine and waits until their faults are rolled back. */
@Command(
    name = "halt",
    description = "Halt runs on this machine and wait until they are rolled back.",
    footer = {"", "Example:", "  firebreak halt"})
final class HaltCommand implements Callable<Integer> {
  /** Rollback and recovery may take a minute each. */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(3);

  private static final long BETWEEN_LOOKS_MILLIS = 200;

  private final Wiring wiring;

  @Parameters(
      arity = "0..1",
      paramLabel = "RUN",
      description = "The run's id; without it all runs are halted.")
  private @Nullable String run;

  HaltCommand(Wiring wiring) {
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws Exception {
    ActiveRuns active = wiring.activeRuns();
    List<ActiveRun> wanted =
        active.list().stream()
            .filter(each -> run == null || each.id().value().equals(run))
            .toList();
    if (wanted.isEmpty()) {
      wiring.terminal().line(run == null ? "nothing is running" : "no run " + run + " is running");
      return run == null ? ExitCode.HELD : ExitCode.USAGE;
    }
    boolean asked = true;
    for (ActiveRun each : wanted) {
      asked &= active.requestHalt(each);
    }
    if (!asked) {
      wiring.terminal().error("a run could not be asked to halt; end its process with SIGTERM");
      return ExitCode.FAILED;
    }
    return awaitEnd(active, wanted);
  }

  private int awaitEnd(ActiveRuns active, List<ActiveRun> wanted) throws Exception {
    long end = System.nanoTime() + LONGEST_WAIT.toNanos();
    while (active.list().stream().anyMatch(wanted::contains)) {
      if (System.nanoTime() - end >= 0) {
        wiring.terminal().error("still not rolled back after " + LONGEST_WAIT.toMinutes() + " min");
        return ExitCode.FAILED;
      }
      TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS_MILLIS);
    }
    wanted.forEach(each -> wiring.terminal().line("halted " + each.id()));
    return ExitCode.HELD;
  }
}

package dev.firebreak.app.cli;

import dev.firebreak.app.Wiring;
import dev.firebreak.app.run.ActiveRuns;
import dev.firebreak.app.run.ActiveRuns.ActiveRun;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Halts runs on this machine and waits until their faults are rolled back. */
@Command(
    name = "halt",
    description = "Halt runs on this machine and wait until they are rolled back.",
    footer = {
      "",
      "With --all the kill switch is engaged too: no run starts until \"firebreak release\".",
      "The same without this program: touch FIREBREAK_HOME/kill-switch, or kill -USR1 PID.",
      "",
      "Examples:",
      "  firebreak halt",
      "  firebreak halt --all --reason \"an incident in checkout\""
    })
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

  @Option(
      names = "--all",
      description = "Halt all runs and let none start until the kill switch is released.")
  private boolean all;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why; needed with --all.")
  private @Nullable String reason;

  HaltCommand(Wiring wiring) {
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws Exception {
    if (all && (run != null || reason == null || reason.isBlank())) {
      wiring.terminal().error("--all needs --reason, and takes no run");
      return ExitCode.USAGE;
    }
    ActiveRuns active = wiring.activeRuns();
    if (all) {
      engage(String.valueOf(reason), active);
    }
    List<ActiveRun> wanted =
        active.list().stream()
            .filter(each -> run == null || each.id().value().equals(run))
            .toList();
    if (wanted.isEmpty()) {
      String where = " under FIREBREAK_HOME " + wiring.settings().home();
      wiring
          .terminal()
          .line((run == null ? "nothing is running" : "no run " + run + " is running") + where);
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

  /** A disk without room for the switch must not keep the runs from being halted. */
  private void engage(String why, ActiveRuns active) throws IOException {
    try {
      wiring.killSwitch().engage(why, wiring.person(), wiring.clock().instant());
      wiring.terminal().line("the kill switch is engaged: " + wiring.killSwitch().file());
    } catch (IOException e) {
      wiring.terminal().error("the kill switch cannot be engaged, halting all the same: " + e);
      active.list().forEach(active::requestHalt);
    }
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

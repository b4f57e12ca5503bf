package dev.firebreak.app.cli;

import dev.firebreak.app.Wiring;
import dev.firebreak.run.Outcome;
import dev.firebreak.run.Trigger;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs a GameDay now. */
@Command(
    name = "run",
    description = "Run a GameDay now and leave journal and reports in a directory.",
    footer = {
      "",
      "Exit status: 0 HELD, 1 DEVIATED, 2 the command or file is wrong, 3 CASCADED,",
      "  4 INCONCLUSIVE or INVALID, 5 REFUSED, 6 ABORTED, 70 FAILED.",
      "",
      "Examples:",
      "  firebreak run gamedays/checkout.yaml",
      "  firebreak run gamedays/checkout.yaml --experiment \"payments answers slowly\" --out runs"
    })
final class RunCommand implements Callable<Integer> {
  private final Wiring wiring;

  @Mixin private Selection selection = new Selection();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where runs are kept, each in DIR/<run-id>; default FIREBREAK_HOME/runs.")
  private @Nullable Path out;

  RunCommand(Wiring wiring) {
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws Exception {
    Optional<Selection.Chosen> chosen = selection.read(wiring);
    if (chosen.isEmpty()) {
      return ExitCode.USAGE;
    }
    Outcome outcome =
        wiring
            .gameDayRunner()
            .run(
                chosen.get().gameDay(),
                chosen.get().experiments(),
                Trigger.MANUAL,
                out == null ? wiring.runs() : out,
                new TerminalAudience(wiring.terminal(), wiring.clock()));
    return ExitCode.of(outcome);
  }
}

package dev.firebreak.app.cli;

import dev.firebreak.app.Wiring;
import dev.firebreak.experiment.Experiment;
import dev.firebreak.experiment.GameDay;
import dev.firebreak.run.Outcome;
import dev.firebreak.run.Trigger;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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

  @Parameters(paramLabel = "FILE", description = "A GameDay file, YAML or JSON.")
  private Path file = Path.of("");

  @Option(
      names = "--experiment",
      paramLabel = "NAME",
      description = "Only this experiment of the file.")
  private @Nullable String experiment;

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
    GameDayFile gameDayFile = new GameDayFile(file, wiring.terminal());
    Optional<GameDay> gameDay = gameDayFile.read(wiring.gameDayReader(wiring.environment()));
    if (gameDay.isEmpty()) {
      return ExitCode.USAGE;
    }
    List<Experiment> chosen = gameDayFile.choose(gameDay.get(), Optional.ofNullable(experiment));
    if (chosen.isEmpty()) {
      return ExitCode.USAGE;
    }
    Outcome outcome =
        wiring
            .gameDayRunner()
            .run(
                gameDay.get(),
                chosen,
                Trigger.MANUAL,
                out == null ? wiring.runs() : out,
                new TerminalAudience(wiring.terminal(), wiring.clock()));
    return ExitCode.of(outcome);
  }
}

package dev.firebreak.app.cli;

import dev.firebreak.app.Wiring;
import dev.firebreak.app.replay.CaseException;
import dev.firebreak.app.replay.Replay;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks what the detector would have done on recordings. */
@Command(
    name = "replay",
    description = "Run the cascade detector over recorded cases as if live.",
    footer = {"", "Example:", "  firebreak replay --json recordings/*/"})
final class ReplayCommand implements Callable<Integer> {
  private final Wiring wiring;

  @Option(names = "--json", description = "One line of JSON per case; the only form there is.")
  @SuppressWarnings(
      "UnusedVariable") // Scripts say what they rely on, before there is another form.
  private boolean json;

  @Parameters(
      arity = "1..*",
      paramLabel = "DIR",
      description = "Folders with metrics.csv and case.json.")
  private List<Path> cases = List.of();

  ReplayCommand(Wiring wiring) {
    this.wiring = wiring;
  }

  @Override
  public Integer call() {
    Replay replay = new Replay(wiring.detectors());
    int exit = ExitCode.HELD;
    for (Path each : cases) {
      try {
        wiring.terminal().line(replay.replay(each));
      } catch (CaseException e) {
        wiring.terminal().error(e.getMessage() == null ? each.toString() : e.getMessage());
        exit = ExitCode.USAGE;
      }
    }
    return exit;
  }
}

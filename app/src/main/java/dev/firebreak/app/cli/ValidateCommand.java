package dev.firebreak.app.cli;

import dev.firebreak.app.Wiring;
import dev.firebreak.app.gameday.GameDayReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Checks files without touching network or targets. */
@Command(
    name = "validate",
    description = "Check GameDay files; touches neither network nor targets.",
    footer = {"", "Example:", "  firebreak validate gamedays/*.yaml"})
final class ValidateCommand implements Callable<Integer> {
  private final Wiring wiring;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "GameDay files, YAML or JSON.")
  private List<Path> files = List.of();

  ValidateCommand(Wiring wiring) {
    this.wiring = wiring;
  }

  /** Values of the environment are secrets of the machine that runs, not of the file. */
  @Override
  public Integer call() throws Exception {
    GameDayReader reader = wiring.gameDayReader(variable -> Optional.of("checked"));
    int exit = ExitCode.HELD;
    for (Path file : files) {
      var gameDay = new GameDayFile(file, wiring.terminal()).read(reader);
      if (gameDay.isEmpty()) {
        exit = ExitCode.USAGE;
      } else {
        int count = gameDay.get().experiments().size();
        wiring
            .terminal()
            .line("%s: valid, %d experiment%s".formatted(file, count, count == 1 ? "" : "s"));
      }
    }
    return exit;
  }
}

package dev.firebreak.app.cli;

import dev.firebreak.app.Wiring;
import dev.firebreak.app.plugin.PluginException;
import dev.firebreak.experiment.Experiment;
import dev.firebreak.experiment.GameDay;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The GameDay file, and which of its experiments a command is about. */
final class Selection {
  @Parameters(paramLabel = "FILE", description = "A GameDay file, YAML or JSON.")
  private Path file = Path.of("");

  @Option(
      names = "--experiment",
      paramLabel = "NAME",
      description = "Only this experiment of the file.")
  private @Nullable String experiment;

  /** What was chosen; at least one experiment. */
  record Chosen(GameDay gameDay, List<Experiment> experiments) {}

  /** Empty if the file is wrong or has no such experiment, which has then been told. */
  Optional<Chosen> read(Wiring wiring) throws PluginException {
    GameDayFile gameDayFile = new GameDayFile(file, wiring.terminal());
    Optional<GameDay> gameDay = gameDayFile.read(wiring.gameDayReader(wiring.environment()));
    if (gameDay.isEmpty()) {
      return Optional.empty();
    }
    List<Experiment> chosen = gameDayFile.choose(gameDay.get(), Optional.ofNullable(experiment));
    return chosen.isEmpty() ? Optional.empty() : Optional.of(new Chosen(gameDay.get(), chosen));
  }
}

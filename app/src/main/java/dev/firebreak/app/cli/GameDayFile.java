package dev.firebreak.app.cli;

import dev.firebreak.app.gameday.GameDayReader;
import dev.firebreak.app.gameday.ReadResult;
import dev.firebreak.experiment.Experiment;
import dev.firebreak.experiment.GameDay;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads GameDay files for commands, and says on the terminal what is wrong with them. */
final class GameDayFile {
  /** One byte more than is allowed: enough for the reader to refuse the file. */
  private static final int MOST_BYTES = 256 * 1024 + 1;

  private final Path path;
  private final Terminal terminal;

  GameDayFile(Path path, Terminal terminal) {
    this.path = path;
    this.terminal = terminal;
  }

  /** The GameDay; empty if there are mistakes, which have then been told. */
  Optional<GameDay> read(GameDayReader reader) {
    ReadResult result;
    try (InputStream file = Files.newInputStream(path)) {
      String name = String.valueOf(path.getFileName());
      result = reader.read(file.readNBytes(MOST_BYTES), name);
    } catch (IOException e) {
      terminal.error("%s: cannot be read: %s".formatted(path, reason(e)));
      return Optional.empty();
    }
    result.mistakes().forEach(mistake -> terminal.error(mistake.in(path.toString())));
    return result.gameDay();
  }

  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such file";
    }
    return e instanceof AccessDeniedException
        ? "permission denied"
        : String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
  }

  /** The experiment of that name, or all; empty if there is none of that name, which is told. */
  List<Experiment> choose(GameDay gameDay, Optional<String> name) {
    List<Experiment> chosen =
        gameDay.experiments().stream()
            .filter(experiment -> name.isEmpty() || experiment.name().equals(name.get()))
            .toList();
    if (chosen.isEmpty()) {
      terminal.error(
          "%s has no experiment \"%s\"; it has %s"
              .formatted(
                  path,
                  name.orElse(""),
                  gameDay.experiments().stream()
                      .map(experiment -> "\"" + experiment.name() + "\"")
                      .toList()));
    }
    return chosen;
  }
}

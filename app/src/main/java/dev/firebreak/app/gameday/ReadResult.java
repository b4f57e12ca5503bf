package dev.firebreak.app.gameday;

import dev.firebreak.experiment.GameDay;
import java.util.List;
import java.util.Optional;

/** What became of a file: a GameDay, or everything that is wrong with the file. */
public sealed interface ReadResult permits ReadResult.Accepted, ReadResult.Refused {

  /** The GameDay, if there is no mistake. */
  Optional<GameDay> gameDay();

  /** All mistakes in the order of the file; empty exactly if there is a GameDay. */
  List<Mistake> mistakes();

  /** A file without a mistake. */
  record Accepted(GameDay accepted) implements ReadResult {
    @Override
    public Optional<GameDay> gameDay() {
      return Optional.of(accepted);
    }

    @Override
    public List<Mistake> mistakes() {
      return List.of();
    }
  }

  /** A file with at least one mistake. */
  record Refused(List<Mistake> mistakes) implements ReadResult {
    public Refused {
      if (mistakes.isEmpty()) {
        throw new IllegalArgumentException("a file without a mistake cannot be refused");
      }
      mistakes = List.copyOf(mistakes);
    }

    @Override
    public Optional<GameDay> gameDay() {
      return Optional.empty();
    }
  }
}

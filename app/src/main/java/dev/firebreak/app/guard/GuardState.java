package dev.firebreak.app.guard;

import dev.firebreak.app.run.ProcessIdentity;
import dev.firebreak.app.run.RunDirectory;
import dev.firebreak.fault.FaultId;
import dev.firebreak.journal.EventCodec;
import dev.firebreak.journal.JournalFile;
import dev.firebreak.run.JournalException;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.FaultArmed;
import dev.firebreak.run.RunEvent.Halted;
import dev.firebreak.run.RunEvent.RollbackVerified;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a guard has and does, as its files tell anybody who asks.
 *
 * @param process the guard's, if it is alive
 * @param held the undo records that it holds, in the order in which they were armed
 * @param takenOver when and why it began to roll back; empty while the run has its lease
 */
public record GuardState(
    Optional<ProcessHandle> process, List<FaultArmed> held, Optional<Halted> takenOver) {
  public GuardState {
    held = List.copyOf(held);
  }

  /**
   * The state of the guard of the run in this directory, now.
   *
   * @throws IOException if its files cannot be read
   */
  public static GuardState read(RunDirectory directory, EventCodec codec) throws IOException {
    List<RunEvent> events = events(directory, codec);
    Map<FaultId, FaultArmed> held = new LinkedHashMap<>();
    Optional<Halted> takenOver = Optional.empty();
    for (RunEvent event : events) {
      if (event instanceof FaultArmed armed) {
        held.put(armed.fault(), armed);
      } else if (event instanceof RollbackVerified verified) {
        held.remove(verified.fault());
      } else if (event instanceof Halted halted) {
        takenOver = Optional.of(halted);
      }
    }
    return new GuardState(process(directory), List.copyOf(held.values()), takenOver);
  }

  private static List<RunEvent> events(RunDirectory directory, EventCodec codec)
      throws IOException {
    try {
      return Files.exists(directory.guardJournal())
          ? JournalFile.read(directory.guardJournal(), codec).events()
          : List.of();
    } catch (JournalException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static Optional<ProcessHandle> process(RunDirectory directory) throws IOException {
    try {
      return ProcessIdentity.of(Files.readString(directory.guardProcess())).find();
    } catch (NoSuchFileException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Whether a fault may be in place that nobody watches. */
  public boolean missing() {
    return process.isEmpty() && !held.isEmpty();
  }
}

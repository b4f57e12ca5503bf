package dev.firebreak.app.run;

import dev.firebreak.run.RunId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The runs that are going on on this machine, and the wish to halt them, as files: nothing but a
 * file system is needed to stop. {@code active/<run>} holds the pid and start time of the process
 * that runs it; {@code halt/<run>} is the wish.
 */
public final class ActiveRuns {
  private final Path active;
  private final Path halt;

  /**
   * The runs under one home.
   *
   * @param home {@code FIREBREAK_HOME}; made when the first run starts
   */
  public ActiveRuns(Path home) {
    this.active = home.resolve("active");
    this.halt = home.resolve("halt");
  }

  /** A run that is going on. */
  public record ActiveRun(RunId id, ProcessHandle process) {}

  /**
   * Makes the run known until the entry is closed.
   *
   * @throws IOException if it cannot be made known: it could not be halted from elsewhere
   */
  public Entry enter(RunId id) throws IOException {
    Files.createDirectories(active);
    Files.createDirectories(halt);
    ProcessHandle self = ProcessHandle.current();
    String line = self.pid() + " " + startOf(self) + "\n";
    Files.writeString(active.resolve(id.value()), line, StandardCharsets.UTF_8);
    return new Entry(id);
  }

  /** The runs whose process is alive; what dead processes left is passed over. */
  public List<ActiveRun> list() throws IOException {
    List<ActiveRun> runs = new ArrayList<>();
    if (Files.isDirectory(active)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(active)) {
        for (Path file : files) {
          read(file).ifPresent(runs::add);
        }
      }
    }
    return runs;
  }

  /**
   * Leaves the wish to halt; if that fails, as on a full disk, asks the process itself.
   *
   * @return whether the wish was left in one way or the other
   */
  public boolean requestHalt(ActiveRun run) {
    try {
      Files.writeString(halt.resolve(run.id().value()), "", StandardCharsets.UTF_8);
      return true;
    } catch (IOException e) {
      return run.process().destroy();
    }
  }

  private Optional<ActiveRun> read(Path file) throws IOException {
    try {
      String[] words = Files.readString(file, StandardCharsets.UTF_8).strip().split(" ", -1);
      RunId id = new RunId(String.valueOf(file.getFileName()));
      return ProcessHandle.of(Long.parseLong(words[0]))
          .filter(ProcessHandle::isAlive)
          .filter(process -> words.length == 2 && startOf(process).equals(words[1]))
          .map(process -> new ActiveRun(id, process));
    } catch (NoSuchFileException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** A pid alone may belong to somebody else by now. */
  private static String startOf(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse("unknown");
  }

  /** One run's place among the active ones. */
  public final class Entry implements AutoCloseable {
    private final RunId id;

    private Entry(RunId id) {
      this.id = id;
    }

    public boolean haltRequested() {
      return Files.exists(halt.resolve(id.value()));
    }

    @Override
    public void close() {
      try {
        Files.deleteIfExists(active.resolve(id.value()));
        Files.deleteIfExists(halt.resolve(id.value()));
      } catch (IOException e) {
        throw new UncheckedIOException("the entry of run " + id + " cannot be removed", e);
      }
    }
  }
}

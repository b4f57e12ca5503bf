package dev.firebreak.app.run;

import dev.firebreak.run.RunId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The runs that are going on on this machine, and the wish to halt them, as files: nothing but a
 * file system is needed to stop. {@code active/<run>} holds the pid and start time of the process
 * that runs it, and the run's directory; it stays when the process ends before the run is closed.
 * {@code halt/<run>} is the wish.
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
   * A run that is going on or was left.
   *
   * @param process that of the run, if it is alive
   */
  public record Known(RunId id, RunDirectory directory, Optional<ProcessHandle> process) {}

  /** A run that was not closed, or left a fault behind, and whose process is gone. */
  public record LeftRun(RunId id, RunDirectory directory) {}

  /**
   * Makes the run known until the entry is closed. Survives power loss.
   *
   * @throws IOException if it cannot be made known: it could not be halted from elsewhere, and not
   *     be found by the recovery
   */
  public Entry enter(RunId id, RunDirectory directory) throws IOException {
    Private.createDirectories(active);
    Private.createDirectories(halt);
    write(id, ProcessIdentity.self(), directory);
    return new Entry(id, directory);
  }

  private void write(RunId id, ProcessIdentity process, RunDirectory directory) throws IOException {
    String text = process + "\n" + directory.path().toAbsolutePath() + "\n";
    Private.writeDurably(active.resolve(id.value()), text);
  }

  /** The runs whose process is alive; what dead processes left is passed over. */
  public List<ActiveRun> list() throws IOException {
    List<ActiveRun> runs = new ArrayList<>();
    for (Known run : known()) {
      run.process().ifPresent(process -> runs.add(new ActiveRun(run.id(), process)));
    }
    return runs;
  }

  /** What processes that are gone have left, the oldest first. */
  public List<LeftRun> left() throws IOException {
    return known().stream()
        .filter(run -> run.process().isEmpty())
        .map(run -> new LeftRun(run.id(), run.directory()))
        .toList();
  }

  /** What is going on and what was left, the oldest first. */
  public List<Known> known() throws IOException {
    List<Known> runs = new ArrayList<>();
    if (Files.isDirectory(active)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(active)) {
        for (Path file : files) {
          read(file).ifPresent(runs::add);
        }
      }
    }
    runs.sort(Comparator.comparing(Known::id));
    return runs;
  }

  /**
   * Leaves the wish to halt; if that fails, as on a full disk, asks the process itself.
   *
   * @return whether the wish was left in one way or the other
   */
  public boolean requestHalt(ActiveRun run) {
    try {
      Private.touch(halt.resolve(run.id().value()));
      return true;
    } catch (IOException e) {
      return run.process().destroy();
    }
  }

  private static Optional<Known> read(Path file) throws IOException {
    try {
      List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
      return Optional.of(
          new Known(
              new RunId(String.valueOf(file.getFileName())),
              new RunDirectory(Path.of(lines.get(1))),
              ProcessIdentity.of(lines.get(0)).find()));
    } catch (NoSuchFileException | IllegalArgumentException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  /** Forgets a run that is closed and has left nothing. */
  public void forget(RunId id) throws IOException {
    Files.deleteIfExists(active.resolve(id.value()));
    Files.deleteIfExists(halt.resolve(id.value()));
  }

  /** One run's place among the active ones. */
  public final class Entry implements AutoCloseable {
    private final RunId id;
    private final RunDirectory directory;
    private boolean finished;

    private Entry(RunId id, RunDirectory directory) {
      this.id = id;
      this.directory = directory;
    }

    public boolean haltRequested() {
      return Files.exists(halt.resolve(id.value()));
    }

    /** The run is closed and left nothing; unless this is said, the recovery has to look at it. */
    public void finished() {
      finished = true;
    }

    @Override
    public void close() {
      try {
        if (finished) {
          forget(id);
        } else {
          write(id, ProcessIdentity.NOBODY, directory);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("the entry of run " + id + " cannot be removed", e);
      }
    }
  }
}

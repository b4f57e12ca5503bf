package dev.firebreak.app.run;

import dev.firebreak.run.RunId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Locks that the operating system frees when their process ends, however it ends: files under
 * {@code FIREBREAK_HOME/locks}, which are never read and never deleted. A lock holds between the
 * processes of one machine, and within one process too.
 */
public final class HomeLocks {
  private final Path directory;

  public HomeLocks(Path home) {
    this.directory = home.resolve("locks");
  }

  /** A lock that is held until it is closed. */
  public record Held(Path file, FileChannel channel) implements AutoCloseable {
    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException("the lock " + file + " cannot be freed", e);
      }
    }
  }

  /** The lock of a run's process; empty while that process lives. */
  public Optional<Held> tryRun(RunId run) throws IOException {
    return tryTake("run-" + run);
  }

  /** The lock of a run's guard; empty while the guard lives. */
  public Optional<Held> tryGuard(RunId run) throws IOException {
    return tryTake("guard-" + run);
  }

  /**
   * The lock of this process's run.
   *
   * @throws IOException if the run has a process already
   */
  public Held takeRun(RunId run) throws IOException {
    return tryRun(run).orElseThrow(() -> new IOException("the run " + run + " is going on"));
  }

  /**
   * The lock of a run's guard.
   *
   * @throws IOException if there is such a guard already
   */
  public Held takeGuard(RunId run) throws IOException {
    return tryGuard(run).orElseThrow(() -> new IOException("the run " + run + " has a guard"));
  }

  /**
   * The lock of this name, if nobody holds it.
   *
   * @param name of letters, digits and hyphens
   */
  public Optional<Held> tryTake(String name) throws IOException {
    Private.createDirectories(directory);
    Path file = directory.resolve(name + ".lock");
    FileChannel channel =
        FileChannel.open(
            file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), Private.file());
    if (isTaken(channel)) {
      return Optional.of(new Held(file, channel));
    }
    channel.close();
    return Optional.empty();
  }

  private static boolean isTaken(FileChannel channel) throws IOException {
    try {
      @Nullable FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** Frees a lock's file once its name is never used again; it must be held. */
  public void retire(Held held) throws IOException {
    Files.deleteIfExists(held.file());
    held.close();
  }
}

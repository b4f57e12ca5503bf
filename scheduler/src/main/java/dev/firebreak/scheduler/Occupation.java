package dev.firebreak.scheduler;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A lock on a file, which the operating system takes back when the process dies. Closed by any
 * thread, once.
 */
final class Occupation implements AutoCloseable {
  /**
   * The operating system locks for a process, and forgets the lock when the process closes the file
   * through any channel; so within this process the files are ours to tell apart.
   */
  private static final Set<Path> OCCUPIED = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  private Occupation(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** Locks {@code file}, a real path, creating it if need be; empty if it is locked already. */
  static Optional<Occupation> of(Path file) throws IOException {
    if (!OCCUPIED.add(file)) {
      return Optional.empty();
    }
    Optional<Occupation> occupation = Optional.empty();
    try {
      occupation = locked(file);
      return occupation;
    } finally {
      if (occupation.isEmpty()) {
        OCCUPIED.remove(file);
      }
    }
  }

  private static Optional<Occupation> locked(Path file) throws IOException {
    Files.createDirectories(file.resolveSibling(".").normalize());
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
      return lock == null ? Optional.empty() : Optional.of(new Occupation(file, channel));
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the lock " + file + " cannot be given back", e);
    } finally {
      OCCUPIED.remove(file);
    }
  }
}

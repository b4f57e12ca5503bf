package dev.firebreak.annotations;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.firebreak.run.RunId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is kept of each run in a file of its own, for its owner's eyes alone, replaced as a whole or
 * not at all. A lock beside it keeps two processes from sending the same. For any thread, but a
 * claim is for one at a time.
 *
 * @param <T> what is kept, as Jackson reads and writes it
 */
public final class RunFiles<T> {
  private static final Logger LOG = LoggerFactory.getLogger(RunFiles.class);
  private static final String FILE = ".json";
  private static final String LOCK = ".lock";
  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path directory;
  private final Class<T> kept;
  private final ObjectMapper json = new ObjectMapper();

  /**
   * Creates the directory if it is not there.
   *
   * @throws IOException if it cannot be created
   */
  public RunFiles(Path directory, Class<T> kept) throws IOException {
    this.directory =
        Files.createDirectories(
            directory,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    this.kept = kept;
  }

  /** The runs that have a file, the oldest first. */
  public List<RunId> runs() throws IOException {
    List<RunId> runs = new ArrayList<>();
    try (var files = Files.newDirectoryStream(directory, "*" + FILE)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        runId(name.substring(0, name.length() - FILE.length())).ifPresent(runs::add);
      }
    }
    runs.sort(null);
    return runs;
  }

  /** The right to the run's file; empty while another process, or part of this one, has it. */
  public Optional<Claim> claim(RunId run) throws IOException {
    FileChannel channel =
        open(directory.resolve(run + LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return Optional.of(new Claim(run, channel));
      }
    } catch (OverlappingFileLockException e) {
      LOG.debug("the file is claimed within this process run={}", run);
    }
    channel.close();
    return Optional.empty();
  }

  private static FileChannel open(Path file, StandardOpenOption... options) throws IOException {
    return FileChannel.open(file, Set.of(options), OWNER_ONLY);
  }

  private static Optional<RunId> runId(String name) {
    try {
      return Optional.of(new RunId(name));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** One run's file, while it is ours alone. */
  public final class Claim implements AutoCloseable {
    private final RunId run;
    private final FileChannel channel;

    private Claim(RunId run, FileChannel channel) {
      this.run = run;
      this.channel = channel;
    }

    /** What is kept; empty if nothing is. A damaged file is put aside and nothing is kept. */
    public Optional<T> read() throws IOException {
      Path file = file();
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      byte[] bytes = Files.readAllBytes(file);
      try {
        return Optional.of(json.readValue(bytes, kept));
      } catch (IOException | RuntimeException e) {
        Path aside = directory.resolve(run + FILE + ".damaged");
        Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        LOG.warn("what was kept is damaged, put aside run={} file={}", run, aside, e);
        return Optional.empty();
      }
    }

    /** When this returns, it survives power loss. */
    public void write(T next) throws IOException {
      Path draft = directory.resolve(run + FILE + ".next");
      try (FileChannel out =
          open(
              draft,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(json.writeValueAsBytes(next));
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        out.force(true);
      }
      Files.move(
          draft, file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    public void delete() throws IOException {
      Files.deleteIfExists(file());
    }

    private Path file() {
      return directory.resolve(run + FILE);
    }

    @Override
    public void close() throws IOException {
      Files.deleteIfExists(directory.resolve(run + LOCK));
      channel.close();
    }
  }
}

package dev.firebreak.annotations.grafana;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The marks of each run in a file of its own, replaced as a whole or not at all. A lock beside it
 * keeps two processes from sending the same mark.
 */
final class MarkStore {
  private static final Logger LOG = LoggerFactory.getLogger(MarkStore.class);
  private static final String FILE = ".json";
  private static final String LOCK = ".lock";

  private final Path directory;
  private final ObjectMapper json = new ObjectMapper();

  /** Creates the directory if it is not there. */
  MarkStore(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
  }

  /** The runs that have a file, the oldest first. */
  List<RunId> runs() throws IOException {
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

  /** The right to send the run's marks; empty while another process, or outbox, has it. */
  Optional<Claim> claim(RunId run) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve(run + LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return Optional.of(new Claim(run, channel));
      }
    } catch (OverlappingFileLockException e) {
      LOG.debug("marks are claimed within this process run={}", run);
    }
    channel.close();
    return Optional.empty();
  }

  private static Optional<RunId> runId(String name) {
    try {
      return Optional.of(new RunId(name));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** One run's file, while it is ours alone. */
  final class Claim implements AutoCloseable {
    private final RunId run;
    private final FileChannel channel;

    private Claim(RunId run, FileChannel channel) {
      this.run = run;
      this.channel = channel;
    }

    /** What is kept; empty if nothing is. A damaged file is put aside and nothing is kept. */
    Optional<RunMarks> read() throws IOException {
      Path file = file();
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      byte[] bytes = Files.readAllBytes(file);
      try {
        return Optional.of(json.readValue(bytes, RunMarks.class));
      } catch (IOException | RuntimeException e) {
        Path aside = directory.resolve(run + FILE + ".damaged");
        Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        LOG.warn("marks are damaged, put aside run={} file={}", run, aside, e);
        return Optional.empty();
      }
    }

    /** When this returns, the marks survive power loss. */
    void write(RunMarks marks) throws IOException {
      Path next = directory.resolve(run + FILE + ".next");
      try (FileChannel out =
          FileChannel.open(
              next,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(json.writeValueAsBytes(marks));
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        out.force(true);
      }
      Files.move(next, file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    void delete() throws IOException {
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

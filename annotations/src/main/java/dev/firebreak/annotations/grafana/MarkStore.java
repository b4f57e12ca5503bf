package dev.firebreak.annotations.grafana;

import dev.firebreak.annotations.RunFiles;
import dev.firebreak.run.RunId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The marks of each run, so that no two processes send the same one. */
final class MarkStore {
  private final RunFiles<RunMarks> files;

  /** Creates the directory if it is not there. */
  MarkStore(Path directory) throws IOException {
    files = new RunFiles<>(directory, RunMarks.class);
  }

  /** The runs that have a file, the oldest first. */
  List<RunId> runs() throws IOException {
    return files.runs();
  }

  /** The right to send the run's marks; empty while another process, or outbox, has it. */
  Optional<Claim> claim(RunId run) throws IOException {
    return files.claim(run).map(Claim::new);
  }

  /**
   * One run's file, while it is ours alone.
   *
   * @param file does all of it
   */
  record Claim(RunFiles<RunMarks>.Claim file) implements AutoCloseable {
    /** What is kept; empty if nothing is. A damaged file is put aside and nothing is kept. */
    Optional<RunMarks> read() throws IOException {
      return file.read();
    }

    /** When this returns, the marks survive power loss. */
    void write(RunMarks marks) throws IOException {
      file.write(marks);
    }

    void delete() throws IOException {
      file.delete();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}

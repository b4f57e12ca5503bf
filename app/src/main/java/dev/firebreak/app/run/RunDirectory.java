package dev.firebreak.app.run;

import dev.firebreak.run.RunId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where one run leaves what it has to say: {@code journal.jsonl} and the reports made from it. */
public record RunDirectory(Path path) {
  /**
   * Makes the directory, which must not exist. Undo records in it are for its owner's eyes alone.
   *
   * @throws IOException if it cannot be made
   */
  public static RunDirectory create(Path out, RunId id) throws IOException {
    Private.createDirectories(out);
    return new RunDirectory(Files.createDirectory(out.resolve(id.value()), Private.directory()));
  }

  /**
   * Makes an empty file that its owner alone can read.
   *
   * @throws IOException if it cannot be made, or exists
   */
  public Path createPrivate(Path file) throws IOException {
    return Files.createFile(file, Private.file());
  }

  public Path journal() {
    return path.resolve("journal.jsonl");
  }

  /** What the guard was given and did. */
  public Path guardJournal() {
    return path.resolve("guard.jsonl");
  }

  /** What the recovery did after the run was closed. */
  public Path recoveryJournal() {
    return path.resolve("recovery.jsonl");
  }

  /** The guard's pid and start, for whoever has to end it. */
  public Path guardProcess() {
    return path.resolve("guard.pid");
  }

  public Path guardLog() {
    return path.resolve("guard.log");
  }

  public Path htmlReport() {
    return path.resolve("report.html");
  }
}

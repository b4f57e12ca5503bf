package dev.firebreak.app.run;

import dev.firebreak.run.RunId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where one run leaves what it has to say: {@code journal.jsonl} and the reports made from it. */
public record RunDirectory(Path path) {
  /**
   * Makes the directory, which must not exist.
   *
   * @throws IOException if it cannot be made
   */
  public static RunDirectory create(Path out, RunId id) throws IOException {
    Files.createDirectories(out);
    return new RunDirectory(Files.createDirectory(out.resolve(id.value())));
  }

  public Path journal() {
    return path.resolve("journal.jsonl");
  }

  public Path htmlReport() {
    return path.resolve("report.html");
  }
}

package dev.firebreak.app.admission;

import dev.firebreak.app.run.Private;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * Stops every run of a home and lets none begin, until a person releases it. It is the file {@code
 * FIREBREAK_HOME/kill-switch}: whoever can make a file can engage it, whatever else is broken.
 */
public final class KillSwitch {
  private final Path file;
  private final Path log;

  public KillSwitch(Path home) {
    this.file = home.resolve("kill-switch");
    this.log = home.resolve("kill-switch.log");
  }

  public Path file() {
    return file;
  }

  /** Quick enough to be asked five times a second. */
  public boolean isEngaged() {
    return Files.exists(file);
  }

  /** Why it is engaged; empty if it is not. One that cannot be read is engaged. */
  public Optional<String> reason() {
    try {
      String text = Files.readString(file, StandardCharsets.UTF_8).strip();
      return Optional.of(text.isEmpty() ? "no reason is given" : firstLine(text));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of("its file cannot be read: " + e.getMessage());
    }
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("").replaceAll("\\p{Cntrl}", " ");
  }

  /**
   * Engages it. The reason of the first who does so stays.
   *
   * @throws IOException if the file could not be made
   */
  public void engage(String reason, String who, Instant at) throws IOException {
    if (!isEngaged()) {
      String line = "%s engaged by %s: %s%n".formatted(at, who, firstLine(reason));
      Private.writeDurably(file, line);
      note(line);
    }
  }

  /**
   * Releases it.
   *
   * @return false if it was not engaged
   */
  public boolean release(String reason, String who, Instant at) throws IOException {
    if (!Files.deleteIfExists(file)) {
      return false;
    }
    note("%s released by %s: %s%n".formatted(at, who, firstLine(reason)));
    return true;
  }

  private void note(String line) throws IOException {
    Private.append(log, line);
  }
}

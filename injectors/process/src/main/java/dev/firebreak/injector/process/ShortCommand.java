package dev.firebreak.injector.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program of the system that says little and ends at once, without any shell. */
final class ShortCommand {
  private static final Duration DEADLINE = Duration.ofSeconds(2);
  private static final int LONGEST_OUTPUT = 4096;

  private ShortCommand() {}

  /** What it left. */
  record Result(int exitCode, String output) {}

  /**
   * Waits for its end.
   *
   * @throws LateException if it did not end within two seconds, or the thread was interrupted; it
   *     is destroyed then
   * @throws IOException if it could not be started
   */
  static Result run(List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new LateException(
            command.get(0) + " did not end within " + DEADLINE.toSeconds() + " s");
      }
      String output =
          new String(process.getInputStream().readNBytes(LONGEST_OUTPUT), StandardCharsets.UTF_8);
      return new Result(process.exitValue(), output);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LateException(command.get(0) + " was not waited for");
    } finally {
      process.destroyForcibly();
    }
  }

  /** The program was started and did not end in time: what it did is not known. */
  static final class LateException extends IOException {
    private static final long serialVersionUID = 1L;

    LateException(String message) {
      super(message);
    }
  }
}

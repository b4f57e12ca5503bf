package dev.firebreak.injector.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Sends signals to processes. */
interface Signals {
  /** The signals that faults use. */
  enum Signal {
    STOP,
    CONT,
    TERM,
    KILL
  }

  /**
   * Sends one.
   *
   * @throws ShortCommand.LateException if it may have been sent
   * @throws IOException if it was certainly not sent
   */
  void send(long pid, Signal signal) throws IOException;

  /** By the system's {@code kill}; where that is not installed, by the one in every shell. */
  static Signals ofSystem() {
    return (pid, signal) -> {
      ShortCommand.Result result = ShortCommand.run(command(pid, signal));
      if (result.exitCode() != 0) {
        throw new IOException(
            "kill -s %s %d ended with %d: %s"
                .formatted(signal, pid, result.exitCode(), result.output().strip()));
      }
    };
  }

  private static List<String> command(long pid, Signal signal) {
    if (pid <= 1) {
      throw new IllegalArgumentException("pid " + pid + " is never signalled");
    }
    return Stream.of("/bin/kill", "/usr/bin/kill")
        .filter(program -> Files.isExecutable(Path.of(program)))
        .findFirst()
        .map(program -> List.of(program, "-s", signal.name(), Long.toString(pid)))
        .orElseGet(
            () ->
                List.of(
                    "/bin/sh",
                    "-c",
                    "kill -s \"$1\" \"$2\"",
                    "kill",
                    signal.name(),
                    Long.toString(pid)));
  }
}

package dev.firebreak.app.cli;

import dev.firebreak.app.Wiring;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Says what this is. */
@Command(name = "version", description = "Print the version of Firebreak and of its Java.")
final class VersionCommand implements Callable<Integer> {
  private final Wiring wiring;

  VersionCommand(Wiring wiring) {
    this.wiring = wiring;
  }

  @Override
  public Integer call() {
    wiring
        .terminal()
        .line(
            "firebreak %s, Java %s (%s)"
                .formatted(
                    wiring.version(),
                    System.getProperty("java.version"),
                    System.getProperty("java.vendor")));
    return ExitCode.HELD;
  }
}

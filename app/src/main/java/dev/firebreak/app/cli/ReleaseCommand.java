package dev.firebreak.app.cli;

import dev.firebreak.app.Wiring;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Releases the kill switch. */
@Command(
    name = "release",
    description = "Release the kill switch, so that runs may start again.",
    footer = {"", "Example:", "  firebreak release --reason \"the incident is over\""})
final class ReleaseCommand implements Callable<Integer> {
  private final Wiring wiring;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      required = true,
      description = "Why; written down with your name.")
  private String reason = "";

  ReleaseCommand(Wiring wiring) {
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws Exception {
    if (reason.isBlank()) {
      wiring.terminal().error("--reason is empty");
      return ExitCode.USAGE;
    }
    boolean released =
        wiring.killSwitch().release(reason, wiring.person(), wiring.clock().instant());
    wiring.terminal().line(released ? "released" : "the kill switch is not engaged");
    return ExitCode.HELD;
  }
}

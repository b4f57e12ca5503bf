package dev.firebreak.app.cli;

import dev.firebreak.app.Wiring;
import dev.firebreak.app.run.Recovery;
import dev.firebreak.run.RunId;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Ends what runs left whose process was killed. Every run does the same first. */
@Command(
    name = "recover",
    description = "Roll back and close runs whose process has ended before them.",
    footer = {
      "",
      "Every \"run\", \"serve\" and \"demo\" does this first, and is refused while anything is left.",
      "Exit status: 0 if nothing is left, else 70.",
      "",
      "Examples:",
      "  firebreak recover",
      "  firebreak recover --acknowledge 20261123-100000-k3v9q1 --reason \"looked at payments: ok\""
    })
final class RecoverCommand implements Callable<Integer> {
  private final Wiring wiring;

  @Option(
      names = "--acknowledge",
      paramLabel = "RUN",
      description = {
        "Close this run although its rollback cannot be verified or its journal is damaged;",
        "only after a look at its targets."
      })
  private @Nullable String acknowledged;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Why; written down with your name. Needed with --acknowledge.")
  private @Nullable String reason;

  RecoverCommand(Wiring wiring) {
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws Exception {
    Recovery recovery = wiring.recovery();
    if (acknowledged != null) {
      return acknowledge(recovery, acknowledged);
    }
    List<String> left = recovery.sweep(wiring.terminal()::line);
    if (left.isEmpty()) {
      wiring.terminal().line("nothing is left");
    }
    return left.isEmpty() ? ExitCode.HELD : ExitCode.FAILED;
  }

  private int acknowledge(Recovery recovery, String run) throws Exception {
    if (reason == null || reason.isBlank()) {
      wiring.terminal().error("--acknowledge needs --reason, which is written down");
      return ExitCode.USAGE;
    }
    RunId id;
    try {
      id = new RunId(run);
    } catch (IllegalArgumentException e) {
      wiring.terminal().error(String.valueOf(e.getMessage()));
      return ExitCode.USAGE;
    }
    if (!recovery.acknowledge(id, wiring.person() + ": " + reason)) {
      wiring.terminal().error("no process left a run " + id);
      return ExitCode.USAGE;
    }
    wiring.terminal().line("closed " + id);
    return ExitCode.HELD;
  }
}

package dev.firebreak.app.cli;

import dev.firebreak.app.Wiring;
import dev.firebreak.app.replay.CaseException;
import dev.firebreak.app.replay.CaseWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Saves what runs saw, so that anybody can ask what another detector would have done. */
@Command(
    name = "record",
    description = "Save what runs saw as cases that \"replay\" reads.",
    footer = {
      "",
      "A GameDay with only \"fault: placebo\" records a quiet period.",
      "",
      "Example:",
      "  firebreak record runs/* --out recordings && firebreak replay --json recordings/*"
    })
final class RecordCommand implements Callable<Integer> {
  private final Wiring wiring;

  @Parameters(arity = "1..*", paramLabel = "RUN-DIR", description = "Directories of runs.")
  private List<Path> runs = List.of();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Where cases are written, each in DIR/<run-id>.")
  private Path out = Path.of("");

  RecordCommand(Wiring wiring) {
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws Exception {
    int exit = ExitCode.HELD;
    for (Path run : runs) {
      Path journal = run.resolve("journal.jsonl");
      if (!Files.isRegularFile(journal)) {
        wiring.terminal().error(run + ": there is no journal of a run");
        exit = ExitCode.USAGE;
        continue;
      }
      try {
        Path folder = out.resolve(String.valueOf(run.normalize().getFileName()));
        CaseWriter.write(wiring.reports().journalOf(journal).events(), folder);
        wiring.terminal().line(folder.toString());
      } catch (CaseException e) {
        wiring.terminal().error(run + ": " + e.getMessage());
        exit = ExitCode.USAGE;
      }
    }
    return exit;
  }
}

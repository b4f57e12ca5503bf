package dev.firebreak.app.cli;

import dev.firebreak.app.Wiring;
import dev.firebreak.journal.JournalFile;
import dev.firebreak.report.RunReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes the reports of a run again from its journal. */
@Command(
    name = "report",
    description = "Make the reports of a run from its journal, whole or cut.",
    footer = {
      "",
      "Examples:",
      "  firebreak report runs/20261123-100000-k3v9q1",
      "  firebreak report runs/20261123-100000-k3v9q1 --journal"
    })
final class ReportCommand implements Callable<Integer> {
  private final Wiring wiring;

  @Parameters(paramLabel = "RUN-DIR", description = "A run's directory, or its journal.jsonl.")
  private Path run = Path.of("");

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where the reports are written; default beside the journal.")
  private @Nullable Path out;

  @Option(names = "--journal", description = "Print what happened instead, a line per event.")
  private boolean journal;

  ReportCommand(Wiring wiring) {
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws Exception {
    Path file = Files.isDirectory(run) ? run.resolve("journal.jsonl") : run;
    if (!Files.isRegularFile(file)) {
      wiring.terminal().error(file + ": there is no such journal");
      return ExitCode.USAGE;
    }
    if (journal) {
      printJournal(wiring.reports().journalOf(file));
      return ExitCode.HELD;
    }
    Path directory = out == null ? file.toAbsolutePath().getParent() : out;
    RunReport report = wiring.reports().write(file, directory == null ? Path.of(".") : directory);
    new TerminalAudience(wiring.terminal(), wiring.clock()).summary(report);
    wiring.terminal().line("report   " + Path.of(directory + "/report.html").normalize());
    return ExitCode.HELD;
  }

  private void printJournal(JournalFile file) {
    EventSentences sentences = new EventSentences(wiring.terminal());
    file.events().forEach(event -> sentences.line(event).ifPresent(wiring.terminal()::line));
    file.damage().forEach(wiring.terminal()::error);
  }
}

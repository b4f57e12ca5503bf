package dev.firebreak.app.cli;

import dev.firebreak.app.cli.Terminal.Style;
import dev.firebreak.app.run.DaemonThreads;
import dev.firebreak.app.run.GameDayRunner.Audience;
import dev.firebreak.app.run.GameDayRunner.View;
import dev.firebreak.app.run.RunDirectory;
import dev.firebreak.experiment.Experiment;
import dev.firebreak.probe.Quantity;
import dev.firebreak.report.RunReport;
import dev.firebreak.run.Outcome;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunSpec;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** Shows runs on the terminal: live where it can be drawn again, as plain lines elsewhere. */
final class TerminalAudience implements Audience {
  private final Terminal terminal;
  private final InstantSource clock;

  TerminalAudience(Terminal terminal, InstantSource clock) {
    this.terminal = terminal;
    this.clock = clock;
  }

  @Override
  public View view(RunSpec spec) {
    return terminal.live() ? live(spec) : plain();
  }

  private View live(RunSpec spec) {
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("firebreak-view"));
    LiveView view = new LiveView(terminal, spec.experiment(), clock, timer);
    return new View() {
      @Override
      public void on(RunEvent event) {
        view.on(event);
      }

      @Override
      public void close() {
        timer.shutdownNow();
        view.close();
      }
    };
  }

  private View plain() {
    PlainView view = new PlainView(terminal);
    return new View() {
      @Override
      public void on(RunEvent event) {
        view.on(event);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void ended(RunReport report, RunDirectory directory) {
    terminal.line("");
    summary(report);
    terminal.line("report   " + directory.htmlReport().toAbsolutePath().normalize());
  }

  /** What a reader must take away. */
  void summary(RunReport report) {
    String outcome = report.conclusion().outcome().name();
    String verdict = report.conclusion().verdict();
    terminal.line(
        verdict.startsWith(outcome)
            ? terminal.styled(report.conclusion().outcome()) + verdict.substring(outcome.length())
            : terminal.styled(report.conclusion().outcome()) + ": " + verdict);
    if (!report.conclusion().way().isEmpty()) {
      terminal.line("way      " + report.conclusion().way());
    }
    if (report.rollback().breachToRollbackSeconds().isPresent()) {
      double seconds = report.rollback().breachToRollbackSeconds().getAsDouble();
      terminal.line("undo     sent " + Quantity.seconds(seconds) + " after the breach was seen");
    }
    report.damage().forEach(damage -> terminal.line("journal  " + damage));
  }

  @Override
  public void passedOver(Experiment experiment, Outcome because) {
    terminal.line(
        terminal.styled(Style.WARNING, "not run  ")
            + "\"%s\", because the one before was %s".formatted(experiment.name(), because));
  }
}

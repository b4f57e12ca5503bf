package dev.firebreak.app.cli;

import dev.firebreak.app.Wiring;
import dev.firebreak.app.cli.Terminal.Style;
import dev.firebreak.app.demo.Demo;
import dev.firebreak.app.demo.DemoException;
import dev.firebreak.app.demo.Scenario;
import dev.firebreak.experiment.GameDay;
import dev.firebreak.run.Outcome;
import dev.firebreak.run.Trigger;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows on a real system what Firebreak is for. */
@Command(
    name = "demo",
    description = "Break the example shop and watch the run stop itself.",
    footer = {
      "",
      "Scenarios:",
      "  cascade    slow payments take product pages down, which never call payments",
      "  contained  slow recommendations, which the shop survives",
      "",
      "Exit status: 0 if the run ended as its scenario announces, else that of \"run\".",
      "",
      "Examples:",
      "  firebreak demo",
      "  firebreak demo --scenario contained"
    })
final class DemoCommand implements Callable<Integer> {
  private final Wiring wiring;

  @Option(
      names = "--scenario",
      paramLabel = "NAME",
      description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.",
      defaultValue = "cascade")
  private Scenario scenario = Scenario.CASCADE;

  @Option(
      names = "--port-base",
      paramLabel = "PORT",
      description = "First of the shop's six ports on 127.0.0.1; default 8080, or the next free.")
  private @Nullable Integer portBase;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where the run is kept; default FIREBREAK_HOME/runs.")
  private @Nullable Path out;

  DemoCommand(Wiring wiring) {
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws Exception {
    Terminal terminal = wiring.terminal();
    Path runs = out == null ? wiring.runs() : out;
    OptionalInt base = portBase == null ? OptionalInt.empty() : OptionalInt.of(portBase);
    try (Demo demo = Demo.start(wiring.root(), scenario, base, runs, terminal::line)) {
      Optional<GameDay> gameDay =
          new GameDayFile(demo.gameDayFile(), terminal)
              .read(wiring.gameDayReader(wiring.environment()));
      if (gameDay.isEmpty()) {
        return ExitCode.FAILED;
      }
      return run(demo, gameDay.get(), runs);
    } catch (DemoException e) {
      terminal.error("demo: " + e.getMessage());
      return e.isUsage() ? ExitCode.USAGE : ExitCode.FAILED;
    }
  }

  private int run(Demo demo, GameDay gameDay, Path runs) throws Exception {
    Terminal terminal = wiring.terminal();
    Outcome outcome =
        wiring
            .gameDayRunner()
            .run(
                gameDay,
                gameDay.experiments(),
                Trigger.MANUAL,
                runs,
                new TerminalAudience(terminal, wiring.clock()));
    List<String> left = demo.faultsLeft();
    if (!left.isEmpty()) {
      terminal.line(terminal.styled(Style.BAD, "the shop says that faults are left: " + left));
      return ExitCode.FAILED;
    }
    terminal.line("shop     asked all six services: no fault is left");
    if (outcome == Outcome.ABORTED) {
      return ExitCode.of(outcome);
    }
    if (outcome != scenario.announced()) {
      terminal.line(
          terminal.styled(
              Style.WARNING,
              "this scenario should have ended " + scenario.announced() + ", not " + outcome));
      return outcome == Outcome.HELD ? ExitCode.FAILED : ExitCode.of(outcome);
    }
    return ExitCode.HELD;
  }
}

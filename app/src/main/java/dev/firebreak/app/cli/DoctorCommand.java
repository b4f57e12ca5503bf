package dev.firebreak.app.cli;

import dev.firebreak.annotations.Trial;
import dev.firebreak.annotations.grafana.GrafanaCheck;
import dev.firebreak.annotations.silences.AlertmanagerCheck;
import dev.firebreak.annotations.tracing.OtlpCheck;
import dev.firebreak.app.Wiring;
import dev.firebreak.app.cli.Terminal.Style;
import dev.firebreak.app.config.Settings;
import dev.firebreak.experiment.GameDay;
import dev.firebreak.probe.Discovery;
import dev.firebreak.probe.MetricSource;
import dev.firebreak.probe.ProbeException;
import dev.firebreak.run.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Tries what the environment names, and says in words what does not work. */
@Command(
    name = "doctor",
    description = "Try Grafana, Alertmanager, the OTLP endpoint, and the metrics of GameDay files.",
    footer = {
      "",
      "Writes one annotation to Grafana, reads it back, changes it, and removes it.",
      "Makes one silence in Alertmanager that fits no alert, and ends it.",
      "Exit status: 0 all that is configured works, 2 a file is wrong, 5 something does not work.",
      "",
      "Example:",
      "  firebreak doctor gamedays/*.yaml"
    })
final class DoctorCommand implements Callable<Integer> {
  private final Wiring wiring;

  @Parameters(
      arity = "0..*",
      paramLabel = "FILE",
      description = "GameDay files whose metrics are asked for.")
  private List<Path> files = List.of();

  DoctorCommand(Wiring wiring) {
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws Exception {
    boolean readable = true;
    List<Trial> trials = new ArrayList<>();
    trials.addAll(grafana());
    trials.addAll(alertmanager());
    trials.addAll(otlp());
    for (Path file : files) {
      Optional<GameDay> gameDay =
          new GameDayFile(file, wiring.terminal()).read(wiring.gameDayReader(wiring.environment()));
      readable &= gameDay.isPresent();
      gameDay.ifPresent(found -> trials.add(metrics(file, found)));
    }
    trials.forEach(this::tell);
    if (!readable) {
      return ExitCode.USAGE;
    }
    boolean well = trials.stream().allMatch(Trial::well);
    return well ? ExitCode.HELD : ExitCode.of(Outcome.REFUSED);
  }

  private List<Trial> grafana() {
    Optional<Settings.Grafana> grafana = wiring.settings().grafana();
    if (grafana.isEmpty()) {
      unset("Grafana", "FIREBREAK_GRAFANA_URL is not set: no annotations");
      return List.of();
    }
    return GrafanaCheck.of(grafana.get().connection(), wiring.clock());
  }

  private List<Trial> alertmanager() {
    Optional<Settings.Alertmanager> alertmanager = wiring.settings().alertmanager();
    if (alertmanager.isEmpty()) {
      unset("Alertmanager", "FIREBREAK_ALERTMANAGER_URL is not set: no silences");
      return List.of();
    }
    return AlertmanagerCheck.of(alertmanager.get().settings(), wiring.clock());
  }

  private List<Trial> otlp() throws InterruptedException {
    Optional<Trial> trial = OtlpCheck.of(wiring.settings().openTelemetry());
    if (trial.isEmpty()) {
      unset("OTLP", "OTEL_EXPORTER_OTLP_ENDPOINT is not set: no traces");
    }
    return trial.stream().toList();
  }

  private Trial metrics(Path file, GameDay gameDay) {
    String subject = "metrics of " + file;
    try (MetricSource source = wiring.metricSource(gameDay.telemetry())) {
      Discovery found = source.discover();
      String told =
          "%d series of %d services".formatted(found.series().size(), found.services().size());
      return new Trial(subject, true, told);
    } catch (ProbeException e) {
      return new Trial(subject, false, String.valueOf(e.getMessage()));
    }
  }

  private void unset(String subject, String why) {
    wiring.terminal().line("-     %s: %s".formatted(subject, why));
  }

  private void tell(Trial trial) {
    Terminal terminal = wiring.terminal();
    String mark =
        trial.well() ? terminal.styled(Style.GOOD, "ok  ") : terminal.styled(Style.BAD, "FAIL");
    terminal.line("%s  %s: %s".formatted(mark, trial.subject(), trial.told()));
  }
}

package dev.firebreak.app.cli;

import dev.firebreak.app.Wiring;
import dev.firebreak.app.replay.Calibration;
import dev.firebreak.app.replay.Calibration.Lengths;
import dev.firebreak.app.replay.Calibration.Outcome;
import dev.firebreak.app.replay.Calibration.Plan;
import dev.firebreak.app.replay.CaseException;
import dev.firebreak.app.replay.Disturbance;
import dev.firebreak.cascade.FalseHaltRate;
import dev.firebreak.experiment.Experiment;
import dev.firebreak.experiment.GameDay;
import dev.firebreak.experiment.HaltPolicy;
import dev.firebreak.probe.HistoricalSource;
import dev.firebreak.probe.History;
import dev.firebreak.probe.MetricSource;
import dev.firebreak.probe.ProbeException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures how often healthy GameDays would be halted. */
@Command(
    name = "calibrate",
    description = {
      "Measure how often the cascade detector would halt GameDays in which nothing happens.",
      "",
      "GameDays are drawn from history without a fault: recordings, or what the Prometheus of a",
      "GameDay file remembers. Recordings with a fault and times in which runs under this",
      "FIREBREAK_HOME injected something are passed over. With --gameday each GameDay is as its",
      "experiments say, and their reports quote the result; without, each has a placebo in a",
      "service drawn with it."
    },
    footer = {
      "",
      "Exit status: 0 measured, 2 an argument is wrong, 5 the source cannot tell.",
      "",
      "Examples:",
      "  firebreak calibrate --gameday gamedays/checkout.yaml --history-hours 72",
      "  firebreak calibrate recordings/*/"
    })
final class CalibrateCommand implements Callable<Integer> {
  private static final int DEFAULT_WATCH_SECONDS = 180;

  private final Wiring wiring;

  @Parameters(
      arity = "0..*",
      paramLabel = "DIR",
      description = "Folders with metrics.csv and case.json, of one system.")
  private List<Path> cases = List.of();

  @Option(
      names = "--gameday",
      paramLabel = "FILE",
      description = "A GameDay file: radius, budget and lengths are those of its experiments.")
  private @Nullable Path gameDayFile;

  @Option(
      names = "--experiment",
      paramLabel = "NAME",
      description = "Only this experiment of the file.")
  private @Nullable String experiment;

  @Option(
      names = "--history-hours",
      paramLabel = "<hours>",
      defaultValue = "24",
      description = "How far back Prometheus is asked (${DEFAULT-VALUE}), at most 720.")
  private double historyHours;

  @Option(
      names = "--hours",
      defaultValue = "3000",
      description = "Hours of watching in all (${DEFAULT-VALUE}).")
  private double hours;

  @Option(
      names = "--baseline-seconds",
      paramLabel = "<seconds>",
      description =
          "Without --gameday: baseline of each GameDay, at least 40 samples (what each recording"
              + " has before inject_start).")
  private @Nullable Integer baselineSeconds;

  @Option(
      names = "--watch-seconds",
      paramLabel = "<seconds>",
      description =
          "Without --gameday: how long each watches ("
              + DEFAULT_WATCH_SECONDS
              + "), at least 10 samples.")
  private @Nullable Integer watchSeconds;

  @Option(
      names = "--target",
      defaultValue = "3",
      description = "False halts in 1,000 hours that are acceptable (${DEFAULT-VALUE}).")
  private double target;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "The same seed gives the same figures (${DEFAULT-VALUE}).")
  private long seed;

  CalibrateCommand(Wiring wiring) {
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws Exception {
    Optional<String> mistake = mistake();
    if (mistake.isPresent()) {
      wiring.terminal().error(mistake.get());
      return ExitCode.USAGE;
    }
    try {
      return gameDayFile == null ? recordings() : gameDay(gameDayFile);
    } catch (CaseException e) {
      wiring.terminal().error(String.valueOf(e.getMessage()));
      return ExitCode.USAGE;
    } catch (ProbeException e) {
      wiring.terminal().error("the history cannot be read: " + e.getMessage());
      return ExitCode.of(dev.firebreak.run.Outcome.REFUSED);
    }
  }

  private Optional<String> mistake() {
    if (cases.isEmpty() && gameDayFile == null) {
      return Optional.of("nothing to replay: give recordings, or --gameday FILE, or both");
    }
    if (gameDayFile == null && experiment != null) {
      return Optional.of("--experiment needs --gameday FILE");
    }
    if (gameDayFile != null && (baselineSeconds != null || watchSeconds != null)) {
      return Optional.of("with --gameday the file says how long baseline and watch are");
    }
    if (!(historyHours > 0 && historyHours <= 720)) {
      return Optional.of("--history-hours must be above 0 and at most 720");
    }
    boolean positive = Math.min(or(baselineSeconds, 1), or(watchSeconds, 1)) >= 1;
    return hours > 0 && hours <= 1e6 && positive && target >= 0
        ? Optional.empty()
        : Optional.of("--hours must be from 0 to 1000000, seconds at least 1, --target at least 0");
  }

  private static int or(@Nullable Integer given, int otherwise) {
    return given == null ? otherwise : given;
  }

  private int recordings() throws CaseException {
    Lengths lengths =
        Lengths.about(
            Optional.ofNullable(baselineSeconds).map(Duration::ofSeconds),
            Duration.ofSeconds(or(watchSeconds, DEFAULT_WATCH_SECONDS)));
    double budget = HaltPolicy.DEFAULT_FALSE_HALT_BUDGET;
    tell(
        new Calibration(new Plan(lengths, Optional.empty(), budget, hours, target, seed))
            .calibrate(cases));
    return ExitCode.HELD;
  }

  private int gameDay(Path path) throws Exception {
    GameDayFile file = new GameDayFile(path, wiring.terminal());
    Optional<GameDay> read = file.read(wiring.gameDayReader(wiring.environment()));
    if (read.isEmpty()) {
      return ExitCode.USAGE;
    }
    GameDay gameDay = read.get();
    List<Experiment> chosen = file.choose(gameDay, Optional.ofNullable(experiment));
    if (chosen.isEmpty()) {
      return ExitCode.USAGE;
    }
    Optional<History> history = cases.isEmpty() ? history(gameDay) : Optional.empty();
    if (cases.isEmpty() && history.isEmpty()) {
      return ExitCode.USAGE;
    }
    for (Experiment each : chosen) {
      Calibration calibration = new Calibration(plan(each));
      Outcome outcome =
          history.isPresent()
              ? calibration.calibrate(gameDay, each, history.get(), disturbed())
              : calibration.calibrate(cases);
      wiring.terminal().line(each.name());
      tell(outcome);
      keep(gameDay, each, outcome);
    }
    return ExitCode.HELD;
  }

  private void keep(GameDay gameDay, Experiment each, Outcome outcome) throws IOException {
    wiring
        .calibrations()
        .keep(gameDay, each, wiring.clock().instant(), outcome.recordedHours(), outcome.rates());
  }

  private Plan plan(Experiment each) {
    return new Plan(
        Lengths.of(each),
        Optional.of(each.radius()),
        each.halt().falseHaltBudget(),
        hours,
        target,
        seed);
  }

  /** Empty if there can be none, which has then been told. */
  private Optional<History> history(GameDay gameDay) throws ProbeException {
    try (MetricSource source = wiring.metricSource(gameDay.telemetry())) {
      if (!(source instanceof HistoricalSource historical)) {
        wiring
            .terminal()
            .error("pages that are scraped have no history: give recordings, or a Prometheus");
        return Optional.empty();
      }
      Duration step = gameDay.telemetry().every();
      if (step.compareTo(Duration.ofSeconds(1)) < 0) {
        wiring
            .terminal()
            .error("history is read in steps of a second or more, telemetry.every is " + step);
        return Optional.empty();
      }
      Instant now = wiring.clock().instant();
      Duration back = Duration.ofMillis(Math.round(historyHours * 3_600_000));
      return Optional.of(historical.history(now.minus(back), now, step));
    }
  }

  /** When runs under this home injected something. */
  private List<Disturbance> disturbed() throws IOException {
    return wiring.reports().journalsIn(wiring.runs()).stream()
        .flatMap(journal -> Disturbance.of(journal.events()).stream())
        .toList();
  }

  private void tell(Outcome outcome) {
    wiring
        .terminal()
        .line(
            said(
                "%s: %d recordings, %.1f h without a fault",
                outcome.dataset(), outcome.recordings(), outcome.recordedHours()));
    for (FalseHaltRate rate : outcome.rates()) {
      wiring
          .terminal()
          .line(
              said(
                  "budget %s: %d false halts in %d GameDays of %.0f h in all:"
                      + " %.2f in 1,000 h (95 %%: %.2f to %.2f)",
                  HaltPolicy.inPercent(rate.budget()),
                  rate.falseHalts(),
                  rate.gameDays(),
                  rate.hours(),
                  rate.perThousandHours(),
                  rate.lowest(),
                  rate.highest()));
    }
    wiring
        .terminal()
        .line(
            outcome
                .proposed()
                .map(HaltPolicy::inPercent)
                .map(
                    budget ->
                        said("proposed: halt: {falseHaltBudget: %s} in the GameDay file", budget))
                .orElse("no budget is small enough: this history has incidents of its own"));
  }

  private static String said(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}

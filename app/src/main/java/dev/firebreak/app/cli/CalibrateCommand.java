package dev.firebreak.app.cli;

import dev.firebreak.app.Wiring;
import dev.firebreak.app.replay.Calibration;
import dev.firebreak.app.replay.Calibration.Outcome;
import dev.firebreak.app.replay.Calibration.Plan;
import dev.firebreak.app.replay.Calibration.Rate;
import dev.firebreak.app.replay.CaseException;
import dev.firebreak.experiment.HaltPolicy;
import java.nio.file.Path;
import java.time.Duration;
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
      "GameDays are drawn from recordings without a fault, each with a placebo in a service drawn",
      "with it. Recordings with a fault are passed over."
    },
    footer = {"", "Example:", "  firebreak calibrate recordings/*/"})
final class CalibrateCommand implements Callable<Integer> {
  private final Wiring wiring;

  @Parameters(
      arity = "1..*",
      paramLabel = "DIR",
      description = "Folders with metrics.csv and case.json, of one system.")
  private List<Path> cases = List.of();

  @Option(
      names = "--hours",
      defaultValue = "3000",
      description = "Hours of watching in all (${DEFAULT-VALUE}).")
  private double hours;

  @Option(
      names = "--baseline-seconds",
      paramLabel = "<seconds>",
      description =
          "Baseline of each GameDay, at least 40 samples (what each recording has before"
              + " inject_start).")
  private @Nullable Integer baselineSeconds;

  @Option(
      names = "--watch-seconds",
      defaultValue = "180",
      description = "How long each watches (${DEFAULT-VALUE}), at least 10 samples.")
  private int watchSeconds;

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
  public Integer call() {
    Optional<Duration> baseline = Optional.ofNullable(baselineSeconds).map(Duration::ofSeconds);
    boolean baselineIsTime = baseline.map(time -> time.toSeconds() >= 1).orElse(true);
    if (!(hours > 0 && hours <= 1e6) || !baselineIsTime || watchSeconds < 1 || !(target >= 0)) {
      wiring
          .terminal()
          .error("--hours must be from 0 to 1000000, seconds at least 1, --target at least 0");
      return ExitCode.USAGE;
    }
    Plan plan = new Plan(baseline, Duration.ofSeconds(watchSeconds), hours, target, seed);
    try {
      tell(new Calibration(plan).calibrate(cases));
      return ExitCode.HELD;
    } catch (CaseException e) {
      wiring.terminal().error(String.valueOf(e.getMessage()));
      return ExitCode.USAGE;
    }
  }

  private void tell(Outcome outcome) {
    wiring
        .terminal()
        .line(
            said(
                "%s: %d recordings, %.1f h without a fault",
                outcome.dataset(), outcome.recordings(), outcome.recordedHours()));
    for (Rate rate : outcome.rates()) {
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
                .orElse("no budget is small enough: these recordings have incidents of their own"));
  }

  private static String said(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}

package dev.firebreak.app.replay;

import dev.firebreak.cascade.CascadeDetector;
import dev.firebreak.cascade.CascadeDetectors;
import dev.firebreak.cascade.FalseHaltRate;
import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.experiment.Experiment;
import dev.firebreak.experiment.GameDay;
import dev.firebreak.probe.History;
import dev.firebreak.probe.SeriesId;
import dev.firebreak.service.ServiceName;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Measures how often the detector would halt a GameDay in which nothing happens: it watches
 * GameDays drawn from fault-free recordings, each with a placebo in a service drawn with it. A draw
 * is one block, as long as the GameDay, of all series at once: what moves together stays together,
 * and no level jumps where blocks would meet (moving block bootstrap, Kuensch 1989). The same
 * recordings and seed give the same figures. Stateless.
 */
public final class Calibration {
  /** Budgets that are tried where the first one is too large. */
  private static final List<Double> BUDGETS = List.of(1e-2, 3e-3, 1e-3, 1e-4, 1e-5);

  private static final int RESAMPLINGS = 2_000;
  private static final Instant START = Instant.EPOCH;

  /**
   * How long the simulated GameDays look.
   *
   * @param baseline empty for as long a one as the recording itself had before it was watched
   * @param fewestInBaseline samples that are taken at least, however short {@code baseline} is
   * @param fewestInWatch the same of {@code watch}
   */
  public record Lengths(
      Optional<Duration> baseline, Duration watch, int fewestInBaseline, int fewestInWatch) {
    /** For recordings of any step: at least 40 samples of baseline and 10 of the watch. */
    public static Lengths about(Optional<Duration> baseline, Duration watch) {
      return new Lengths(baseline, watch, 40, 10);
    }

    /** As an experiment has them. */
    public static Lengths of(Experiment experiment) {
      return new Lengths(
          Optional.of(experiment.timing().baseline()), experiment.longestFault(), 1, 1);
    }
  }

  /**
   * What to simulate.
   *
   * @param radius where the placebo is; empty for a service drawn with each GameDay
   * @param budget that is tried first
   * @param hours of watching in all, above 0
   * @param target false halts in 1,000 hours that are acceptable
   * @param seed of all choices
   */
  public record Plan(
      Lengths lengths,
      Optional<BlastRadius> radius,
      double budget,
      double hours,
      double target,
      long seed) {
    /** The budgets that are tried, largest first. */
    List<Double> budgets() {
      return Stream.concat(Stream.of(budget), BUDGETS.stream().filter(less -> less < budget))
          .toList();
    }
  }

  /**
   * What came out for one system.
   *
   * @param recordings how many fault-free stretches there were
   * @param recordedHours how long they are
   * @param rates with the default budget first, and smaller ones as far as they were needed
   * @param proposed the largest budget that met the target; empty if none did
   */
  public record Outcome(
      String dataset,
      int recordings,
      double recordedHours,
      List<FalseHaltRate> rates,
      Optional<Double> proposed) {}

  private final Plan plan;

  public Calibration(Plan plan) {
    this.plan = plan;
  }

  /**
   * A recording without a fault.
   *
   * @param first the first row at which a watch may begin: only what the recording itself watched
   *     is known to be without a fault, what was before it serves as baseline
   * @param choices at how many rows it may begin
   */
  private record Stretch(RecordedCase recorded, int first, int choices) {}

  /**
   * Replays.
   *
   * @param folders cases of one system; those with a fault are passed over
   * @throws CaseException if a case is malformed, or none is long enough for a GameDay
   */
  public Outcome calibrate(List<Path> folders) throws CaseException {
    List<RecordedCase> cases = new ArrayList<>();
    for (Path folder : folders) {
      cases.add(RecordedCase.read(folder));
    }
    return replay(cases);
  }

  /**
   * Replays what a source remembers of an experiment's system.
   *
   * @param disturbed when something was injected, which is left out
   * @throws CaseException if no stretch of it is long enough for a GameDay
   */
  public Outcome calibrate(
      GameDay gameDay, Experiment experiment, History history, List<Disturbance> disturbed)
      throws CaseException {
    return replay(new QuietHistory(gameDay, experiment, disturbed).stretches(history));
  }

  private Outcome replay(List<RecordedCase> cases) throws CaseException {
    List<Stretch> stretches = cases.stream().flatMap(each -> stretch(each).stream()).toList();
    if (stretches.isEmpty()) {
      throw new CaseException(
          "no stretch without a fault has a baseline of %s and a watch of %s"
              .formatted(
                  plan.lengths()
                      .baseline()
                      .map(Duration::toString)
                      .orElse(plan.lengths().fewestInBaseline() + " samples"),
                  plan.lengths().watch()));
    }
    String dataset = stretches.get(0).recorded().description().dataset();
    double hours = stretches.stream().mapToDouble(this::hours).sum();
    List<FalseHaltRate> rates = new ArrayList<>();
    for (double budget : plan.budgets()) {
      FalseHaltRate rate = rate(stretches, budget);
      rates.add(rate);
      if (rate.perThousandHours() <= plan.target()) {
        return new Outcome(dataset, stretches.size(), hours, rates, Optional.of(budget));
      }
    }
    return new Outcome(dataset, stretches.size(), hours, rates, Optional.empty());
  }

  /** Empty if there was a fault, or not enough time without one. */
  private Optional<Stretch> stretch(RecordedCase recorded) {
    int end = rows(recorded, recorded.description().injectEnd() + 1);
    int first = Math.max(history(recorded), baselineOf(recorded));
    int choices = end - watchOf(recorded) - first + 1;
    return recorded.description().radius().isPresent() || choices < 1
        ? Optional.empty()
        : Optional.of(new Stretch(recorded, first, choices));
  }

  private double hours(Stretch stretch) {
    int rows = stretch.choices() + watchOf(stretch.recorded()) - 1;
    return rows * stepSeconds(stretch.recorded()) / 3_600;
  }

  private static double stepSeconds(RecordedCase recorded) {
    return recorded.description().step().toMillis() / 1e3;
  }

  private int baselineOf(RecordedCase recorded) {
    int fewest = plan.lengths().fewestInBaseline();
    return plan.lengths()
        .baseline()
        .map(baseline -> samples(baseline, recorded, fewest))
        .orElseGet(() -> Math.max(fewest, history(recorded)));
  }

  /** The rows that the recording itself had as its baseline. */
  private static int history(RecordedCase recorded) {
    return rows(recorded, recorded.description().injectStart());
  }

  private static int rows(RecordedCase recorded, long before) {
    int rows = 0;
    while (rows < recorded.size() && recorded.time(rows) < before) {
      rows++;
    }
    return rows;
  }

  private int watchOf(RecordedCase recorded) {
    return samples(plan.lengths().watch(), recorded, plan.lengths().fewestInWatch());
  }

  private static int samples(Duration time, RecordedCase recorded, int fewest) {
    return (int) Math.max(fewest, Math.ceil(time.toMillis() / 1e3 / stepSeconds(recorded)));
  }

  private FalseHaltRate rate(List<Stretch> stretches, double budget) {
    SplittableRandom random = new SplittableRandom(plan.seed());
    long[] gameDays = new long[stretches.size()];
    long[] halts = new long[stretches.size()];
    // There are only so many GameDays in a recording, and each always ends the same.
    Map<Draw, Boolean> known = new HashMap<>();
    double hours = 0;
    for (int next = 0; hours < plan.hours(); next = (next + 1) % gameDays.length) {
      Stretch stretch = stretches.get(next);
      int watch = watchOf(stretch.recorded());
      Draw draw =
          new Draw(
              next,
              stretch.first() + random.nextInt(stretch.choices()),
              radius(stretch.recorded(), random));
      gameDays[next]++;
      halts[next] +=
          known.computeIfAbsent(draw, any -> halts(stretch.recorded(), any, budget)) ? 1 : 0;
      hours += watch * stepSeconds(stretch.recorded()) / 3_600;
    }
    long all = LongStream.of(gameDays).sum();
    double perGameDay = hours / all;
    double[] resampled = resampled(gameDays, halts, perGameDay, random);
    return new FalseHaltRate(
        budget,
        all,
        hours,
        LongStream.of(halts).sum(),
        resampled[(int) (0.025 * RESAMPLINGS)],
        resampled[(int) (0.975 * RESAMPLINGS)]);
  }

  /** Rates with recordings drawn anew: what is not known is how another recording would be. */
  private static double[] resampled(
      long[] gameDays, long[] halts, double hoursEach, SplittableRandom random) {
    double[] rates = new double[RESAMPLINGS];
    for (int i = 0; i < RESAMPLINGS; i++) {
      long halted = 0;
      long all = 0;
      for (int k = 0; k < gameDays.length; k++) {
        int drawn = random.nextInt(gameDays.length);
        halted += halts[drawn];
        all += gameDays[drawn];
      }
      rates[i] = all == 0 ? 0 : 1_000 * halted / (all * hoursEach);
    }
    Arrays.sort(rates);
    return rates;
  }

  /** At which row of which recording a watch begins, and where the placebo is. */
  private record Draw(int stretch, int begin, BlastRadius radius) {}

  private BlastRadius radius(RecordedCase recorded, SplittableRandom random) {
    List<ServiceName> services = services(recorded);
    // Drawn in any case, so that one seed begins the same watches whatever the radius.
    int drawn = random.nextInt(services.size());
    return plan.radius().orElseGet(() -> BlastRadius.of(services.get(drawn)));
  }

  private static List<ServiceName> services(RecordedCase recorded) {
    return recorded.series().stream().map(SeriesId::service).distinct().sorted().toList();
  }

  private boolean halts(RecordedCase recorded, Draw draw, double budget) {
    Duration step = recorded.description().step();
    int baseline = baselineOf(recorded);
    int watch = watchOf(recorded);
    CascadeDetector detector =
        CascadeDetectors.online(budget)
            .create(recorded.watch(Optional.of(draw.radius()), step.multipliedBy(watch)));
    for (int i = 0; i < baseline + watch; i++) {
      Instant at = START.plus(step.multipliedBy(i));
      double[] values = recorded.values(draw.begin() - baseline + i);
      if (i < baseline) {
        detector.learn(at, values);
        continue;
      }
      if (i == baseline) {
        detector.injected(at);
      }
      detector.judge(at, values);
      if (detector.escaped()) {
        return true;
      }
    }
    return false;
  }
}

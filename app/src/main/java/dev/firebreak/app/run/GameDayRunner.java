package dev.firebreak.app.run;

import dev.firebreak.experiment.Experiment;
import dev.firebreak.experiment.GameDay;
import dev.firebreak.report.RunReport;
import dev.firebreak.run.Outcome;
import dev.firebreak.run.RunListener;
import dev.firebreak.run.RunSpec;
import dev.firebreak.run.Trigger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a GameDay's experiments one after the other and leaves a report of each. */
public final class GameDayRunner {
  private final ExperimentRunner experiments;
  private final Reports reports;
  private final Marks marks;

  /** A runner that marks what it does in the observability stack. */
  public GameDayRunner(ExperimentRunner experiments, Reports reports, Marks marks) {
    this.experiments = experiments;
    this.reports = reports;
    this.marks = marks;
  }

  /** Shows a run while it goes on. */
  public interface View extends RunListener, AutoCloseable {
    @Override
    void close();
  }

  /** Told what a GameDay comes to, by the thread that runs it. */
  public interface Audience {
    /** What shows the run that is about to begin. */
    View view(RunSpec spec);

    /** A run has ended and its report is written. */
    void ended(RunReport report, RunDirectory directory);

    /** An experiment is not run, because of how the one before ended. */
    void passedOver(Experiment experiment, Outcome because);
  }

  /**
   * Runs these experiments, in order. Once one has neither held nor merely deviated, the system is
   * not known to be well, and the others are passed over.
   *
   * @return the worst outcome
   * @throws IOException if a run could not begin or its report not be written; no fault is left
   */
  public Outcome run(
      GameDay gameDay, List<Experiment> chosen, Trigger trigger, Path out, Audience audience)
      throws IOException, InterruptedException {
    Outcome worst = Outcome.HELD;
    for (Experiment experiment : chosen) {
      if (worst.compareTo(Outcome.DEVIATED) > 0) {
        audience.passedOver(experiment, worst);
        continue;
      }
      worst = worst.worseOf(run(gameDay, experiment, trigger, out, audience));
    }
    return worst;
  }

  private Outcome run(
      GameDay gameDay, Experiment experiment, Trigger trigger, Path out, Audience audience)
      throws IOException, InterruptedException {
    RunSpec spec = experiments.specify(gameDay, experiment, trigger);
    ExperimentRunner.Finished finished;
    try (View view = audience.view(spec)) {
      List<RunListener> listeners = new ArrayList<>(marks.listeners(spec));
      listeners.add(view);
      finished = experiments.run(spec, out, listeners);
    }
    marks.samplesDropped(finished.samplesUntold());
    audience.ended(reports.write(finished.directory()), finished.directory());
    return finished.outcome();
  }
}

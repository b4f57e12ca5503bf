package dev.firebreak.app.run;

import dev.firebreak.cascade.Calibrated;
import dev.firebreak.cascade.CascadeDetectorFactory;
import dev.firebreak.experiment.Experiment;
import dev.firebreak.experiment.GameDay;
import dev.firebreak.fault.Injectors;
import dev.firebreak.journal.EventCodec;
import dev.firebreak.journal.FileJournal;
import dev.firebreak.probe.MetricSource;
import dev.firebreak.run.Guard;
import dev.firebreak.run.HaltCause;
import dev.firebreak.run.Journal;
import dev.firebreak.run.JournalException;
import dev.firebreak.run.ListenerHub;
import dev.firebreak.run.Outcome;
import dev.firebreak.run.Run;
import dev.firebreak.run.RunId;
import dev.firebreak.run.RunListener;
import dev.firebreak.run.RunSpec;
import dev.firebreak.run.Safeguards;
import dev.firebreak.run.Trigger;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Executes experiments in the real world: gives each a directory, a journal, clocks and listeners.
 * {@link #run} blocks its caller; {@link #halt} may be called from any thread.
 */
public final class ExperimentRunner {
  /** How long spans and annotations may still be sent once a run is over. */
  private static final Duration DRAIN = Duration.ofSeconds(5);

  /** How often it is looked whether somebody wished to halt: far below the budget of a halt. */
  private static final Duration HALT_POLL = Duration.ofMillis(200);

  private final Function<RunSpec, Injectors> injectors;
  private final Function<RunSpec, MetricSource> sources;
  private final CascadeDetectorFactory detectors;
  private final EventCodec codec;
  private final Precautions precautions;
  private final Calibrations calibrations;
  private final RandomGenerator random;
  private final InstantSource clock;
  private final Set<Run> running = new HashSet<>();
  private boolean halted;

  /** A runner of experiments; what is handed in is used by several threads. */
  public ExperimentRunner(
      Function<RunSpec, Injectors> injectors,
      Function<RunSpec, MetricSource> sources,
      CascadeDetectorFactory detectors,
      EventCodec codec,
      Precautions precautions,
      Calibrations calibrations,
      RandomGenerator random,
      InstantSource clock) {
    this.injectors = injectors;
    this.sources = sources;
    this.detectors = detectors;
    this.codec = codec;
    this.precautions = precautions;
    this.calibrations = calibrations;
    this.random = random;
    this.clock = clock;
  }

  /**
   * How a run ended and where its journal is.
   *
   * @param samplesUntold samples that slow listeners were not told of
   */
  public record Finished(RunId id, Outcome outcome, RunDirectory directory, long samplesUntold) {}

  /** A run that has an id and a directory, and has not begun. */
  public RunSpec specify(GameDay gameDay, Experiment experiment, Trigger trigger) {
    return new RunSpec(
        RunId.create(clock.instant(), random),
        gameDay.metadata(),
        gameDay.telemetry(),
        experiment,
        trigger,
        traceId(),
        calibrated(gameDay, experiment));
  }

  /** What nobody can read is told, and no reason not to run. */
  private Optional<Calibrated> calibrated(GameDay gameDay, Experiment experiment) {
    try {
      return calibrations.find(gameDay, experiment);
    } catch (IOException e) {
      precautions.notices().accept(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /** 16 random bytes in hex, not all zero, as W3C Trace Context asks. */
  private String traceId() {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    bytes[0] |= 1;
    return HexFormat.of().formatHex(bytes);
  }

  /**
   * Recovers what other runs left, and runs to the end, rollback included.
   *
   * @param out the directory in which the run's own directory is made
   * @param listeners each told on a thread of its own
   * @throws IOException if directory or journal could not be made; nothing was injected
   */
  public Finished run(RunSpec spec, Path out, List<RunListener> listeners)
      throws IOException, InterruptedException {
    List<String> leftovers = precautions.recovery().sweep(precautions.notices());
    RunDirectory directory = RunDirectory.create(out, spec.id());
    HomeLocks locks = precautions.locks();
    HomeLocks.Held lock = locks.takeRun(spec.id());
    try (ActiveRuns.Entry entry = precautions.activeRuns().enter(spec.id(), directory);
        Gates.Gate gate = precautions.gates().gate(leftovers);
        FileJournal journal = FileJournal.create(directory.journal(), codec);
        Guard guard = precautions.guards().apply(spec.id(), directory)) {
      return run(spec, directory, listeners, new Surroundings(entry, gate, journal, guard));
    } catch (JournalException e) {
      throw new IOException(e.getMessage(), e);
    } finally {
      locks.retire(lock);
    }
  }

  /** What belongs to one run alone. */
  private record Surroundings(
      ActiveRuns.Entry entry, Gates.Gate gate, Journal journal, Guard guard) {}

  private Finished run(
      RunSpec spec, RunDirectory directory, List<RunListener> listeners, Surroundings around) {
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("firebreak-halt"));
    try (MetricSource source = sources.apply(spec);
        ListenerHub hub =
            new ListenerHub(listeners, DaemonThreads.named("firebreak-listener"), DRAIN);
        SystemRunLoop loop = new SystemRunLoop()) {
      Run run =
          new Run(
              spec,
              injectors.apply(spec),
              source,
              detectors,
              loop,
              around.journal(),
              hub,
              new Safeguards(around.guard(), around.gate()));
      var unused =
          timer.scheduleWithFixedDelay(
              () -> obeyHaltFiles(around.entry(), run),
              HALT_POLL.toMillis(),
              HALT_POLL.toMillis(),
              TimeUnit.MILLISECONDS);
      Outcome outcome = execute(run);
      // A guard that has taken over looks for some time yet whether anything comes back.
      if (run.leftNothing() && around.guard().lost(Duration.ZERO).isEmpty()) {
        around.entry().finished();
      }
      return new Finished(spec.id(), outcome, directory, hub.dropped());
    } finally {
      timer.shutdownNow();
    }
  }

  private Outcome execute(Run run) {
    synchronized (running) {
      running.add(run);
      if (halted) {
        run.halt(cause("the program was asked to end"));
      }
    }
    try {
      return run.execute();
    } finally {
      synchronized (running) {
        running.remove(run);
      }
    }
  }

  private void obeyHaltFiles(ActiveRuns.Entry entry, Run run) {
    if (entry.haltRequested()) {
      run.halt(cause("halted by \"firebreak halt\""));
    }
    precautions.gates().stopped().ifPresent(why -> run.halt(cause(why)));
  }

  /** Halts what runs now; what begins later is not touched. From any thread. */
  public void haltRunning(String why) {
    synchronized (running) {
      running.forEach(run -> run.halt(cause(why)));
    }
  }

  /**
   * Halts what runs, and each run that is still to begin.
   *
   * @return whether anything was running
   */
  public boolean halt(String why) {
    synchronized (running) {
      halted = true;
      running.forEach(run -> run.halt(cause(why)));
      return !running.isEmpty();
    }
  }

  private HaltCause cause(String why) {
    return new HaltCause(HaltCause.Kind.PERSON, why, clock.instant());
  }
}

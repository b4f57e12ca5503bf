package dev.firebreak.app.run;

import dev.firebreak.cascade.CascadeDetectorFactory;
import dev.firebreak.experiment.Experiment;
import dev.firebreak.experiment.GameDay;
import dev.firebreak.experiment.Telemetry;
import dev.firebreak.fault.Injectors;
import dev.firebreak.journal.EventCodec;
import dev.firebreak.journal.FileJournal;
import dev.firebreak.probe.MetricSource;
import dev.firebreak.run.Admission;
import dev.firebreak.run.Guard;
import dev.firebreak.run.HaltCause;
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

  private final Injectors injectors;
  private final Function<Telemetry, MetricSource> sources;
  private final CascadeDetectorFactory detectors;
  private final EventCodec codec;
  private final Function<Watched, Guard> guards;
  private final ActiveRuns activeRuns;
  private final RandomGenerator random;
  private final InstantSource clock;
  private final Set<Run> running = new HashSet<>();
  private boolean halted;

  /** A runner of experiments; what is handed in is used by several threads. */
  public ExperimentRunner(
      Injectors injectors,
      Function<Telemetry, MetricSource> sources,
      CascadeDetectorFactory detectors,
      EventCodec codec,
      Function<Watched, Guard> guards,
      ActiveRuns activeRuns,
      RandomGenerator random,
      InstantSource clock) {
    this.injectors = injectors;
    this.sources = sources;
    this.detectors = detectors;
    this.codec = codec;
    this.guards = guards;
    this.activeRuns = activeRuns;
    this.random = random;
    this.clock = clock;
  }

  /** A run that needs a guard, and where the guard keeps its records. */
  public record Watched(RunId id, RunDirectory directory) {}

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
        traceId());
  }

  /** 16 random bytes in hex, not all zero, as W3C Trace Context asks. */
  private String traceId() {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    bytes[0] |= 1;
    return HexFormat.of().formatHex(bytes);
  }

  /**
   * Runs to the end, rollback included.
   *
   * @param out the directory in which the run's own directory is made
   * @param listeners each told on a thread of its own
   * @throws IOException if directory or journal could not be made; nothing was injected
   */
  public Finished run(RunSpec spec, Path out, List<RunListener> listeners) throws IOException {
    RunDirectory directory = RunDirectory.create(out, spec.id());
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("firebreak-halt"));
    try (ActiveRuns.Entry entry = activeRuns.enter(spec.id());
        FileJournal journal = FileJournal.create(directory.journal(), codec);
        Guard guard = guards.apply(new Watched(spec.id(), directory));
        MetricSource source = sources.apply(spec.telemetry());
        ListenerHub hub =
            new ListenerHub(listeners, DaemonThreads.named("firebreak-listener"), DRAIN);
        SystemRunLoop loop = new SystemRunLoop()) {
      Run run =
          new Run(
              spec,
              injectors,
              source,
              detectors,
              loop,
              journal,
              hub,
              new Safeguards(guard, Admission.OPEN));
      var unused =
          timer.scheduleWithFixedDelay(
              () -> obeyHaltFile(entry, run),
              HALT_POLL.toMillis(),
              HALT_POLL.toMillis(),
              TimeUnit.MILLISECONDS);
      Outcome outcome = execute(run);
      return new Finished(spec.id(), outcome, directory, hub.dropped());
    } catch (JournalException e) {
      throw new IOException(e.getMessage(), e);
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

  private void obeyHaltFile(ActiveRuns.Entry entry, Run run) {
    if (entry.haltRequested()) {
      run.halt(cause("halted by \"firebreak halt\""));
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

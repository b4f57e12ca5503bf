package dev.firebreak.app;

import dev.firebreak.app.admission.Gatekeeper;
import dev.firebreak.app.admission.KillSwitch;
import dev.firebreak.app.cli.Terminal;
import dev.firebreak.app.config.Settings;
import dev.firebreak.app.gameday.Environment;
import dev.firebreak.app.gameday.GameDayReader;
import dev.firebreak.app.guard.Guards;
import dev.firebreak.app.journal.JsonEventCodec;
import dev.firebreak.app.plugin.PluginException;
import dev.firebreak.app.plugin.Plugins;
import dev.firebreak.app.run.ActiveRuns;
import dev.firebreak.app.run.Calibrations;
import dev.firebreak.app.run.ExperimentRunner;
import dev.firebreak.app.run.GameDayRunner;
import dev.firebreak.app.run.Gates;
import dev.firebreak.app.run.HomeLocks;
import dev.firebreak.app.run.Interruption;
import dev.firebreak.app.run.Marks;
import dev.firebreak.app.run.Precautions;
import dev.firebreak.app.run.Recovery;
import dev.firebreak.app.run.RecoveryAudience;
import dev.firebreak.app.run.Reports;
import dev.firebreak.app.run.UserSignal;
import dev.firebreak.cascade.CascadeDetectorFactory;
import dev.firebreak.cascade.CascadeDetectors;
import dev.firebreak.experiment.Telemetry;
import dev.firebreak.fault.Injectors;
import dev.firebreak.journal.JournalFile;
import dev.firebreak.probe.MetricSource;
import dev.firebreak.probes.MetricSources;
import dev.firebreak.probes.http.Asking;
import dev.firebreak.run.RunEvent.RunOpened;
import dev.firebreak.run.RunSpec;
import dev.firebreak.scheduler.CronExpressions;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * What the program is made of. Each part is made when a command first asks for it, so that a short
 * command loads little. Used by the main thread.
 */
public final class Wiring implements AutoCloseable {
  private final Settings settings;
  private final Map<String, String> variables;
  private final Terminal terminal;
  private final Interruption interruption;
  private final InstantSource clock = InstantSource.system();
  private final CountDownLatch interrupted = new CountDownLatch(1);
  private @Nullable Injectors injectors;
  private @Nullable ExperimentRunner experimentRunner;
  private @Nullable Marks marks;

  public Wiring(
      Settings settings,
      Map<String, String> variables,
      Terminal terminal,
      Interruption interruption) {
    this.settings = settings;
    this.variables = variables;
    this.terminal = terminal;
    this.interruption = interruption;
  }

  public Settings settings() {
    return settings;
  }

  public Terminal terminal() {
    return terminal;
  }

  public InstantSource clock() {
    return clock;
  }

  /** The checkout or installation directory. */
  public Path root() {
    return Path.of(System.getProperty("firebreak.root", ".")).toAbsolutePath().normalize();
  }

  /** Where runs are kept unless a command says otherwise. */
  public Path runs() {
    return settings.home().resolve("runs");
  }

  public Environment environment() {
    return name -> Optional.ofNullable(variables.get(name));
  }

  /** The version of this build. */
  public String version() {
    String version = Wiring.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }

  /** All fault injectors, those in {@code plugins/} of the installation and of the home too. */
  public Injectors injectors() throws PluginException {
    if (injectors == null) {
      injectors = Plugins.load(pluginDirectories());
    }
    return injectors;
  }

  private List<Path> pluginDirectories() {
    return List.of(root().resolve("plugins"), settings.home().resolve("plugins"));
  }

  /** A reader that looks {@code {env: NAME}} up in {@code environment}. */
  public GameDayReader gameDayReader(Environment environment) throws PluginException {
    return new GameDayReader(injectors().descriptions(), CronExpressions::problem, environment);
  }

  public MetricSource metricSource(Telemetry telemetry) {
    return MetricSources.open(telemetry, clock, System::nanoTime);
  }

  public CascadeDetectorFactory detectors() {
    return CascadeDetectors.online();
  }

  public ActiveRuns activeRuns() {
    return new ActiveRuns(settings.home());
  }

  /** What is known of false halts. */
  public Calibrations calibrations() {
    return new Calibrations(settings.home());
  }

  public KillSwitch killSwitch() {
    return new KillSwitch(settings.home());
  }

  /** What ends the runs that were left by their processes. */
  public Recovery recovery() throws PluginException {
    return new Recovery(
        activeRuns(),
        new HomeLocks(settings.home()),
        injectors(),
        new JsonEventCodec(),
        reports(),
        clock,
        new Recovered());
  }

  /** Without marks a run is recovered all the same. */
  private final class Recovered implements RecoveryAudience {
    @Override
    public Injectors injectors(Injectors plain, RunOpened run) {
      return Marks.traced(plain, run, settings);
    }

    @Override
    public void closed(JournalFile journal) {
      try {
        marks().recovered(journal);
      } catch (IOException e) {
        terminal.error("the annotations and silences of a recovered run stay: " + e.getMessage());
      }
    }
  }

  private Precautions precautions() throws PluginException {
    HomeLocks locks = new HomeLocks(settings.home());
    Guards guards = new Guards(settings.home(), pluginDirectories(), new JsonEventCodec());
    return new Precautions(
        activeRuns(), locks, recovery(), gates(), guards::start, terminal::error);
  }

  /** What decides which runs may start on this machine. */
  public Gates gates() {
    return new Gatekeeper(
        settings.home(), killSwitch(), new HomeLocks(settings.home()), activeRuns());
  }

  /** Who is at the keyboard, as the system says. */
  public String person() {
    return System.getProperty("user.name", "unknown");
  }

  public Reports reports() {
    return new Reports(new JsonEventCodec());
  }

  /** What executes experiments; from now on an interruption halts them first. */
  public ExperimentRunner experimentRunner() throws PluginException {
    if (experimentRunner == null) {
      Injectors all = injectors();
      ExperimentRunner runner =
          new ExperimentRunner(
              spec -> marks == null ? all : marks.traced(all, spec),
              this::metricSource,
              detectors(),
              new JsonEventCodec(),
              precautions(),
              calibrations(),
              new SecureRandom(),
              clock);
      interruption.onInterrupt(() -> interrupt(runner));
      UserSignal.install(() -> obeySignal(runner));
      experimentRunner = runner;
    }
    return experimentRunner;
  }

  /** A plan is made without marks, a run with them. */
  private MetricSource metricSource(RunSpec spec) {
    return MetricSources.open(
        spec.telemetry(),
        clock,
        System::nanoTime,
        marks == null ? Asking.plainly() : marks.asking(spec));
  }

  private void obeySignal(ExperimentRunner runner) {
    runner.haltRunning("halted by the signal USR1");
    try {
      killSwitch().engage("the signal USR1", person(), clock.instant());
    } catch (IOException e) {
      terminal.error("the kill switch cannot be engaged: " + e);
    }
  }

  private boolean interrupt(ExperimentRunner runner) {
    boolean running = runner.halt("interrupted by a signal");
    if (running) {
      terminal.error("halting and rolling back; interrupting again does not stop the rollback");
    }
    interrupted.countDown();
    return running;
  }

  /**
   * What runs GameDays and marks them.
   *
   * @throws IOException if what the environment asks for cannot be opened
   */
  public GameDayRunner gameDayRunner() throws PluginException, IOException {
    return new GameDayRunner(experimentRunner(), reports(), marks());
  }

  /**
   * What marks runs, in the form that the environment asks for.
   *
   * @throws IOException if the outbox's directory or the metrics port cannot be used
   */
  public Marks marks() throws IOException {
    if (marks == null) {
      marks = Marks.open(settings, version(), clock, terminal::error);
    }
    return marks;
  }

  /** Returns when the program is asked to end. */
  public void awaitInterruption() throws InterruptedException {
    interrupted.await();
  }

  /** Shows where a failure came from, to who asks for it by {@code FIREBREAK_DEBUG}. */
  public void explain(Throwable failure) {
    if (!variables.getOrDefault("FIREBREAK_DEBUG", "").isEmpty()) {
      failure.printStackTrace(terminal.err());
      terminal.err().flush();
    }
  }

  @Override
  public void close() {
    if (marks != null) {
      marks.close();
    }
  }
}

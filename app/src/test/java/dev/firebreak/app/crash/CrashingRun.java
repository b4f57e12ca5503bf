package dev.firebreak.app.crash;

import dev.firebreak.app.admission.Gatekeeper;
import dev.firebreak.app.admission.KillSwitch;
import dev.firebreak.app.gameday.GameDayReader;
import dev.firebreak.app.guard.Guards;
import dev.firebreak.app.journal.JsonEventCodec;
import dev.firebreak.app.plugin.Plugins;
import dev.firebreak.app.run.ActiveRuns;
import dev.firebreak.app.run.Calibrations;
import dev.firebreak.app.run.ExperimentRunner;
import dev.firebreak.app.run.HomeLocks;
import dev.firebreak.app.run.Precautions;
import dev.firebreak.app.run.Recovery;
import dev.firebreak.app.run.Reports;
import dev.firebreak.cascade.CascadeDetectors;
import dev.firebreak.experiment.GameDay;
import dev.firebreak.fault.FaultInjector;
import dev.firebreak.fault.Injectors;
import dev.firebreak.fault.PlaceboInjector;
import dev.firebreak.journal.EventCodec;
import dev.firebreak.probes.MetricSources;
import dev.firebreak.run.JournalException;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunListener;
import dev.firebreak.run.RunSpec;
import dev.firebreak.run.Trigger;
import dev.firebreak.scheduler.CronExpressions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicReference;

/** A run like any other, or a recovery, in a process that gets a signal at its fail point. */
final class CrashingRun {
  private CrashingRun() {}

  /**
   * Runs the first experiment of a file; without a file, recovers.
   *
   * @param args the kind, the fail point, the GameDay file or nothing, the home
   */
  public static void main(String[] args) throws Exception {
    Path home = Path.of(args[3]);
    if (args[2].isEmpty()) {
      recover(FailPoint.ofRecovery(args[1]), home);
    } else {
      run(FailPoint.ofRun(Kind.valueOf(args[0]), args[1]), Path.of(args[2]), home);
    }
    System.exit(0);
  }

  private static void recover(FailPoint point, Path home) throws Exception {
    Injectors injectors = failing(point);
    EventCodec codec = failing(new JsonEventCodec(), point);
    Recovery recovery =
        new Recovery(
            new ActiveRuns(home),
            new HomeLocks(home),
            injectors,
            codec,
            new Reports(codec),
            InstantSource.system());
    recovery.sweep(System.out::println);
    Files.writeString(home.resolve("recovered"), "");
  }

  private static void run(FailPoint point, Path file, Path home) throws Exception {
    EventCodec codec = new JsonEventCodec();
    Injectors injectors = failing(point);
    ExperimentRunner runner =
        new ExperimentRunner(
            any -> injectors,
            each -> MetricSources.open(each.telemetry(), InstantSource.system(), System::nanoTime),
            CascadeDetectors.online(),
            failing(codec, point),
            precautions(home, injectors, point),
            new Calibrations(home),
            new SecureRandom(),
            InstantSource.system());
    GameDay gameDay =
        new GameDayReader(
                Plugins.load(List.of()).descriptions(),
                CronExpressions::problem,
                name -> Optional.empty())
            .read(Files.readAllBytes(file), file.toString())
            .gameDay()
            .orElseThrow();
    RunSpec spec = runner.specify(gameDay, gameDay.experiments().get(0), Trigger.MANUAL);
    RunListener told =
        event -> {
          point.pass("after writing " + event.getClass().getSimpleName());
          if (point.inHalt() && event instanceof RunEvent.FaultConfirmed) {
            runner.haltRunning("the cell asks for it");
          }
        };
    ExperimentRunner.Finished finished = runner.run(spec, home.resolve("runs"), List.of(told));
    Files.writeString(home.resolve("outcome"), finished.outcome().name());
  }

  private static Precautions precautions(Path home, Injectors injectors, FailPoint point) {
    EventCodec codec = new JsonEventCodec();
    ActiveRuns activeRuns = new ActiveRuns(home);
    HomeLocks locks = new HomeLocks(home);
    Guards guards = new Guards(home, List.of(), codec);
    return new Precautions(
        activeRuns,
        locks,
        new Recovery(
            activeRuns, locks, injectors, codec, new Reports(codec), InstantSource.system()),
        new Gatekeeper(home, new KillSwitch(home), locks, activeRuns),
        (run, directory) -> new FailingGuard(guards.start(run, directory), point),
        System.out::println);
  }

  private static Injectors failing(FailPoint point) {
    List<FaultInjector> injectors = new ArrayList<>(List.of(new PlaceboInjector()));
    ServiceLoader.load(FaultInjector.class)
        .forEach(injector -> injectors.add(new FailingInjector(injector, point)));
    return new Injectors(injectors);
  }

  /** What was encoded last has been written once the codec is asked for anything more. */
  private static EventCodec failing(EventCodec real, FailPoint point) {
    AtomicReference<String> last = new AtomicReference<>("nothing");
    return new EventCodec() {
      @Override
      public byte[] encode(RunEvent event) throws JournalException {
        String name = event.getClass().getSimpleName();
        point.pass("after writing " + last.getAndSet(name));
        point.pass("before writing " + name);
        return real.encode(event);
      }

      @Override
      public RunEvent decode(byte[] bytes) throws JournalException {
        point.pass("after writing " + last.get());
        return real.decode(bytes);
      }
    };
  }
}

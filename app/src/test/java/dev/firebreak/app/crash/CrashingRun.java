package dev.firebreak.app.crash;

import dev.firebreak.app.admission.Gatekeeper;
import dev.firebreak.app.admission.KillSwitch;
import dev.firebreak.app.gameday.GameDayReader;
import dev.firebreak.app.guard.Guards;
import dev.firebreak.app.journal.JsonEventCodec;
import dev.firebreak.app.plugin.Plugins;
import dev.firebreak.app.run.ActiveRuns;
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

/** A run like any other, in a process that gets a signal at its fail point. */
final class CrashingRun {
  private CrashingRun() {}

  /**
   * Runs the first experiment of a file.
   *
   * @param args the signal, the fail point, the GameDay file, the home
   */
  public static void main(String[] args) throws Exception {
    FailPoint point = FailPoint.of(args[0], args[1]);
    Path file = Path.of(args[2]);
    Path home = Path.of(args[3]);
    EventCodec codec = new JsonEventCodec();
    Injectors injectors = failing(point);
    ExperimentRunner runner =
        new ExperimentRunner(
            injectors,
            telemetry -> MetricSources.open(telemetry, InstantSource.system(), System::nanoTime),
            CascadeDetectors.online(),
            failing(codec, point),
            precautions(home, injectors, point),
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
    RunListener told = event -> point.pass("after writing " + event.getClass().getSimpleName());
    ExperimentRunner.Finished finished = runner.run(spec, home.resolve("runs"), List.of(told));
    Files.writeString(home.resolve("outcome"), finished.outcome().name());
    System.exit(0);
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

  private static EventCodec failing(EventCodec real, FailPoint point) {
    return new EventCodec() {
      @Override
      public byte[] encode(RunEvent event) throws JournalException {
        point.pass("before writing " + event.getClass().getSimpleName());
        return real.encode(event);
      }

      @Override
      public RunEvent decode(byte[] bytes) throws JournalException {
        return real.decode(bytes);
      }
    };
  }
}

package dev.firebreak.annotations.silences;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;

/** A run that silences in a process of its own, and stands still while its fault is in place. */
final class KilledRun {
  private KilledRun() {}

  /**
   * Ends when it is killed, or when its input ends.
   *
   * @param args the Alertmanager's URL, and the directory
   */
  public static void main(String[] args) throws Exception {
    AlertmanagerSettings settings = AlertmanagerSettings.of(URI.create(args[0]));
    InstantSource clock = InstantSource.system();
    SilenceKeeper keeper = SilenceKeeper.open(settings, Path.of(args[1]), clock);
    RunSilencer silencer = Silencing.by(keeper, settings);
    Silencing.untilObserved(clock.instant()).forEach(silencer::on);
    int unused = System.in.read();
  }

  static Process start(URI alertmanager, Path directory) throws Exception {
    Files.createDirectories(directory);
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            KilledRun.class.getName(),
            alertmanager.toString(),
            directory.toString())
        .redirectErrorStream(true)
        .redirectOutput(directory.resolveSibling("killed.log").toFile())
        .start();
  }
}

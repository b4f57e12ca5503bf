package dev.firebreak.app.guard;

import dev.firebreak.app.run.RunDirectory;
import dev.firebreak.fault.FaultId;
import dev.firebreak.guard.GuardLine;
import dev.firebreak.journal.EventCodec;
import dev.firebreak.run.Guard;
import dev.firebreak.run.GuardException;
import dev.firebreak.run.RunEvent.FaultArmed;
import dev.firebreak.run.RunId;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Starts guards: each in a session of its own where there is {@code setsid}, deaf to the signals by
 * which terminals and service managers end programs, and as small as a JVM can be made.
 */
public final class Guards {
  /** Started like this the process has no more in common with its parent than two pipes. */
  private static final String DEAF = "trap '' HUP INT QUIT TERM; exec \"$@\"";

  private static final List<String> SMALL =
      List.of(
          // Without it a QUIT would print a thread dump into the line to the run.
          "-Xrs",
          "-Xms4m",
          "-Xmx16m",
          "-Xss256k",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:CICompilerCount=1",
          "-XX:ReservedCodeCacheSize=16m",
          "-XX:MaxMetaspaceSize=64m",
          "-XX:-UsePerfData",
          "-XX:+ExitOnOutOfMemoryError",
          "-Xshare:auto",
          "-Xlog:disable",
          "-Xlog:all=error:stderr");

  private final Path home;
  private final List<Path> plugins;
  private final EventCodec codec;

  /**
   * Starts guards for the runs of one home.
   *
   * @param plugins where the injectors are that are not on the class path
   */
  public Guards(Path home, List<Path> plugins, EventCodec codec) {
    this.home = home;
    this.plugins = List.copyOf(plugins);
    this.codec = codec;
  }

  /** The guard of this run. If it cannot be started, one that says so and takes nothing. */
  public Guard start(RunId run, RunDirectory directory) {
    try {
      File log = directory.createPrivate(directory.guardLog()).toFile();
      ProcessBuilder builder =
          new ProcessBuilder(command(run, directory))
              .directory(directory.path().toFile())
              .redirectError(ProcessBuilder.Redirect.appendTo(log));
      builder.environment().put("MALLOC_ARENA_MAX", "1");
      GuardProcess guard = new GuardProcess(builder.start(), new GuardLine(codec));
      guard.listen();
      return guard;
    } catch (IOException e) {
      return new Missing("the guard could not be started: " + e.getMessage());
    }
  }

  private List<String> command(RunId run, RunDirectory directory) {
    List<String> command = new ArrayList<>();
    setsid().ifPresent(found -> command.add(found.toString()));
    command.addAll(List.of("sh", "-c", DEAF, "firebreak-guard"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(SMALL);
    String archive = System.getProperty("firebreak.guard.archive", "");
    if (!archive.isEmpty()) {
      command.add("-XX:SharedArchiveFile=" + archive);
    }
    command.addAll(List.of("-cp", absoluteClassPath(), GuardMain.class.getName()));
    command.add(run.value());
    command.add(directory.path().toAbsolutePath().toString());
    command.add(home.toAbsolutePath().toString());
    plugins.forEach(plugin -> command.add(plugin.toAbsolutePath().toString()));
    return command;
  }

  /** The guard's working directory is not this process's. */
  private static String absoluteClassPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static Optional<Path> setsid() {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, "setsid"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Stands for a guard that is not there, so that the run is refused and says why. */
  private static final class Missing implements Guard {
    private final String why;

    Missing(String why) {
      this.why = why;
    }

    @Override
    public void arm(FaultArmed record) throws GuardException {
      throw new GuardException(why);
    }

    @Override
    public void renew() {}

    @Override
    public void release(FaultId fault) {}

    @Override
    public Optional<String> lost(Duration needed) {
      return Optional.of(why);
    }

    @Override
    public void close() {}
  }
}

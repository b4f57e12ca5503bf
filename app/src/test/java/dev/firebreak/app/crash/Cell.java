package dev.firebreak.app.crash;

import dev.firebreak.app.journal.JsonEventCodec;
import dev.firebreak.app.plugin.Plugins;
import dev.firebreak.app.run.ActiveRuns;
import dev.firebreak.app.run.HomeLocks;
import dev.firebreak.app.run.Recovery;
import dev.firebreak.app.run.Reports;
import dev.firebreak.app.run.RunDirectory;
import dev.firebreak.journal.EventCodec;
import dev.firebreak.journal.JournalFile;
import dev.firebreak.run.RunEvent;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * One entry of the crash matrix: a run in a process group of its own, hit at one fail point, and a
 * world of its own that is looked at from outside.
 */
final class Cell {
  /** The promise: this long after the process is gone, no fault is left. */
  static final Duration PROMISE = Duration.ofSeconds(12);

  /** The promise: this long after the last start, what was left is rolled back and closed. */
  static final Duration CLOSED = Duration.ofSeconds(30);

  private static final Duration LONGEST_RUN = Duration.ofSeconds(90);
  private static final Duration LONGEST_GUARD = Duration.ofSeconds(40);
  private static final int TRIES = 3;
  private static final long BETWEEN_LOOKS_MILLIS = 20;

  private final String fault;
  private final Kind kind;
  private final String point;
  private final Path home;

  Cell(String fault, Kind kind, String point, Path home) {
    this.fault = fault;
    this.kind = kind;
    this.point = point;
    this.home = home;
  }

  /**
   * What was seen.
   *
   * @param hit whether the run came to the fail point at all
   * @param present whether the fault was in the world when the signal struck
   * @param goneAfterSeconds from the signal on; negative if it never was there
   * @param left whether it was there when the promised time was over, or came back later
   * @param guardEnded whether the guard was gone in the end
   * @param recoveredAfterSeconds how long the next start took to close the run; negative if it did
   *     not
   */
  record Result(
      Cell cell,
      boolean hit,
      boolean present,
      double goneAfterSeconds,
      boolean left,
      boolean guardEnded,
      double recoveredAfterSeconds) {
    @Override
    public String toString() {
      return "%-20s %-5s %-38s %-8s %-8s gone after %6.2f s, closed %5.2f s after restart%s%s%s"
          .formatted(
              cell.fault,
              cell.kind,
              cell.point,
              hit ? "hit" : "NOT HIT",
              present ? "present" : "absent",
              goneAfterSeconds,
              recoveredAfterSeconds,
              recoveredAfterSeconds < 0 ? "  NOT RECOVERED" : "",
              left ? "  LEFT" : "",
              guardEnded ? "" : "  GUARD STILL THERE");
    }

    boolean kept() {
      return !left
          && guardEnded
          && recoveredAfterSeconds >= 0
          && recoveredAfterSeconds <= CLOSED.toSeconds();
    }

    boolean of(Kind kind) {
      return cell.kind == kind;
    }
  }

  /** Such as {@code http/request KILL after start}. */
  @Override
  public String toString() {
    return "%s %s %s".formatted(fault, kind, point);
  }

  /** On a busy machine a run may be refused before it comes to its fail point: then once more. */
  Result run() throws Exception {
    Result result = once();
    for (int i = 1; i < TRIES && !result.hit(); i++) {
      result = new Cell(fault, kind, point, Path.of(home + "-" + i)).once();
    }
    return result;
  }

  private Result once() throws Exception {
    Files.createDirectories(home);
    try (World world = World.start(fault)) {
      Path gameDay = Files.writeString(home.resolve("gameday.yaml"), world.gameDay());
      Process run = start(gameDay.toString());
      boolean hit = awaitHit(run);
      Result result = kind == Kind.AGAIN ? again(hit, world) : observe(run, hit, world);
      run.destroyForcibly();
      return result;
    }
  }

  /** The guard is dead as well: what puts an end to the fault is the next start alone. */
  private Result again(boolean hit, World world) throws Exception {
    boolean present = world.faultInPlace();
    Process first = start("");
    boolean ended = first.waitFor(LONGEST_RUN.toSeconds(), TimeUnit.SECONDS);
    boolean hitAgain = ended && !Files.exists(home.resolve("recovered"));
    long start = System.nanoTime();
    double recovered = recover();
    double gone = world.faultInPlace() ? Double.NaN : (System.nanoTime() - start) / 1e9;
    return new Result(
        this,
        hit && hitAgain,
        present,
        gone,
        world.faultInPlace(),
        await(this::noGuardLives, LONGEST_GUARD),
        recovered);
  }

  private Result observe(Process run, boolean hit, World world) throws Exception {
    long struck = System.nanoTime();
    boolean present = world.faultInPlace();
    double gone = present ? Double.NaN : 0;
    while (System.nanoTime() - struck < PROMISE.toNanos()) {
      boolean there = world.faultInPlace();
      if (there) {
        present = true;
        gone = Double.NaN;
      } else if (Double.isNaN(gone)) {
        gone = (System.nanoTime() - struck) / 1e9;
      }
      TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS_MILLIS);
    }
    boolean left = world.faultInPlace();
    if (kind == Kind.STOP) {
      goOn(run);
    }
    boolean ended = await(this::noGuardLives, LONGEST_GUARD);
    left |= world.faultInPlace();
    return new Result(this, hit, present, gone, left, ended, recover());
  }

  /** What every start of Firebreak does first. */
  private double recover() throws Exception {
    long start = System.nanoTime();
    ActiveRuns runs = new ActiveRuns(home);
    EventCodec codec = new JsonEventCodec();
    List<ActiveRuns.LeftRun> left = runs.left();
    Recovery recovery =
        new Recovery(
            runs,
            new HomeLocks(home),
            Plugins.load(List.of()),
            codec,
            new Reports(codec),
            InstantSource.system());
    boolean nothingLeft = recovery.sweep(progress -> {}).isEmpty() && runs.left().isEmpty();
    for (ActiveRuns.LeftRun run : left) {
      nothingLeft &= isClosed(run.directory(), codec);
    }
    return nothingLeft ? (System.nanoTime() - start) / 1e9 : -1;
  }

  private static boolean isClosed(RunDirectory directory, EventCodec codec) throws Exception {
    if (!Files.exists(directory.journal()) || Files.size(directory.journal()) == 0) {
      return true;
    }
    List<RunEvent> events = JournalFile.read(directory.journal(), codec).events();
    return events.isEmpty()
        || (events.get(events.size() - 1) instanceof RunEvent.RunClosed
            && Files.exists(directory.htmlReport()));
  }

  /** The run wakes up long after the guard has rolled back, and has to end by itself. */
  private static void goOn(Process run) throws Exception {
    int unused = new ProcessBuilder("kill", "-CONT", "--", "-" + run.pid()).start().waitFor();
    run.waitFor(60, TimeUnit.SECONDS);
  }

  /** A run of this file; without one, a recovery. */
  private Process start(String gameDay) throws IOException {
    List<String> command = new ArrayList<>(List.of("setsid"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx128m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(CrashingRun.class.getName());
    command.addAll(List.of(kind.name(), point, gameDay, home.toString()));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(home.resolve("output").toFile()))
        .start();
  }

  /** False if the run came to its end without passing the point. */
  private boolean awaitHit(Process run) throws Exception {
    boolean over =
        await(
            () -> !run.isAlive() || (kind == Kind.STOP && World.state(run.pid()) == 'T'),
            LONGEST_RUN);
    return over && !Files.exists(home.resolve("outcome"));
  }

  private boolean noGuardLives() {
    HomeLocks locks = new HomeLocks(home);
    Path directory = home.resolve("locks");
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "guard-*.lock")) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName()).replace(".lock", "");
        Optional<HomeLocks.Held> free = locks.tryTake(name);
        if (free.isEmpty()) {
          return false;
        }
        free.get().close();
      }
      return true;
    } catch (IOException e) {
      return !Files.exists(directory);
    }
  }

  private static boolean await(BooleanSupplier condition, Duration atMost)
      throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end >= 0) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS_MILLIS);
    }
    return true;
  }
}

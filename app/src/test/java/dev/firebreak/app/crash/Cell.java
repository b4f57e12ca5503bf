package dev.firebreak.app.crash;

import dev.firebreak.app.cli.SmallShop;
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
 * world of its own, a small shop and a sleeping process, that is looked at from outside.
 */
final class Cell {
  /** The promise: this long after the process is gone, no fault is left. */
  static final Duration PROMISE = Duration.ofSeconds(12);

  private static final Duration LONGEST_RUN = Duration.ofSeconds(90);
  private static final int TRIES = 3;
  private static final long BETWEEN_LOOKS_MILLIS = 20;

  private final String fault;
  private final String signal;
  private final String point;
  private final Path home;

  Cell(String fault, String signal, String point, Path home) {
    this.fault = fault;
    this.signal = signal;
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
   * @param injections how often the fault was put in place, where the world can tell
   */
  record Result(
      Cell cell,
      boolean hit,
      boolean present,
      double goneAfterSeconds,
      boolean left,
      boolean guardEnded,
      double recoveredAfterSeconds,
      int injections) {
    @Override
    public String toString() {
      return "%-16s %-4s %-38s %-8s %-8s gone after %6.2f s, closed %5.2f s after restart%s%s%s"
          .formatted(
              cell.fault,
              cell.signal,
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
      return !left && guardEnded && recoveredAfterSeconds >= 0;
    }
  }

  /** On a busy machine a run may be refused before it comes to its fail point: then once more. */
  Result run() throws Exception {
    Result result = once();
    for (int i = 1; i < TRIES && !result.hit(); i++) {
      result = new Cell(fault, signal, point, Path.of(home + "-" + i)).once();
    }
    return result;
  }

  private Result once() throws Exception {
    Files.createDirectories(home);
    Process victim = new ProcessBuilder("sleep", "600").start();
    try (SmallShop shop = SmallShop.start(false)) {
      BooleanSupplier inPlace =
          fault.equals("http/request") ? shop::isSlow : () -> state(victim.pid()) == 'T';
      Process run = start(gameDay(shop, victim.pid()));
      boolean hit = awaitHit(run);
      Result result = observe(run, hit, inPlace, shop);
      run.destroyForcibly();
      return result;
    } finally {
      victim.destroyForcibly();
    }
  }

  private Result observe(Process run, boolean hit, BooleanSupplier inPlace, SmallShop shop)
      throws Exception {
    long struck = System.nanoTime();
    boolean present = inPlace.getAsBoolean();
    double gone = present ? Double.NaN : 0;
    while (System.nanoTime() - struck < PROMISE.toNanos()) {
      boolean there = inPlace.getAsBoolean();
      if (there) {
        present = true;
        gone = Double.NaN;
      } else if (Double.isNaN(gone)) {
        gone = (System.nanoTime() - struck) / 1e9;
      }
      TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS_MILLIS);
    }
    boolean left = inPlace.getAsBoolean();
    if (signal.equals("STOP")) {
      goOn(run);
    }
    boolean ended = await(this::noGuardLives, Duration.ofSeconds(40));
    left |= inPlace.getAsBoolean();
    double recovered = recover();
    return new Result(this, hit, present, gone, left, ended, recovered, shop.timesSlowed());
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

  private Process start(Path gameDay) throws IOException {
    List<String> command = new ArrayList<>(List.of("setsid"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx128m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(CrashingRun.class.getName());
    command.addAll(List.of(signal, point, gameDay.toString(), home.toString()));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(home.resolve("output").toFile())
        .start();
  }

  /** False if the run came to its end without passing the point. */
  private boolean awaitHit(Process run) throws Exception {
    boolean over =
        await(
            () -> !run.isAlive() || (signal.equals("STOP") && state(run.pid()) == 'T'),
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

  /** As in {@code /proc/<pid>/stat}; a blank once the process is gone. */
  private static char state(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2);
    } catch (IOException e) {
      return ' ';
    }
  }

  private Path gameDay(SmallShop shop, long victim) throws IOException {
    String http =
        """
              - fault: http/request
                with:
                  do: {url: SLOW, method: PUT}
                  undo: {url: SLOW, method: DELETE}
                  verify: {url: SLOW, present: {contains: slow}, gone: {contains: fast}}
                for: 4s
        """;
    String process =
        """
              - fault: process/pause
                target: {pid: VICTIM}
                for: 4s
        """;
    String text =
        """
        telemetry:
          scrape: [WEB, CART, STOCK]
          every: 250ms
        experiments:
          - name: stock suffers
            blast-radius: {inject: stock}
            halt: {on: [cascade, blind]}
            baseline: 5s
            recovery: 2s
            method:
        FAULT"""
            .replace("FAULT", fault.equals("http/request") ? http : process)
            .replace("WEB", shop.url("/web/metrics"))
            .replace("CART", shop.url("/cart/metrics"))
            .replace("STOCK", shop.url("/stock/metrics"))
            .replace("SLOW", shop.url("/stock/slow"))
            .replace("VICTIM", Long.toString(victim));
    return Files.writeString(home.resolve("gameday.yaml"), text);
  }
}

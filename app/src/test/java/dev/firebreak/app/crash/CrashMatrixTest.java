package dev.firebreak.app.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole process group of a run is killed, or paused, at a fail point, and nothing is started
 * again: twelve seconds later the world, asked from outside, holds no fault. A few cells by
 * default; {@code -Dfirebreak.crash=all} runs every one, {@code kill} and {@code stop} a half.
 */
class CrashMatrixTest {
  private static final int AT_ONCE = 5;

  private static final List<String> EVENTS =
      List.of(
          "RunOpened",
          "SignalsFound",
          "SamplesTaken",
          "BaselineTaken",
          "FaultArmed",
          "InjectionSent",
          "InjectionAcknowledged",
          "FaultConfirmed",
          "RollbackRequested",
          "RollbackAcknowledged",
          "RollbackVerified",
          "RunClosed");

  private static final List<String> CALLS =
      List.of("plan", "arm", "arming the guard", "start", "look", "renewing", "undo", "releasing");

  @TempDir private Path directory = Path.of("");

  @Test
  void noFaultIsLeftTwelveSecondsAfterARunIsKilledOrPaused() throws Exception {
    assumeTrue(
        Files.exists(Path.of("/proc/self/stat")) && Files.exists(Path.of("/usr/bin/setsid")));
    List<Cell.Result> results = runAll(cells(System.getProperty("firebreak.crash", "few")));

    results.forEach(System.out::println);
    System.out.println(summary(results));
    assertThat(results.stream().filter(result -> !result.kept())).isEmpty();
    assertThat(results.stream().filter(result -> !result.hit()))
        .as("runs that did not come to their fail point")
        .hasSizeLessThanOrEqualTo(results.size() / 10);
  }

  private List<Cell> cells(String size) {
    List<Cell> cells = new ArrayList<>();
    for (String fault : List.of("http/request", "process/pause")) {
      for (String signal : List.of("KILL", "STOP")) {
        points(size, signal)
            .forEach(
                point -> {
                  Path home = directory.resolve("cell-" + cells.size());
                  cells.add(new Cell(fault, signal, point, home));
                });
      }
    }
    return cells;
  }

  private static Stream<String> points(String size, String signal) {
    if (size.equals("few")) {
      return Stream.of(signal.equals("KILL") ? "before writing RollbackRequested" : "after start");
    }
    if (!size.equals("all") && !size.equalsIgnoreCase(signal)) {
      return Stream.of();
    }
    Stream<String> writes = EVENTS.stream().map(event -> "writing " + event);
    return Stream.concat(writes, CALLS.stream())
        .flatMap(place -> Stream.of("before " + place, "after " + place));
  }

  private static List<Cell.Result> runAll(List<Cell> cells) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
    try {
      List<Future<Cell.Result>> running =
          cells.stream().map(cell -> pool.submit(cell::run)).toList();
      List<Cell.Result> results = new ArrayList<>();
      for (Future<Cell.Result> each : running) {
        results.add(each.get());
      }
      return results;
    } finally {
      pool.shutdownNow();
    }
  }

  private static String summary(List<Cell.Result> results) {
    double slowest = results.stream().mapToDouble(Cell.Result::goneAfterSeconds).max().orElse(0);
    return String.format(
        Locale.ROOT,
        "%d cells (%d not reached), fault in the world in %d, broken promises: %d, slowest %.2f s,"
            + " slowest recovery %.2f s",
        results.size(),
        results.stream().filter(result -> !result.hit()).count(),
        results.stream().filter(Cell.Result::present).count(),
        results.stream().filter(result -> !result.kept()).count(),
        slowest,
        results.stream().mapToDouble(Cell.Result::recoveredAfterSeconds).max().orElse(0));
  }
}

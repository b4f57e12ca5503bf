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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole process group of a run is killed, or paused, at a fail point, and nothing is started
 * again: twelve seconds later the world, asked from outside, holds no fault. Killed together with
 * its guard, and once more in the recovery: the next recovery leaves no fault and closes the run.
 *
 * <p>{@code -Dfirebreak.crash=} {@code few} is part of every build; {@code sample} comes to each
 * fail point once, with injectors and kinds in turn; {@code all} runs every cell. Anything else is
 * looked for in the names of all cells, such as {@code chaos-monkey/latency STOP before start}.
 */
class CrashMatrixTest {
  /** Cells wait more than they work. */
  private static final int AT_ONCE = Integer.getInteger("firebreak.crash.at-once", 6);

  private static final List<String> INJECTORS =
      List.of("http/request", "process/pause", "chaos-monkey/latency");

  private static final List<String> EVENTS =
      List.of(
          "RunOpened",
          "PhaseEntered",
          "SignalsFound",
          "SamplesTaken",
          "BaselineTaken",
          "FaultArmed",
          "InjectionSent",
          "InjectionAcknowledged",
          "FaultConfirmed",
          "Halted",
          "RollbackRequested",
          "RollbackAcknowledged",
          "RollbackVerified",
          "RunClosed");

  private static final List<String> CALLS =
      List.of(
          "plan",
          "arm",
          "arming the guard",
          "start",
          "look",
          "renewing",
          "undo",
          "verifying",
          "releasing");

  private static final List<String> WRITES_OF_RECOVERY =
      List.of(
          "Halted",
          "PhaseEntered",
          "RollbackRequested",
          "RollbackAcknowledged",
          "RollbackVerified",
          "RunClosed");

  private static final List<String> CALLS_OF_RECOVERY = List.of("undo", "verifying");

  @TempDir private Path directory = Path.of("");

  @Test
  void noFaultIsLeftWhereverARunOrItsRecoveryIsKilledOrPaused() throws Exception {
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
    return switch (size) {
      case "few" -> few();
      case "sample" -> sample();
      case "all" -> all();
      default -> named(size);
    };
  }

  private List<Cell> named(String part) {
    List<Cell> named = all().stream().filter(cell -> cell.toString().contains(part)).toList();
    if (named.isEmpty()) {
      throw new IllegalArgumentException(
          "firebreak.crash is "
              + part
              + "; allowed are few, sample, all, or what is in the name of a cell");
    }
    return named;
  }

  private List<Cell> few() {
    return List.of(
        cell(0, Kind.KILL, "before writing RollbackRequested"),
        cell(1, Kind.KILL, "after start"),
        cell(2, Kind.KILL, "after start"),
        cell(0, Kind.STOP, "after start"),
        cell(2, Kind.STOP, "before start"),
        cell(1, Kind.AGAIN, "before verifying"),
        cell(2, Kind.AGAIN, "after undo"));
  }

  private List<Cell> sample() {
    List<Cell> cells = new ArrayList<>();
    for (String point : pointsOfRuns()) {
      int number = cells.size();
      cells.add(cell(number, (number / INJECTORS.size()) % 2 == 0 ? Kind.KILL : Kind.STOP, point));
    }
    pointsOfRecovery().forEach(point -> cells.add(cell(cells.size(), Kind.AGAIN, point)));
    return cells;
  }

  private List<Cell> all() {
    List<Cell> cells = new ArrayList<>();
    for (int injector = 0; injector < INJECTORS.size(); injector++) {
      for (String point : pointsOfRuns()) {
        cells.add(cell(injector, Kind.KILL, point));
        cells.add(cell(injector, Kind.STOP, point));
      }
      for (String point : pointsOfRecovery()) {
        cells.add(cell(injector, Kind.AGAIN, point));
      }
    }
    return cells;
  }

  private Cell cell(int number, Kind kind, String point) {
    String fault = INJECTORS.get(number % INJECTORS.size());
    String name = "%s %s %s".formatted(fault, kind, point).replaceAll("[ /]", "-");
    return new Cell(fault, kind, point, directory.resolve(name));
  }

  private static List<String> pointsOfRuns() {
    return points(EVENTS, CALLS);
  }

  private static List<String> pointsOfRecovery() {
    return points(WRITES_OF_RECOVERY, CALLS_OF_RECOVERY);
  }

  private static List<String> points(List<String> writes, List<String> calls) {
    return Stream.concat(writes.stream().map(event -> "writing " + event), calls.stream())
        .flatMap(place -> Stream.of("before " + place, "after " + place))
        .toList();
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
    return Stream.of(Kind.values())
        .map(kind -> summary(kind, results.stream().filter(result -> result.of(kind)).toList()))
        .collect(Collectors.joining(System.lineSeparator()));
  }

  private static String summary(Kind kind, List<Cell.Result> results) {
    return String.format(
        Locale.ROOT,
        "%s: %d cells (%d not reached), fault in the world in %d, broken promises: %d, slowest"
            + " %.2f s, slowest recovery %.2f s",
        kind,
        results.size(),
        results.stream().filter(result -> !result.hit()).count(),
        results.stream().filter(Cell.Result::present).count(),
        results.stream().filter(result -> !result.kept()).count(),
        results.stream().mapToDouble(Cell.Result::goneAfterSeconds).max().orElse(0),
        results.stream().mapToDouble(Cell.Result::recoveredAfterSeconds).max().orElse(0));
  }
}

package dev.firebreak.app.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program runs GameDays, each in a process of its own, and is halted at a random moment: by the
 * command, by a signal, by the file, by Ctrl-C, and by a hundred callers at once, in turn. The
 * world tells when the undo came.
 *
 * <p>{@code -Dfirebreak.halts=} is how many runs; {@code -Dfirebreak.halts.seed=} repeats the
 * moments of an earlier time.
 */
class RealHaltsTest {
  private static final int RUNS = Integer.getInteger("firebreak.halts", 5);
  private static final int AT_ONCE = Integer.getInteger("firebreak.halts.at-once", 5);
  private static final long SEED = Long.getLong("firebreak.halts.seed", System.nanoTime());

  private static final List<HaltSource> SOURCES = List.of(HaltSource.values());

  /** A little less than a run takes: baseline, fault and recovery. */
  private static final Duration LONGEST = Duration.ofSeconds(16);

  @TempDir private Path directory = Path.of("");

  @Test
  void whoeverHaltsARunAtWhateverMomentItIsUndoneInTimeAndNothingIsInjectedAfterwards()
      throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/self/stat")), "needs kill and env of Linux");
    System.out.println("halts: -Dfirebreak.halts.seed=" + SEED);
    List<HaltedRun.Result> results = runAll(runs());

    results.forEach(System.out::println);
    System.out.println(summary(results));
    assertThat(results.stream().filter(result -> !result.kept())).isEmpty();
  }

  private List<HaltedRun> runs() {
    Random random = new Random(SEED);
    List<HaltedRun> runs = new ArrayList<>();
    for (int i = 0; i < RUNS; i++) {
      HaltSource source = SOURCES.get(i % SOURCES.size());
      Duration moment = Duration.ofMillis(random.nextLong(LONGEST.toMillis()));
      runs.add(new HaltedRun(source, moment, directory.resolve("home-" + i)));
    }
    return runs;
  }

  private static List<HaltedRun.Result> runAll(List<HaltedRun> runs) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
    try {
      List<Future<HaltedRun.Result>> running =
          runs.stream().map(run -> pool.submit(run::run)).toList();
      List<HaltedRun.Result> results = new ArrayList<>();
      for (Future<HaltedRun.Result> each : running) {
        results.add(each.get());
      }
      return results;
    } finally {
      pool.shutdownNow();
    }
  }

  private static String summary(List<HaltedRun.Result> results) {
    String bySource =
        SOURCES.stream()
            .map(source -> source + " " + count(results, source))
            .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "halts: %d runs (%s), refused or over by then %d, fault in the world in %d, slowest undo"
            + " %.2f s, injections after the halt %d, left %d, broken promises %d",
        results.size(),
        bySource,
        results.stream().filter(HaltedRun.Result::tooEarlyOrLate).count(),
        results.stream().filter(HaltedRun.Result::present).count(),
        results.stream().mapToDouble(HaltedRun.Result::undoAfterSeconds).max().orElse(0),
        results.stream().mapToLong(HaltedRun.Result::injectedLater).sum(),
        results.stream().filter(HaltedRun.Result::left).count(),
        results.stream().filter(result -> !result.kept()).count());
  }

  private static long count(List<HaltedRun.Result> results, HaltSource source) {
    return results.stream().filter(result -> result.source() == source).count();
  }
}

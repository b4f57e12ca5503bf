package dev.firebreak.app.gameday;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whatever is in a file: a GameDay or a clear mistake, soon, and never an exception. */
final class MutatedFilesTest {
  private static final int FILES = 1_000;

  /** Of a processor's time, which does not depend on what else the machine does. */
  private static final Duration LONGEST_READ = Duration.ofSeconds(1);

  private static final Duration HANGS = Duration.ofSeconds(20);

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final GameDayReader reader = SampleFaults.reader();

  @BeforeAll
  static void loadClasses() {
    for (String file : SampleFiles.ALL) {
      SampleFaults.reader().read(file.getBytes(UTF_8), "x.yaml");
    }
  }

  @Test
  void eachGivesAGameDayOrAClearMistakeWithinASecond() {
    long seed = Long.getLong("firebreak.seed", new Random().nextLong());
    int accepted = 0;
    long slowestNanos = 0;
    for (int number = 0; number < FILES; number++) {
      byte[] file = mutated(new Random(seed + number));
      String where = "file %d of -Dfirebreak.seed=%d".formatted(number, seed);
      Timed read = assertTimeoutPreemptively(HANGS, () -> read(file), where);
      requireClear(read.result(), where);
      assertThat(Duration.ofNanos(read.cpuNanos())).as(where).isLessThan(LONGEST_READ);
      accepted += read.result().gameDay().isPresent() ? 1 : 0;
      slowestNanos = Math.max(slowestNanos, read.cpuNanos());
    }
    System.out.printf(
        "%d spoiled files, -Dfirebreak.seed=%d: %d are GameDays, the slowest took %d ms%n",
        FILES, seed, accepted, Duration.ofNanos(slowestNanos).toMillis());
  }

  private record Timed(ReadResult result, long cpuNanos) {}

  private Timed read(byte[] file) {
    long before = threads.getCurrentThreadCpuTime();
    ReadResult result = reader.read(file, "x.yaml");
    return new Timed(result, threads.getCurrentThreadCpuTime() - before);
  }

  private static byte[] mutated(Random random) {
    byte[] file = SampleFiles.ALL.get(random.nextInt(SampleFiles.ALL.size())).getBytes(UTF_8);
    for (int i = 0; i <= random.nextInt(3); i++) {
      Mutation[] mutations = Mutation.values();
      file = mutations[random.nextInt(mutations.length)].apply(file, random);
    }
    return file;
  }

  private static void requireClear(ReadResult result, String where) {
    assertThat(result.mistakes().isEmpty()).as(where).isEqualTo(result.gameDay().isPresent());
    for (Mistake mistake : result.mistakes()) {
      assertThat(mistake.line()).as(where).isPositive();
      assertThat(mistake.column()).as(where).isPositive();
      assertThat(mistake.problem()).as(where).isNotBlank();
      assertThat(mistake.in("x.yaml")).as(where).doesNotContain("\n").hasSizeLessThan(10_000);
    }
  }
}

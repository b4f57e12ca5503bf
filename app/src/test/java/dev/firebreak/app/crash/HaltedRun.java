package dev.firebreak.app.crash;

import dev.firebreak.app.cli.SmallShop.Change;
import dev.firebreak.app.journal.JsonEventCodec;
import dev.firebreak.app.run.ActiveRuns;
import dev.firebreak.app.run.RunDirectory;
import dev.firebreak.journal.JournalFile;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.Halted;
import dev.firebreak.run.RunEvent.InjectionSent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A run of the program in a process of its own, which is halted at some moment. */
final class HaltedRun {
  /** The promise: so long after the halt the undo has been sent. */
  static final Duration PROMISE = Duration.ofSeconds(2);

  private static final long LONGEST_SECONDS = 120;
  private static final long BETWEEN_LOOKS_MILLIS = 5;

  private final HaltSource source;
  private final Duration moment;
  private final Path home;

  /** A run that will be halted by {@code source}, {@code moment} after it has become known. */
  HaltedRun(HaltSource source, Duration moment, Path home) {
    this.source = source;
    this.moment = moment;
    this.home = home;
  }

  /**
   * What was seen.
   *
   * @param halted how often the journal says that it was halted
   * @param present whether the fault was in the world when the halt was asked for, or came after
   * @param undoAfterSeconds from the halt, or from the fault if that came later, to the undo that
   *     the world heard of; 0 if there was nothing to undo, not a number if there was none
   * @param injectedLater how many injections the journal has behind the halt
   * @param left whether the fault was there in the end
   * @param readable what others than its owner can read of the home
   */
  record Result(
      HaltSource source,
      Duration moment,
      int halted,
      boolean present,
      double undoAfterSeconds,
      long injectedLater,
      boolean left,
      List<String> readable,
      int exitCode) {
    /** Whether the run had ended before, or had been refused because it was halted so early. */
    boolean tooEarlyOrLate() {
      return halted == 0 && !present;
    }

    boolean kept() {
      return (halted == 1 || tooEarlyOrLate())
          && undoAfterSeconds <= PROMISE.toSeconds()
          && injectedLater == 0
          && !left
          && readable.isEmpty();
    }

    @Override
    public String toString() {
      return "%-9s after %5d ms: halted %d times, fault %-7s undo after %5.2f s, exit %d%s%s%s"
          .formatted(
              source,
              moment.toMillis(),
              halted,
              present ? "present" : "absent",
              undoAfterSeconds,
              exitCode,
              injectedLater == 0 ? "" : "  INJECTED AFTER THE HALT",
              left ? "  LEFT" : "",
              readable.isEmpty() ? "" : "  READABLE " + readable);
    }
  }

  Result run() throws Exception {
    try (World world = World.start("http/request")) {
      Process run = Program.run(home, world.gameDay().replace("for: 4s", "for: 10s"), Map.of());
      try {
        awaitActive(run);
        TimeUnit.NANOSECONDS.sleep(moment.toNanos());
        boolean present = world.faultInPlace();
        long asked = System.nanoTime();
        source.halt(run, home);
        boolean ended = run.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS);
        return result(world, asked, present, ended ? run.exitValue() : -1);
      } finally {
        run.destroyForcibly();
      }
    }
  }

  private Result result(World world, long asked, boolean present, int exitCode) throws Exception {
    List<Change> changes = world.shop().changes();
    boolean came = changes.stream().anyMatch(change -> change.slow() && change.atNanos() > asked);
    List<RunEvent> events = events();
    List<RunEvent> later = events.subList(firstHalt(events), events.size());
    return new Result(
        source,
        moment,
        (int) events.stream().filter(Halted.class::isInstance).count(),
        present || came,
        present || came ? undoAfter(changes, asked) : 0,
        later.stream().filter(InjectionSent.class::isInstance).count(),
        world.faultInPlace(),
        OwnerOnly.others(home),
        exitCode);
  }

  private static double undoAfter(List<Change> changes, long asked) {
    long from = asked;
    for (Change change : changes) {
      if (change.atNanos() - asked >= 0 && change.slow()) {
        from = change.atNanos();
      } else if (change.atNanos() - asked >= 0) {
        return (change.atNanos() - from) / 1e9;
      }
    }
    return Double.NaN;
  }

  private static int firstHalt(List<RunEvent> events) {
    int index = 0;
    while (index < events.size() && !(events.get(index) instanceof Halted)) {
      index++;
    }
    return index;
  }

  private List<RunEvent> events() throws Exception {
    try (Stream<Path> runs = Files.list(home.resolve("runs"))) {
      RunDirectory directory = new RunDirectory(runs.findFirst().orElseThrow());
      return JournalFile.read(directory.journal(), new JsonEventCodec()).events();
    }
  }

  private void awaitActive(Process run) throws Exception {
    long start = System.nanoTime();
    while (new ActiveRuns(home).list().isEmpty()) {
      if (!run.isAlive() || System.nanoTime() - start > LONGEST_SECONDS * 1e9) {
        throw new IllegalStateException("the run has not begun, see " + Program.said(home));
      }
      TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS_MILLIS);
    }
  }
}

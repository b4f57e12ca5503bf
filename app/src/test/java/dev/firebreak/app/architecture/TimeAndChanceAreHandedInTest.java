package dev.firebreak.app.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Clocks and randomness are arguments, so that every decision can be tested at any time. Reads the
 * sources of the whole reactor; skipped where they are not beside this module.
 */
class TimeAndChanceAreHandedInTest {
  private static final Pattern FORBIDDEN =
      Pattern.compile(
          "\\bInstant\\.now\\("
              + "|\\bLocal(Date|Time|DateTime)\\.now\\("
              + "|\\b(ZonedDateTime|OffsetDateTime)\\.now\\("
              + "|\\bSystem(\\.|::)(nanoTime|currentTimeMillis)\\b"
              + "|\\bThread\\.sleep\\("
              + "|\\bTimeUnit\\.\\w+\\.sleep\\("
              + "|\\bnew (Secure)?Random\\("
              + "|\\bThreadLocalRandom\\b"
              + "|\\bMath\\.random\\("
              + "|\\bUUID\\.randomUUID\\("
              + "|\\bnew Date\\(\\)"
              + "|\\bClock\\.system"
              + "|\\bInstantSource\\.system\\(");

  private static final String APP = "app/src/main/java/dev/firebreak/app/";

  /** Who may, and why. A path, or a directory with all below it. */
  private static final Map<String, String> MAY =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry(APP + "Wiring.java", "hands the real clocks in"),
              Map.entry(APP + "run/SystemRunLoop.java", "is the real clocks"),
              Map.entry(APP + "run/Recovery.java", "waits for a guard of another process"),
              Map.entry(APP + "guard/", "is a process of its own and the line to it"),
              Map.entry(APP + "cli/HaltCommand.java", "waits for another process, once"),
              Map.entry(APP + "demo/", "waits for a real shop to start"),
              Map.entry(
                  "injectors/process/src/main/java/dev/firebreak/injector/process/"
                      + "ProcessInjector.java",
                  "the service loader makes it without arguments, so that it wires itself"),
              Map.entry(
                  "injectors/http/src/main/java/dev/firebreak/injector/http/HttpCalls.java",
                  "the service loader makes its injector without arguments"),
              Map.entry(
                  "scheduler/src/main/java/dev/firebreak/scheduler/GameDayScheduler.java",
                  "waits for its own threads when it closes, and decides nothing"),
              Map.entry("benchmarks/", "makes its input from a fixed seed; no part of the product"),
              Map.entry("examples/", "are systems under test, not Firebreak")));

  @Test
  void noMainCodeButTheWiringAsksForTheTimeOrForChance() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path source : sources()) {
      String path = reactor().relativize(source).toString().replace('\\', '/');
      if (MAY.keySet().stream().noneMatch(path::startsWith)) {
        found.addAll(violations(path, Files.readString(source)));
      }
    }

    assertThat(found).isEmpty();
  }

  @Test
  void whoMayStillDoes() throws IOException {
    var unused = new TreeSet<>(MAY.keySet());
    for (Path source : sources()) {
      String path = reactor().relativize(source).toString().replace('\\', '/');
      if (!violations(path, Files.readString(source)).isEmpty()) {
        unused.removeIf(path::startsWith);
      }
    }

    assertThat(unused).as("permissions that nobody needs").isEmpty();
  }

  @Test
  void findsWhatItLooksFor() {
    assertThat(violations("X", "  return Instant.now();")).hasSize(1);
    assertThat(violations("X", "  LongSupplier ticker = System::nanoTime;")).hasSize(1);
    assertThat(violations("X", "  * {@code Instant.now()} is for the wiring")).isEmpty();
    assertThat(violations("X", "  // no Thread.sleep() here")).isEmpty();
    assertThat(violations("X", "  return clock.instant();")).isEmpty();
  }

  private static List<String> violations(String path, String source) {
    List<String> found = new ArrayList<>();
    String[] lines = source.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      String code = lines[i].strip();
      Matcher matcher = FORBIDDEN.matcher(code);
      if (!code.startsWith("*") && !code.startsWith("//") && matcher.find()) {
        found.add("%s:%d: %s".formatted(path, i + 1, matcher.group()));
      }
    }
    return found;
  }

  private static List<Path> sources() throws IOException {
    assumeTrue(
        Files.exists(reactor().resolve("orchestrator/pom.xml")),
        "the sources of the reactor are not at " + reactor());
    List<Path> sources = new ArrayList<>();
    try (Stream<Path> all = Files.walk(reactor())) {
      all.filter(path -> path.toString().endsWith(".java"))
          .filter(path -> path.toString().replace('\\', '/').contains("/src/main/java/"))
          .forEach(sources::add);
    }
    return sources;
  }

  /** Surefire starts tests in their module. */
  private static Path reactor() {
    return Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolve("..").normalize();
  }
}

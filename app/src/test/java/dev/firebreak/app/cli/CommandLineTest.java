package dev.firebreak.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.firebreak.app.Wiring;
import dev.firebreak.app.config.Settings;
import dev.firebreak.app.run.Interruption;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLineTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path directory = Path.of("");
  private Path home = Path.of("");
  private Path runs = Path.of("");

  @BeforeEach
  void chooseHome() {
    home = directory.resolve("home");
    runs = directory.resolve("runs");
  }

  @Test
  void tellsEveryMistakeOfAFileWithItsPlace() throws Exception {
    Path file = write("experimnts: []\nkind: Gameday\n");

    assertThat(execute("validate", file.toString())).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString())
        .contains("gameday.yaml:1:1")
        .contains("experiments")
        .contains("gameday.yaml:2:7");
  }

  @Test
  void aFileThatIsNotThereIsAMistakeOfTheCommand() throws Exception {
    assertThat(execute("run", directory.resolve("none.yaml").toString())).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("there is no such file");
  }

  @Test
  void withoutACommandItSaysWhatThereIs() throws Exception {
    assertThat(execute()).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("a command is missing").contains("validate");
  }

  @Test
  void anUnknownExperimentIsToldWithTheKnownOnes() throws Exception {
    try (SmallShop shop = SmallShop.start(false)) {
      Path file = write(gameDay(shop));
      assertThat(execute("plan", file.toString(), "--experiment", "nope"))
          .isEqualTo(ExitCode.USAGE);
    }
    assertThat(err.toString()).contains("\"nope\"").contains("\"stock is slow\"");
  }

  @Test
  void aPlanShowsWhatARunWouldDoAndTouchesNothing() throws Exception {
    try (SmallShop shop = SmallShop.start(false)) {
      assertThat(execute("plan", write(gameDay(shop)).toString())).isEqualTo(ExitCode.HELD);
      assertThat(out.toString())
          .contains("false halts  in at most 1% of the runs in which nothing escapes");
      assertThat(shop.isSlow()).isFalse();
    }
    assertThat(out.toString())
        .contains("could run now")
        .containsPattern("outside +cart, web")
        .contains("http.latency.p95")
        .contains("http/request");
  }

  @Test
  void aPlanWithoutSightSaysWhyItWouldBeRefused() throws Exception {
    String gameDay;
    try (SmallShop shop = SmallShop.start(false)) {
      gameDay = gameDay(shop);
    }
    assertThat(execute("plan", write(gameDay).toString())).isEqualTo(5);
    assertThat(out.toString()).contains("would be refused").contains("no sight");
  }

  @Test
  void aContainedFaultHolds() throws Exception {
    try (SmallShop shop = SmallShop.start(false)) {
      int exit = execute("run", write(gameDay(shop)).toString(), "--out", runs.toString());

      assertThat(exit).as(out.toString()).isEqualTo(ExitCode.HELD);
      assertThat(shop.isSlow()).isFalse();
    }
    JsonNode report = report();
    assertThat(report.path("outcome").asText()).isEqualTo("HELD");
    assertThat(report.path("faults").path(0).path("verifiedAt").asText()).isNotEmpty();
  }

  @Test
  void pagesThatAreScrapedHaveNoHistoryToCalibrateWith() throws Exception {
    try (SmallShop shop = SmallShop.start(false)) {
      assertThat(execute("calibrate", "--gameday", write(gameDay(shop)).toString()))
          .isEqualTo(ExitCode.USAGE);
    }
    assertThat(err.toString()).contains("pages that are scraped have no history");
  }

  @Test
  void aCalibrationNeedsSomethingToReplay() throws Exception {
    assertThat(execute("calibrate")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("nothing to replay");
  }

  @Test
  void aReportQuotesTheCalibrationOfItsExperiment() throws Exception {
    try (SmallShop shop = SmallShop.start(false)) {
      Path file = write(gameDay(shop));
      Path quiet = quietCase(directory);
      assertThat(
              execute("calibrate", "--hours", "2", "--gameday", file.toString(), quiet.toString()))
          .as(err.toString())
          .isEqualTo(ExitCode.HELD);
      execute("run", file.toString(), "--out", runs.toString());
    }
    assertThat(report().at("/coverage/calibrated/simulatedHours").asDouble()).isGreaterThan(1.9);
    assertThat(Files.readString(run().resolve("report.html"))).contains("in 1,000 h");
  }

  /** An hour at the step of the GameDay in which nothing happens. */
  private static Path quietCase(Path folder) throws IOException {
    StringBuilder csv = new StringBuilder("time,web__p95,stock__p95\n");
    for (int i = 0; i < 3_600; i++) {
      csv.append(1_700_000_000L + i)
          .append(",0.")
          .append(80 + i % 7)
          .append(",0.")
          .append(20 + i % 5)
          .append('\n');
    }
    Path quiet = Files.createDirectories(folder.resolve("quiet"));
    Files.writeString(quiet.resolve("metrics.csv"), csv);
    Files.writeString(
        quiet.resolve("case.json"),
        """
            {"case": "quiet", "dataset": "made-up", "blast_radius": [], "inject_start": 1700000000,
             "inject_end": 1700003600, "sampling_seconds": 1, "call_graph": [["web", "stock"]],
             "signals": {"latency": ["p95"]}, "latency_unit": "s", "latency_floor": 0.02}
            """);
    return quiet;
  }

  @Test
  void aCascadeHaltsTheRunAndTheReportsNameIt() throws Exception {
    try (SmallShop shop = SmallShop.start(true)) {
      int exit = execute("run", write(gameDay(shop)).toString(), "--out", runs.toString());

      assertThat(exit).as(out.toString()).isEqualTo(3);
      assertThat(shop.isSlow()).isFalse();
    }
    JsonNode report = report();
    assertThat(report.path("outcome").asText()).isEqualTo("CASCADED");
    assertThat(report.path("findings").findValuesAsText("service")).contains("web");
    assertThat(Files.readString(run().resolve("report.html"))).contains("CASCADED");
    assertThat(Files.readString(run().resolve("junit.xml"))).contains("<failure");
  }

  @Test
  void reportsCanBeMadeAgainFromTheJournalByteForByte() throws Exception {
    try (SmallShop shop = SmallShop.start(false)) {
      execute("run", write(gameDay(shop)).toString(), "--out", runs.toString());
    }
    Path again = directory.resolve("again");

    assertThat(execute("report", run().toString(), "--out", again.toString()))
        .isEqualTo(ExitCode.HELD);
    for (String file : new String[] {"report.json", "report.html", "junit.xml"}) {
      assertThat(again.resolve(file)).hasSameBinaryContentAs(run().resolve(file));
    }
  }

  @Test
  void haltFromAnotherProcessEndsTheRunRolledBack() throws Exception {
    try (SmallShop shop = SmallShop.start(false)) {
      Path file = write(gameDay(shop));
      Thread halting = new Thread(() -> haltOnceSlow(shop));
      halting.start();

      assertThat(execute("run", file.toString(), "--out", runs.toString())).isEqualTo(6);
      halting.join();
      assertThat(shop.isSlow()).isFalse();
    }
    assertThat(report().path("outcome").asText()).isEqualTo("ABORTED");
  }

  @Test
  void nothingToHaltIsSaid() throws Exception {
    assertThat(execute("halt")).isEqualTo(ExitCode.HELD);
    assertThat(out.toString()).contains("nothing is running");
  }

  private void haltOnceSlow(SmallShop shop) {
    try {
      shop.awaitSlow();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    StringWriter unread = new StringWriter();
    execute(new PrintWriter(unread), "halt");
  }

  private int execute(String... arguments) {
    return execute(new PrintWriter(out), arguments);
  }

  private int execute(PrintWriter writer, String... arguments) {
    Terminal terminal = Terminal.of(writer, new PrintWriter(err), false, Map.of());
    try (Wiring wiring = wiring(terminal)) {
      return FirebreakCommand.over(wiring).execute(arguments);
    }
  }

  private Wiring wiring(Terminal terminal) {
    try {
      Settings settings = Settings.from(Map.of("FIREBREAK_HOME", home.toString()), directory);
      return new Wiring(settings, Map.of(), terminal, new Interruption());
    } catch (Settings.SettingsException e) {
      throw new IllegalStateException(e);
    }
  }

  private Path write(String gameDay) throws IOException {
    return Files.writeString(directory.resolve("gameday.yaml"), gameDay);
  }

  private Path run() throws IOException {
    try (Stream<Path> found = Files.list(runs)) {
      return found.findFirst().orElseThrow();
    }
  }

  private JsonNode report() throws IOException {
    return new ObjectMapper().readTree(Files.readAllBytes(run().resolve("report.json")));
  }

  private static String gameDay(SmallShop shop) {
    return """
        telemetry:
          scrape: [WEB, CART, STOCK]
          every: 250ms
        experiments:
          - name: stock is slow
            steady-state-hypothesis:
              title: The web works
              probes:
                - {name: web works, signal: http.error-ratio, service: web, tolerance: {max: 1%}}
            blast-radius: {inject: stock}
            method:
              - fault: http/request
                with:
                  do: {url: SLOW, method: PUT}
                  undo: {url: SLOW, method: DELETE}
                  verify: {url: SLOW, present: {contains: slow}, gone: {contains: fast}}
                for: 3s
            baseline: 5s
            recovery: 6s
        """
        .replace("WEB", shop.url("/web/metrics"))
        .replace("CART", shop.url("/cart/metrics"))
        .replace("STOCK", shop.url("/stock/metrics"))
        .replace("SLOW", shop.url("/stock/slow"));
  }
}

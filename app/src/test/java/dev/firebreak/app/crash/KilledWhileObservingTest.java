package dev.firebreak.app.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.firebreak.app.Wiring;
import dev.firebreak.app.cli.ExitCode;
import dev.firebreak.app.cli.FirebreakCommand;
import dev.firebreak.app.cli.Terminal;
import dev.firebreak.app.config.Settings;
import dev.firebreak.app.journal.JsonEventCodec;
import dev.firebreak.app.run.Interruption;
import dev.firebreak.app.run.RunDirectory;
import dev.firebreak.installed.InstalledServer;
import dev.firebreak.journal.JournalFile;
import dev.firebreak.run.Phase;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.PhaseEntered;
import dev.firebreak.run.RunEvent.RollbackVerified;
import dev.firebreak.run.RunEvent.RunOpened;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program is killed with its fault in place; what is seen once it is started again. */
class KilledWhileObservingTest {
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);
  private static final int TRIES = 3;
  private static final long BETWEEN_LOOKS_MILLIS = 100;

  /** An Alertmanager that notifies nobody. */
  private static final String QUIET = "{route: {receiver: nobody}, receivers: [{name: nobody}]}";

  private final HttpClient http = HttpClient.newHttpClient();
  private final ObjectMapper json = new ObjectMapper();
  private final StringWriter out = new StringWriter();

  @TempDir private Path directory = Path.of("");
  private Path home = Path.of("");

  @BeforeEach
  void onLinux() {
    assumeTrue(Files.exists(Path.of("/proc/self/stat")), "needs kill and env of Linux");
  }

  /** Grafana is away all the time, so that its marks are on the disk as they shall be. */
  @Test
  void noMetricAndNoRegionClaimsAFaultThatIsGone() throws Exception {
    int port = freePort();
    URI page = URI.create("http://127.0.0.1:%d/metrics".formatted(port));
    Map<String, String> variables =
        Map.of(
            "FIREBREAK_METRICS_PORT",
            Integer.toString(port),
            "FIREBREAK_GRAFANA_URL",
            "http://127.0.0.1:" + freePort(),
            "FIREBREAK_GRAFANA_TOKEN",
            "glsa_x");
    try (World world = World.start("http/request")) {
      killWhileObserving(world, variables, () -> faultActive(page).endsWith(" 1.0"));
      String series = seriesOfTheRun();
      restart(
          variables,
          wiring -> {
            assertThat(faultActive(page)).isEqualTo(series + " 0.0");
            assertThat(world.faultInPlace()).isFalse();
            JsonNode region = injectedMark();
            assertThat(region.path("timeEnd").asLong())
                .isEqualTo(event(RollbackVerified.class).at().toEpochMilli());
            assertThat(region.path("text").asText()).contains("interrupted, outcome FAILED");
          });
    }
  }

  @Test
  void itsSilenceIsEnded() throws Exception {
    try (InstalledServer alertmanager = InstalledServer.alertmanagerOrSkip(directory, QUIET);
        World world = World.start("http/request")) {
      Map<String, String> variables =
          Map.of("FIREBREAK_ALERTMANAGER_URL", alertmanager.url().toString());
      killWhileObserving(world, variables, () -> silences(alertmanager).contains("stock active"));
      restart(
          variables,
          wiring ->
              alertmanager.await(
                  "its end",
                  () -> Set.copyOf(silences(alertmanager)).equals(Set.of("stock expired"))));
    }
  }

  private List<String> silences(InstalledServer alertmanager) throws Exception {
    List<String> silences = new ArrayList<>();
    for (JsonNode each : json.readTree(alertmanager.get("/api/v2/silences").orElse("[]"))) {
      String service = each.at("/matchers/0/value").asText();
      silences.add(service + " " + each.at("/status/state").asText());
    }
    return silences;
  }

  /** On a busy machine a run may be refused before it injects: then once more. */
  private void killWhileObserving(
      World world, Map<String, String> variables, InstalledServer.Condition seen) throws Exception {
    for (int i = 0; i < TRIES; i++) {
      home = directory.resolve("home-" + i);
      if (killedWhileObserving(world, variables, seen)) {
        return;
      }
    }
    fail("no run observes a fault: %s", Files.readString(Program.said(home)));
  }

  /** False if the run ended by itself. */
  private boolean killedWhileObserving(
      World world, Map<String, String> variables, InstalledServer.Condition seen) throws Exception {
    Process run = Program.run(home, world.gameDay().replace("for: 4s", "for: 90s"), variables);
    try {
      long end = System.nanoTime() + LONGEST_WAIT.toNanos();
      while (!(observes() && seen.holds())) {
        // The pause between two looks.
        if (run.waitFor(BETWEEN_LOOKS_MILLIS, TimeUnit.MILLISECONDS)) {
          return false;
        }
        assertThat(System.nanoTime()).as(Files.readString(Program.said(home))).isLessThan(end);
      }
      assertThat(world.faultInPlace()).isTrue();
    } finally {
      run.destroyForcibly().waitFor();
    }
    assertThat(run.exitValue()).as("killed by the signal 9").isEqualTo(128 + 9);
    return true;
  }

  /** What a person looks at while the next process lives. */
  private interface Look {
    void at(Wiring wiring) throws Exception;
  }

  private void restart(Map<String, String> variables, Look look) throws Exception {
    Map<String, String> all = new HashMap<>(variables);
    all.put("FIREBREAK_HOME", home.toString());
    Terminal terminal = Terminal.of(new PrintWriter(out), new PrintWriter(out), false, Map.of());
    try (Wiring wiring = new Wiring(Settings.from(all, home), all, terminal, new Interruption())) {
      int code = FirebreakCommand.over(wiring).execute("recover");
      assertThat(code).as(out.toString()).isEqualTo(ExitCode.HELD);
      look.at(wiring);
    }
  }

  private boolean observes() throws Exception {
    return events().stream()
        .anyMatch(event -> event instanceof PhaseEntered in && in.phase() == Phase.OBSERVE);
  }

  private <E extends RunEvent> E event(Class<E> type) throws Exception {
    return events().stream().filter(type::isInstance).map(type::cast).findFirst().orElseThrow();
  }

  private List<RunEvent> events() throws Exception {
    Path runs = home.resolve("runs");
    if (!Files.isDirectory(runs)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(runs)) {
      Optional<Path> journal =
          all.findFirst().map(run -> new RunDirectory(run).journal()).filter(Files::exists);
      return journal.isEmpty()
          ? List.of()
          : JournalFile.read(journal.get(), new JsonEventCodec()).events();
    }
  }

  private String seriesOfTheRun() throws Exception {
    RunOpened opened = event(RunOpened.class);
    return "firebreak_fault_active{env=\"%s\",gameday=\"%s\",service=\"stock\"}"
        .formatted(opened.environment(), opened.gameDay());
  }

  /** The line of the only series; empty if there is none. */
  private String faultActive(URI page) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(page).build();
    return http.send(request, BodyHandlers.ofString())
        .body()
        .lines()
        .filter(line -> line.startsWith("firebreak_fault_active{"))
        .reduce("", (one, other) -> one + other);
  }

  private JsonNode injectedMark() throws Exception {
    String run = event(RunOpened.class).runId().value();
    Path marks = home.resolve("outbox").resolve(run + ".json");
    for (JsonNode entry : json.readTree(Files.readAllBytes(marks)).path("entries")) {
      if (entry.at("/mark/key").asText().equals("injected:stock")) {
        return entry.path("mark");
      }
    }
    return fail("no mark of what was injected in %s", Files.readString(marks));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}

package dev.firebreak.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.app.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Canaries wherever a person can put a secret, a whole GameDay by the program itself, and then a
 * search through all that it told: to Grafana, to OTLP, on its metrics page, on its terminal, in
 * its log at its most talkative, and in every file it left.
 */
class NoSecretIsToldTest {
  /** What undoes a fault after a crash holds the words of the fault, for its owner alone. */
  private static final Set<String> UNDO_RECORDS = Set.of("journal.jsonl", "guard.jsonl");

  private final BadPrometheus prometheus = new BadPrometheus(InstantSource.system());
  private final Map<String, String> told = new LinkedHashMap<>();
  private CanaryListeners listeners;
  private int metricsPort;

  @TempDir private Path directory = Path.of("");

  @BeforeEach
  void start() throws IOException {
    metricsPort = freePort();
    listeners = CanaryListeners.start(this::readMetrics);
  }

  @AfterEach
  void stop() {
    listeners.close();
    prometheus.close();
  }

  @Test
  void ofAWholeGameDay() throws Exception {
    Path file = Files.writeString(directory.resolve("gameday.yaml"), gameDay());
    String runs = directory.resolve("runs").toString();
    firebreak("run", file.toString(), "--out", runs);
    firebreak("doctor", file.toString());
    firebreak("guard");
    theCanariesWereUsed();
    readWhatWasTold();
    assertThat(leaks()).isEmpty();
    undoRecordsAreForTheirOwnerAlone();
  }

  @Test
  void ofAddressesThatAreRefused() throws Exception {
    String secret = Canary.PROMETHEUS_HEADER.secret();
    String withUser = "http://user:" + secret + "@127.0.0.1:1/x";
    String good = gameDay();
    List<String> files =
        List.of(
            good.replace(prometheus.url().toString(), withUser),
            good.replace(listeners.url("/switch").toString(), withUser),
            good.replaceAll("prometheus: .*", "scrape: [\"" + withUser + "\"]"),
            good.replaceAll(
                "(?s)- fault: http.*for: 8s",
                "- {fault: chaos-monkey/latency, target: {url: \"" + withUser + "\"}, for: 8s}"));
    for (int i = 0; i < files.size(); i++) {
      Path file = Files.writeString(directory.resolve("bad" + i + ".yaml"), files.get(i));
      assertThat(firebreak("validate", file.toString())).isEqualTo(2);
      assertThat(firebreak("run", file.toString())).isEqualTo(2);
    }
    for (String link : List.of(withUser, "user:" + secret + "@x")) {
      Map<String, String> environment =
          Map.of(
              "FIREBREAK_GRAFANA_URL", "http://127.0.0.1:1",
              "FIREBREAK_GRAFANA_TOKEN", "t",
              "FIREBREAK_REPORT_URL", link);
      assertThat(run(environment, "guard")).isEqualTo(2);
    }
    for (String grafana :
        List.of(withUser, "http://user:" + secret + "@/x", "u:" + secret + "@x")) {
      Map<String, String> environment =
          Map.of("FIREBREAK_GRAFANA_URL", grafana, "FIREBREAK_GRAFANA_TOKEN", "t");
      assertThat(run(environment, "guard")).isEqualTo(2);
    }
    assertThat(told.toString()).doesNotContain(secret);
  }

  private List<String> leaks() {
    List<String> leaks = new ArrayList<>();
    for (Canary canary : Canary.values()) {
      told.forEach(
          (where, text) -> {
            if (canary.isIn(text)) {
              leaks.add(canary + " in " + where + ": " + around(text, canary.secret()));
            }
          });
    }
    return leaks;
  }

  private static String around(String text, String secret) {
    int at = Math.max(0, text.indexOf(secret));
    return text.substring(Math.max(0, at - 150), Math.min(text.length(), at + 60));
  }

  /** A canary that nobody is given proves nothing. */
  private void theCanariesWereUsed() {
    String sent = listeners.requests().toString() + prometheus.headers();
    for (Canary canary : Canary.values()) {
      boolean sendable = canary != Canary.ENVIRONMENT && canary != Canary.OTLP_USER;
      assertThat(!sendable || canary.isIn(sent)).as(canary.name()).isTrue();
    }
  }

  /** What was sent as a body, and every file; not the headers that carry the secrets. */
  private void readWhatWasTold() throws IOException {
    List<String> paths = new ArrayList<>();
    for (CanaryListeners.Request request : listeners.requests()) {
      if (!request.path().equals("/switch")) {
        told.merge("body of " + request.path(), request.body(), String::concat);
      }
      paths.add(request.path());
    }
    assertThat(paths).contains("/v1/traces", "/v1/logs", "/api/annotations");
    assertThat(told).containsKey("metrics page");
    for (Path file : files()) {
      told.put(directory.relativize(file).toString(), latin1(file));
    }
    assertThat(told.keySet())
        .anyMatch(name -> name.endsWith("report.html"))
        .anyMatch(name -> name.endsWith("report.json"))
        .anyMatch(name -> name.endsWith("junit.xml"));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> !file.endsWith("gameday.yaml"))
          .filter(file -> !UNDO_RECORDS.contains(String.valueOf(file.getFileName())))
          .toList();
    }
  }

  private void undoRecordsAreForTheirOwnerAlone() throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        if (UNDO_RECORDS.contains(String.valueOf(file.getFileName()))) {
          assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
              .as(file.toString())
              .isEqualTo("rw-------");
          String text = latin1(file);
          assertThat(Arrays.stream(Canary.values()).filter(canary -> canary.isIn(text)))
              .as(file.toString())
              .allMatch(Canary::isInTheFile);
        }
      }
    }
  }

  private static String latin1(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
  }

  /** While the fault is in place. */
  private void readMetrics() {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + metricsPort + "/metrics")).build();
    try {
      told.put(
          "metrics page", HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private int firebreak(String... arguments) throws Exception {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("FIREBREAK_LOG", "TRACE");
    environment.put("FIREBREAK_RUN_LOG", "TRACE");
    environment.put("FIREBREAK_DEBUG", "1");
    environment.put("FIREBREAK_METRICS_PORT", String.valueOf(metricsPort));
    environment.put("FIREBREAK_GRAFANA_URL", listeners.url("").toString());
    environment.put("FIREBREAK_GRAFANA_TOKEN", Canary.GRAFANA_TOKEN.secret());
    environment.put("FIREBREAK_ALERTMANAGER_URL", listeners.url("").toString());
    environment.put("FIREBREAK_ALERTMANAGER_TOKEN", Canary.ALERTMANAGER_TOKEN.secret());
    environment.put(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "http://user:" + Canary.OTLP_USER.secret() + "@" + listeners.hostAndPort());
    environment.put("OTEL_EXPORTER_OTLP_HEADERS", "x-key=" + Canary.OTLP_HEADER.secret());
    environment.put("SHOP_VARIABLE", "Bearer " + Canary.PROMETHEUS_VARIABLE.secret());
    environment.put("FIREBREAK_SHOP", "X-Secret: " + Canary.FAULT_HEADERS_VARIABLE.secret());
    environment.put("SHOP_PASSWORD", Canary.ENVIRONMENT.secret());
    return run(environment, arguments);
  }

  /** By the program's own entry point, in a process with this environment. */
  private int run(Map<String, String> environment, String... arguments) throws Exception {
    Path output = Files.createTempFile(directory, "output", ".txt");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    builder.environment().put("FIREBREAK_HOME", directory.resolve("home").toString());
    Process process = builder.start();
    try {
      assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    told.merge("output of " + arguments[0], latin1(output), String::concat);
    return process.exitValue();
  }

  private String gameDay() {
    return """
        telemetry:
          prometheus: {url: PROMETHEUS, headers: {Authorization: {env: SHOP_VARIABLE}, X-Key: X_KEY}}
          every: 2s
        experiments:
          - name: payments is slow
            blast-radius: {inject: payments}
            method:
              - fault: http/request
                with:
                  do:
                    url: SWITCH
                    method: PUT
                    headers: {Authorization: Bearer FAULT_HEADER}
                    headersFrom: FIREBREAK_SHOP
                    body: '{"password": "FAULT_BODY"}'
                  undo: {url: SWITCH, method: DELETE, headers: {Authorization: Bearer FAULT_HEADER}}
                  verify: {url: SWITCH, present: {contains: slow}, gone: {contains: fast}}
                for: 8s
            baseline: 24s
            recovery: 10s
        """
        .replace("PROMETHEUS, ", prometheus.url() + ", ")
        .replace("X_KEY", Canary.PROMETHEUS_HEADER.secret())
        .replace("FAULT_HEADER", Canary.FAULT_HEADER.secret())
        .replace("FAULT_BODY", Canary.FAULT_BODY.secret())
        .replace("SWITCH", listeners.url("/switch").toString());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}

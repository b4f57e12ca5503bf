package dev.firebreak.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.firebreak.app.Wiring;
import dev.firebreak.app.config.Settings;
import dev.firebreak.app.run.Interruption;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path home = Path.of("");

  @Test
  void whatIsNotConfiguredIsNoFault() throws Exception {
    assertThat(doctor(Map.of())).isEqualTo(ExitCode.HELD);
    assertThat(out.toString())
        .contains("FIREBREAK_GRAFANA_URL is not set")
        .contains("FIREBREAK_ALERTMANAGER_URL is not set")
        .contains("OTEL_EXPORTER_OTLP_ENDPOINT is not set");
  }

  @Test
  void whatDoesNotAnswerIsToldWithWhatToDo() throws Exception {
    String nowhere = "http://127.0.0.1:" + freePort();
    Path file = home.resolve("gameday.yaml");
    Files.writeString(
        file,
        """
        telemetry: {prometheus: {url: %s}}
        experiments:
          - {blast-radius: {inject: payments}, method: [{fault: placebo}]}
        """
            .formatted(nowhere));
    Map<String, String> environment =
        Map.of(
            "FIREBREAK_GRAFANA_URL", nowhere,
            "FIREBREAK_GRAFANA_TOKEN", "glsa_canary",
            "FIREBREAK_ALERTMANAGER_URL", nowhere,
            "OTEL_EXPORTER_OTLP_ENDPOINT", nowhere);

    assertThat(doctor(environment, file.toString())).as(err.toString()).isEqualTo(5);
    assertThat(out.toString())
        .contains("FAIL  Grafana: ", "does Grafana run?")
        .contains("FAIL  Alertmanager: ", "does Alertmanager run?")
        .contains("FAIL  OTLP: " + nowhere + "/v1/traces does not answer")
        .contains("FAIL  metrics of " + file)
        .doesNotContain("canary");
  }

  @Test
  void anEndpointThatTakesTracesIsWell() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/traces",
        exchange -> {
          boolean known = "s3cret x".equals(exchange.getRequestHeaders().getFirst("X-Key"));
          exchange.sendResponseHeaders(known ? 200 : 401, -1);
          exchange.close();
        });
    server.start();
    try {
      String endpoint = "http://127.0.0.1:" + server.getAddress().getPort();
      Map<String, String> environment = new HashMap<>();
      environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint);
      assertThat(doctor(environment)).isEqualTo(5);
      assertThat(out.toString()).contains("look at OTEL_EXPORTER_OTLP_HEADERS");
      environment.put("OTEL_EXPORTER_OTLP_HEADERS", "x-key=s3cret%20x");
      assertThat(doctor(environment)).isEqualTo(ExitCode.HELD);
      assertThat(out.toString()).doesNotContain("s3cret");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aFileThatIsWrongIsAMistakeOfTheCommand() throws Exception {
    assertThat(doctor(Map.of(), home.resolve("none.yaml").toString())).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("there is no such file");
  }

  private int doctor(Map<String, String> environment, String... files) throws Exception {
    Map<String, String> variables = new HashMap<>(environment);
    variables.put("FIREBREAK_HOME", home.toString());
    Terminal terminal = Terminal.of(new PrintWriter(out), new PrintWriter(err), false, Map.of());
    String[] arguments = new String[files.length + 1];
    arguments[0] = "doctor";
    System.arraycopy(files, 0, arguments, 1, files.length);
    try (Wiring wiring =
        new Wiring(Settings.from(variables, home), variables, terminal, new Interruption())) {
      return FirebreakCommand.over(wiring).execute(arguments);
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}

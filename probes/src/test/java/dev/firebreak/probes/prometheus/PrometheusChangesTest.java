package dev.firebreak.probes.prometheus;

import static dev.firebreak.probes.prometheus.FakePrometheus.JSON;
import static dev.firebreak.probes.prometheus.FakePrometheus.NOW;
import static dev.firebreak.probes.prometheus.FakePrometheus.answer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.experiment.Telemetry.Prometheus;
import dev.firebreak.probe.Change;
import dev.firebreak.probe.Change.Kind;
import dev.firebreak.probe.ProbeException;
import dev.firebreak.probe.Reading;
import dev.firebreak.probes.http.LocalServer;
import dev.firebreak.probes.http.LocalServer.Reply;
import dev.firebreak.probes.signal.SignalPacks;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PrometheusChangesTest {
  private static final Instant SERVER_TIME = Instant.ofEpochMilli(1795395094980L);
  private static final long START = SERVER_TIME.getEpochSecond() - 3_600;
  private static final String STARTS =
      "max by (__name__, application, service, service_name, job) (process_start_time_seconds)";
  private static final String CONTAINERS =
      "max by (__name__, container) (container_start_time_seconds{container!~\"POD|\"})";
  private static final String BUILDS =
      "group by (__name__, application, service, service_name, job, version, service_version,"
          + " tag, revision, commit, git_commit) ({__name__=~\"go_build_info|target_info\"})";

  private final FakePrometheus prometheus = new FakePrometheus();
  private final PrometheusSource source =
      new PrometheusSource(
          new Prometheus(prometheus.url(""), Map.of()),
          Duration.ofSeconds(10),
          SignalPacks.builtIn(),
          () -> SERVER_TIME,
          System::nanoTime);

  @AfterEach
  void close() {
    source.close();
    prometheus.close();
  }

  private static String row(String name, String labels, String value) {
    return "{\"metric\":{\"__name__\":\"%s\"%s},\"value\":[%s,\"%s\"]}"
        .formatted(name, labels, NOW, value);
  }

  private static String start(String service, String value) {
    return row(
        "process_start_time_seconds",
        ",\"application\":\"" + service + "\",\"job\":\"shop\"",
        value);
  }

  private static String build(String service, String version) {
    return row(
        "go_build_info",
        ",\"application\":\"%s\",\"version\":\"%s\"".formatted(service, version),
        "1");
  }

  private static Reply rows(String... rows) {
    return LocalServer.ok(JSON, answer("vector", "[" + String.join(",", rows) + "]"));
  }

  /** The server has all of the metrics, and tells of them what {@code origins} says. */
  private void telling(Reply origins) {
    List<String> names = new ArrayList<>();
    for (String name :
        List.of(
            "container_start_time_seconds",
            "go_build_info",
            "process_start_time_seconds",
            "target_info")) {
      names.add(row(name, "", "1"));
    }
    prometheus.answering(
        query -> {
          if (query.startsWith("group by (__name__) ")) {
            return Optional.of(rows(names.toArray(String[]::new)));
          }
          return query.contains("process_start_time_seconds")
              ? Optional.of(origins)
              : Optional.empty();
        });
  }

  @Test
  void asksOneMoreQueryWhichHasARowForEachServiceAndNotForEachInstance() throws ProbeException {
    telling(rows(start("payments", "1795390000")));
    source.discover();
    prometheus.forms.clear();
    source.read();

    assertThat(prometheus.forms).hasSize(10);
    assertThat(prometheus.forms)
        .extracting(form -> String.valueOf(form.get("query")))
        .contains(CONTAINERS + " or " + STARTS + " or " + BUILDS);
  }

  @Test
  void aServerWithoutSuchMetricsIsNotAskedForThem() throws ProbeException {
    source.discover();
    prometheus.forms.clear();

    assertThat(source.read().changes()).isEmpty();
    assertThat(prometheus.forms).hasSize(9);
  }

  @Test
  void restartsAndDeploysAreToldAsWhenPagesAreScraped() throws ProbeException {
    telling(rows(start("payments", START + ""), build("payments", "1.0"), start("cart", "1")));
    assertThat(source.read().changes()).isEmpty();

    telling(rows(start("payments", START + 3_605 + ""), build("payments", "1.1")));
    assertThat(changes())
        .containsExactly(
            new Change(
                ServiceName.of("payments"),
                Kind.RESTART,
                "process start %s → %s"
                    .formatted(Instant.ofEpochSecond(START), Instant.ofEpochSecond(START + 3_605))),
            new Change(ServiceName.of("payments"), Kind.DEPLOY, "version 1.0 → version 1.1"));
    assertThat(source.read().changes()).isEmpty();
  }

  /** An answer that is late counts at the next look. */
  private List<Change> changes() throws ProbeException {
    List<Change> changes = List.of();
    for (int looks = 0; changes.isEmpty() && looks < 20; looks++) {
      changes = source.read().changes();
    }
    return changes;
  }

  @Test
  void servicesThatTheSourceDoesNotListAreNotToldOf() throws ProbeException {
    telling(rows(start("node-exporter", START + "")));
    assertThat(source.read().changes()).isEmpty();

    telling(rows(start("node-exporter", START + 600 + "")));
    assertThat(source.read().changes()).isEmpty();
    assertThat(source.read().changes()).isEmpty();
  }

  @Test
  void aBadAnswerIsSaidToAndIsNoChangeAndTheSignalsAreEvidenceAllTheSame() throws ProbeException {
    telling(rows(start("payments", START + "")));
    source.read();

    telling(LocalServer.status(422, JSON, "{\"status\":\"error\",\"error\":\"too many\"}"));
    Reading reading = source.read();
    assertThat(reading.changes()).isEmpty();
    assertThat(reading.samples()).hasSize(14);
    assertThat(source.read().warnings()).contains("restarts and deploys: HTTP 422: too many");

    telling(rows(start("payments", "NaN")));
    assertThat(source.read().changes()).isEmpty();
  }

  @Test
  void anAnswerThatNeverComesDoesNotCostTheSignals() throws ProbeException {
    telling(LocalServer.silence());
    Reading reading = source.read();

    assertThat(reading.samples()).hasSize(14);
    assertThat(reading.changes()).isEmpty();
    assertThat(reading.warnings()).isEmpty();
  }

  @Test
  void aPartialAnswerTellsNothing() throws ProbeException {
    telling(rows(start("payments", START + "")));
    source.read();

    telling(
        LocalServer.ok(
            JSON,
            answer("vector", "[" + start("payments", START + 600 + "") + "]")
                .replace("{\"status\"", "{\"warnings\":[\"store down\"],\"status\"")));
    assertThat(source.read().changes()).isEmpty();
    assertThat(source.read().changes()).isEmpty();
  }
}

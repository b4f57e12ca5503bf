package dev.firebreak.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firebreak.annotations.grafana.AnnotationApi;
import dev.firebreak.annotations.grafana.DashboardPlace;
import dev.firebreak.app.config.Settings.SettingsException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
  private static final Path USER = Path.of("/home/sre");

  @Test
  void withoutVariablesNothingIsMarkedAndTheHomeIsTheUsers() throws Exception {
    Settings settings = Settings.from(Map.of(), USER);

    assertThat(settings.home()).isEqualTo(Path.of("/home/sre/.firebreak"));
    assertThat(settings.grafana()).isEmpty();
    assertThat(settings.alertmanager()).isEmpty();
    assertThat(settings.metricsPort()).isEmpty();
    assertThat(settings.openTelemetry()).isEmpty();
  }

  @Test
  void everyMistakeIsToldAtOnce() {
    Map<String, String> environment =
        Map.of("FIREBREAK_GRAFANA_URL", "grafana:3000", "FIREBREAK_METRICS_PORT", "many");

    assertThatThrownBy(() -> Settings.from(environment, USER))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("FIREBREAK_GRAFANA_TOKEN")
        .hasMessageContaining("\"grafana:3000\" is no address")
        .hasMessageContaining("\"many\" is no port");
  }

  @Test
  void dashboardAndLinksAreChecked() {
    Map<String, String> environment =
        Map.of(
            "FIREBREAK_GRAFANA_URL", "https://grafana.example",
            "FIREBREAK_GRAFANA_TOKEN", "glsa_x",
            "FIREBREAK_GRAFANA_DASHBOARD", "my dashboard",
            "FIREBREAK_GRAFANA_API", "v2",
            "FIREBREAK_REPORT_URL", "reports/{run}",
            "FIREBREAK_TRACE_URL", "https://traces.example/{trace}?x={tenant}");

    assertThatThrownBy(() -> Settings.from(environment, USER))
        .hasMessageContaining("FIREBREAK_GRAFANA_DASHBOARD: \"my dashboard\"")
        .hasMessageContaining("FIREBREAK_GRAFANA_API: \"v2\"")
        .hasMessageContaining("FIREBREAK_REPORT_URL: \"reports/{run}\"")
        .hasMessageContaining("FIREBREAK_TRACE_URL")
        .hasMessageContaining("allowed");
  }

  @Test
  void aDashboardMayNameAPanel() throws Exception {
    Map<String, String> environment =
        Map.of(
            "FIREBREAK_GRAFANA_URL", "https://grafana.example",
            "FIREBREAK_GRAFANA_TOKEN", "glsa_x",
            "FIREBREAK_GRAFANA_DASHBOARD", "chaos-gd/7",
            "FIREBREAK_GRAFANA_API", "app",
            "FIREBREAK_TRACE_URL", "https://traces.example/{trace}");

    var grafana = Settings.from(environment, USER).grafana().orElseThrow();

    assertThat(grafana.place()).contains(DashboardPlace.parse("chaos-gd/7"));
    assertThat(grafana.links().trace()).isPresent();
    assertThat(grafana.connection().api()).isEqualTo(AnnotationApi.APP);
  }

  @Test
  void anAlertmanagerNeedsItsAddressAlone() throws Exception {
    Map<String, String> address =
        Map.of("FIREBREAK_ALERTMANAGER_URL", "http://alertmanager.example:9093/am");
    var plain = Settings.from(address, USER).alertmanager().orElseThrow();
    assertThat(plain.settings().serviceLabel()).isEqualTo("service");
    assertThat(plain.settings().environmentLabel()).isEmpty();
    assertThat(plain.settings().token()).isEmpty();
    assertThat(plain.report()).isEmpty();

    Map<String, String> all = new HashMap<>(address);
    all.put("FIREBREAK_ALERTMANAGER_TOKEN", "s3cret");
    all.put("FIREBREAK_ALERTMANAGER_SERVICE_LABEL", "app");
    all.put("FIREBREAK_ALERTMANAGER_ENVIRONMENT_LABEL", "env");
    all.put("FIREBREAK_REPORT_URL", "https://reports.example/{run}");
    Settings settings = Settings.from(all, USER);
    var full = settings.alertmanager().orElseThrow();
    assertThat(full.settings().serviceLabel()).isEqualTo("app");
    assertThat(full.settings().environmentLabel()).contains("env");
    assertThat(full.report()).isPresent();
    assertThat(settings.toString()).doesNotContain("s3cret");

    all.put("FIREBREAK_ALERTMANAGER_SERVICE_LABEL", "my app");
    assertThatThrownBy(() -> Settings.from(all, USER))
        .hasMessageContaining("_SERVICE_LABEL")
        .hasMessageContaining("\"my app\" is no name of a label");
  }

  @Test
  void hostsThatMayLearnTheRunAreNamedWithoutPort() throws Exception {
    Settings settings =
        Settings.from(Map.of("FIREBREAK_BAGGAGE_HOSTS", "payments, 10.0.0.7"), USER);
    assertThat(settings.baggageHosts()).containsExactlyInAnyOrder("payments", "10.0.0.7");

    assertThatThrownBy(
            () -> Settings.from(Map.of("FIREBREAK_BAGGAGE_HOSTS", "payments:8080"), USER))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("\"payments:8080\" is no host");
  }

  @Test
  void theTokenIsNeverPrinted() throws Exception {
    Map<String, String> environment =
        Map.of(
            "FIREBREAK_GRAFANA_URL", "https://grafana.example/x",
            "FIREBREAK_GRAFANA_TOKEN", "glsa_canary");

    assertThat(Settings.from(environment, USER).toString()).doesNotContain("glsa_canary");
  }

  @Test
  void onlyTheVariablesOfOpenTelemetryAreHandedOn() throws Exception {
    Map<String, String> environment = Map.of("OTEL_SERVICE_NAME", "x", "AWS_SECRET", "y");

    assertThat(Settings.from(environment, USER).openTelemetry())
        .containsExactly(Map.entry("OTEL_SERVICE_NAME", "x"));
  }
}

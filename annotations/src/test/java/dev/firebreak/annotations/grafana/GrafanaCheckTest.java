package dev.firebreak.annotations.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.annotations.Story;
import dev.firebreak.annotations.Trial;
import dev.firebreak.annotations.grafana.FakeGrafana.Trouble;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrafanaCheckTest {
  private FakeGrafana grafana;

  @BeforeEach
  void start() throws IOException {
    grafana = FakeGrafana.start();
  }

  @AfterEach
  void nothingWasSentThatGrafanaMisreads() {
    grafana.close();
    assertThat(grafana.violations()).isEmpty();
  }

  @Test
  void everyRightIsTriedAndNothingIsLeft() {
    assertThat(check(Optional.empty()))
        .allMatch(Trial::well)
        .extracting(Trial::subject)
        .containsExactly(
            "Grafana",
            "Grafana, API",
            "Grafana, annotations:create",
            "Grafana, annotations:read",
            "Grafana, annotations:write",
            "Grafana, annotations:delete");
    assertThat(grafana.annotations()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "annotations:create",
        "annotations:read",
        "annotations:write",
        "annotations:delete"
      })
  void theOneRightThatIsMissingIsNamedInEveryVersion(String right) {
    grafana.denying(right);
    assertThat(failed(check(Optional.empty())))
        .first()
        .satisfies(
            trial -> {
              assertThat(trial.subject()).isEqualTo("Grafana, " + right);
              assertThat(trial.told()).contains("the token lacks " + right).contains("Editor");
            });
    grafana.beforeVersion9();
    assertThat(failed(check(Optional.empty())).get(0).told()).contains("the token lacks " + right);
  }

  @Test
  void anAnnotationThatMayNotBeRemovedIsSaidToBeThere() {
    grafana.denying("annotations:delete");
    assertThat(failed(check(Optional.empty()))).last().asString().contains("delete it by hand");
  }

  @Test
  void anotherToken() {
    GrafanaSettings wrong = GrafanaSettings.of(grafana.url(), "glsa_canary");
    List<Trial> trials = GrafanaCheck.of(wrong, InstantSource.fixed(Story.START));
    assertThat(failed(trials)).first().asString().contains("FIREBREAK_GRAFANA_TOKEN");
    assertThat(trials.toString()).doesNotContain("canary");
  }

  @Test
  void aDashboardThatIsNotThereKeepsItFromWriting() {
    assertThat(failed(check(Optional.of(DashboardPlace.parse("typo")))))
        .singleElement()
        .asString()
        .contains("no dashboard with the UID typo", "FIREBREAK_GRAFANA_DASHBOARD");
    assertThat(grafana.requests()).noneMatch(request -> request.startsWith("POST"));
  }

  @Test
  void aDashboardThatIsThereIsUsed() {
    grafana.withDashboard("chaos-gd");
    assertThat(check(Optional.of(DashboardPlace.parse("chaos-gd"))))
        .hasSize(7)
        .allMatch(Trial::well);
  }

  @Test
  void whatIsNoGrafanaIsSaidToBeNone() {
    grafana.troubled(Trouble.HTML, "GET", 1);
    assertThat(check(Optional.empty()))
        .singleElement()
        .asString()
        .contains("FIREBREAK_GRAFANA_URL");
    URI nowhere = grafana.url();
    grafana.close();
    List<Trial> trials =
        GrafanaCheck.of(
            GrafanaSettings.of(nowhere, FakeGrafana.TOKEN), InstantSource.fixed(Story.START));
    assertThat(trials).singleElement().asString().contains("does Grafana run?");
  }

  @Test
  void aGrafanaWithTheNewStoreBehindTheOldApiWorks() {
    grafana.troubled(Trouble.ID_ZERO, "POST", 1).troubled(Trouble.PATCH_IGNORED, "PATCH", 1);
    assertThat(check(Optional.empty()))
        .allMatch(Trial::well)
        .anySatisfy(trial -> assertThat(trial.told()).contains("keeps no new end"));
    assertThat(grafana.annotations()).isEmpty();
  }

  private List<Trial> check(Optional<DashboardPlace> place) {
    GrafanaSettings settings = GrafanaSettings.of(grafana.url(), FakeGrafana.TOKEN).at(place);
    return GrafanaCheck.of(settings, InstantSource.fixed(Story.START));
  }

  private static List<Trial> failed(List<Trial> trials) {
    return trials.stream().filter(trial -> !trial.well()).toList();
  }
}

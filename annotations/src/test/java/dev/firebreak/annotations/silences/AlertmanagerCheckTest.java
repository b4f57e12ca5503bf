package dev.firebreak.annotations.silences;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firebreak.annotations.Story;
import dev.firebreak.annotations.Trial;
import dev.firebreak.annotations.silences.FakeAlertmanager.Trouble;
import dev.firebreak.annotations.silences.FakeSilences.Match;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlertmanagerCheckTest {
  private static final String TOKEN = "canary-0123456789";

  private Instant theirTime = Story.START;
  private FakeAlertmanager alertmanager;

  @BeforeEach
  void start() throws IOException {
    alertmanager = new FakeAlertmanager(() -> theirTime);
  }

  @AfterEach
  void stop() {
    alertmanager.close();
    assertThat(alertmanager.violations()).isEmpty();
  }

  @Test
  void aSilenceThatFitsNoAlertIsMadeAndEnded() {
    alertmanager.wantToken(TOKEN);
    assertThat(check(Optional.of(TOKEN)))
        .hasSize(4)
        .allMatch(Trial::well)
        .last()
        .asString()
        .contains("ended it");
    assertThat(alertmanager.silences()).hasSize(1);
    assertThat(alertmanager.silences().get(0).matchers())
        .extracting(Match::name)
        .containsExactly("firebreak_doctor");
    assertThat(alertmanager.active()).isEmpty();
  }

  @Test
  void aTokenThatIsRefusedIsSaidToBeAndNotShown() {
    alertmanager.wantToken("another");
    List<Trial> trials = check(Optional.of(TOKEN));
    assertThat(trials)
        .singleElement()
        .asString()
        .contains("HTTP 401: Unauthorized", "FIREBREAK_ALERTMANAGER_TOKEN")
        .doesNotContain("canary");
    assertThat(settings(Optional.of(TOKEN)).toString()).doesNotContain("canary");
  }

  @ParameterizedTest
  @CsvSource({
    "HTML, is this an Alertmanager?",
    "UNAVAILABLE, HTTP 503",
    "DROPS, does Alertmanager run?"
  })
  void whatIsWrongIsSaid(Trouble trouble, String said) {
    alertmanager.troubled(trouble, "POST", 1);
    assertThat(check(Optional.empty())).hasSize(2).last().asString().contains(said);
  }

  @Test
  void clocksThatDifferAreSaidToDiffer() {
    theirTime = Story.START.minusSeconds(30);
    assertThat(check(Optional.empty()))
        .filteredOn(trial -> !trial.well())
        .first()
        .asString()
        .contains("pending", "the clocks here and there differ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://host", "http://u:p@host", "http://host?x=canary", "host:9093"})
  void anAddressThatIsNotAllowedIsToldWithoutItsSecrets(String url) {
    assertThatThrownBy(() -> AlertmanagerSettings.of(URI.create(url)))
        .hasMessageContaining("http(s)://host[:port][/path]")
        .message()
        .doesNotContain("canary");
  }

  @Test
  void labelsAreNamesThatAreLabels() {
    URI url = alertmanager.url();
    assertThatThrownBy(
            () -> new AlertmanagerSettings(url, Optional.empty(), "a b", Optional.empty()))
        .hasMessageContaining("\"a b\" is no name of a label");
    assertThatThrownBy(() -> new AlertmanagerSettings(url, Optional.empty(), "x", Optional.of("x")))
        .hasMessageContaining("cannot name both");
  }

  private List<Trial> check(Optional<String> token) {
    return AlertmanagerCheck.of(settings(token), InstantSource.fixed(Story.START));
  }

  private AlertmanagerSettings settings(Optional<String> token) {
    return new AlertmanagerSettings(alertmanager.url(), token, "service", Optional.empty());
  }
}

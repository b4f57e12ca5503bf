package dev.firebreak.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FireDecisionTest {
  private static final Instant SCHEDULED = Instant.parse("2026-11-24T09:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "PT-0.002S, false, RUN",
    "PT0S,      false, RUN",
    "PT60S,     false, RUN",
    "PT60.001S, false, MISSED",
    "P7D,       false, MISSED",
    "PT0S,      true,  SKIPPED",
    "PT60S,     true,  SKIPPED",
    "PT61S,     true,  MISSED",
  })
  void isRunInTimeAndNeverBesideThePreviousRunNorLate(
      Duration late, boolean previousRuns, FireState expected) {
    FireDecision decision =
        FireDecision.of(SCHEDULED, SCHEDULED.plus(late), Duration.ofSeconds(60), previousRuns);
    assertThat(decision.state()).isEqualTo(expected);
    assertThat(decision.reason().isEmpty()).isEqualTo(expected == FireState.RUN);
  }
}

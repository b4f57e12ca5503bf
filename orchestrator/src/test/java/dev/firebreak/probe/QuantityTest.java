package dev.firebreak.probe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantityTest {
  @ParameterizedTest
  @CsvSource({
    "0, SECONDS, 0 ms",
    "0.0042, SECONDS, 4.2 ms",
    "0.34, SECONDS, 340 ms",
    "0.9996, SECONDS, 1 s",
    "1.25, SECONDS, 1.3 s",
    "14.2, SECONDS, 14 s",
    "119.4, SECONDS, 119 s",
    "185, SECONDS, 3 min 5 s",
    "-180, SECONDS, -3 min",
    "0.042, RATIO, 4.2 %",
    "1, RATIO, 100 %",
    "0.0004, RATIO, 0.04 %",
    "40, PER_SECOND, 40/s",
    "4.25, PER_SECOND, 4.3/s",
    "1, UP, up",
    "0, UP, down",
    "0.5, UP, 50 % up",
    "12345, NONE, 12345",
    "NaN, SECONDS, no data",
  })
  void saysValuesAsPeopleDo(double value, Unit unit, String words) {
    assertThat(new Quantity(value, unit)).hasToString(words);
  }
}

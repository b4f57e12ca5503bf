package dev.firebreak.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ToleranceTest {
  private static final Tolerance BAND = new Tolerance(OptionalDouble.of(1), OptionalDouble.of(2));

  @Test
  void whatIsNotANumberIsNeverWithin() {
    assertThat(BAND.accepts(Double.NaN)).isFalse();
    assertThat(Tolerance.atMost(2).accepts(Double.NaN)).isFalse();
    assertThat(new Tolerance(OptionalDouble.of(1), OptionalDouble.empty()).accepts(Double.NaN))
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 1.5, 2})
  void theEndsAreWithin(double value) {
    assertThat(BAND.accepts(value)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.999, 2.001, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void whatIsBeyondIsNot(double value) {
    assertThat(BAND.accepts(value)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void aBoundIsFinite(double bound) {
    assertThatThrownBy(() -> Tolerance.atMost(bound)).hasMessageContaining("is not finite");
  }

  @Test
  void aBandHasAnEndAndIsNotUpsideDown() {
    assertThatThrownBy(() -> new Tolerance(OptionalDouble.empty(), OptionalDouble.empty()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Tolerance(OptionalDouble.of(2), OptionalDouble.of(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

package dev.firebreak.cascade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RarityTest {
  private static double[] calm(int samples) {
    return new double[samples];
  }

  @Test
  void claimsNoMoreThanTheHistoryIsLong() {
    assertThat(Rarity.of(calm(39), 1, 1).surprise()).isCloseTo(Math.log(40), within(1e-9));
    assertThat(Rarity.of(calm(120), 1, 4).surprise()).isCloseTo(Math.log(31), within(1e-9));
  }

  @Test
  void asksADegradationToOutlastTheLongestOfTheHistory() {
    double[] history = calm(100);
    Arrays.fill(history, 40, 47, 2);

    assertThat(Rarity.of(history, 1, 1).samples()).isEqualTo(15);
    assertThat(Rarity.of(calm(100), 1, 3).samples()).isEqualTo(12);
  }

  @Test
  void isNoSurpriseWhereASeriesIsBadMostOfTheTime() {
    double[] history = calm(100);
    Arrays.fill(history, 10, 100, 2);

    assertThat(Rarity.of(history, 1, 1).surprise()).isLessThan(0.2);
  }
}

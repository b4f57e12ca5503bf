package dev.firebreak.cascade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.cascade.Baseline.Measured;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BaselineTest {
  private static final Measured COARSE = new Measured(60, 1);

  private static Baseline of(double[] values) {
    return Baseline.of(values, 0.05, 5, COARSE, Tuning.DEFAULT);
  }

  private static double[] noise(int n) {
    Random random = new Random(3);
    return random.doubles(n).map(u -> 0.2 * (u - 0.5)).toArray();
  }

  @Test
  void isNotWidenedByASingleSpike() {
    double[] values = noise(60);
    double calm = of(values).scale();
    values[30] = 50;

    assertThat(of(values).scale()).isLessThan(1.5 * calm);
  }

  @Test
  void isWidenedByAnExcursionThatLasts() {
    double[] values = noise(60);
    double calm = of(values).scale();
    values[30] = 1.4;
    values[31] = 1.5;
    values[32] = 1.3;

    assertThat(of(values).scale()).isGreaterThan(3 * calm);
  }

  @Test
  void neverTrustsAQuantileThatDoesNotMove() {
    assertThat(of(new double[40]).scale()).isEqualTo(0.05);
    assertThat(of(new double[40]).decorrelation()).isEqualTo(1);
  }

  @Test
  void measuresHowLongASlidingWindowRemembers() {
    double[] single = new Random(5).doubles(412).toArray();
    double[] sliding = new double[400];
    for (int i = 0; i < sliding.length; i++) {
      for (int j = 0; j < 12; j++) {
        sliding[i] += single[i + j] / 12;
      }
    }

    double length = Baseline.of(sliding, 0.001, 400, COARSE, Tuning.DEFAULT).decorrelation();

    assertThat(length).isBetween(7.0, 18.0);
  }

  @Test
  void takesSlowDriftForLevelAndNotForCorrelation() {
    double[] values = noise(100);
    for (int i = 0; i < values.length; i++) {
      values[i] += 0.3 * Math.sin(i / 30.0);
    }

    assertThat(of(values).decorrelation()).isLessThan(2);
  }

  @Test
  void asksForSixSecondsAtAFineStepAndForTwoLooksAtACoarseOne() {
    Baseline fine = Baseline.of(noise(40), 0.05, 60, new Measured(1, 3), Tuning.DEFAULT);

    assertThat(fine.persistence()).isEqualTo(6);
    assertThat(of(noise(40)).persistence()).isEqualTo(2);
    assertThat(of(noise(40)).persistenceAlone()).isEqualTo(2);
  }
}

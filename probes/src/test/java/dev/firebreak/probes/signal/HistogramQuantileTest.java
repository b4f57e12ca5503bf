package dev.firebreak.probes.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;

class HistogramQuantileTest {
  private static final Map<String, Double> BUCKETS =
      Map.of("0.1", 50.0, "0.5", 90.0, "1", 99.0, "+Inf", 100.0);

  @Test
  void interpolatesWithinTheBucket() {
    // Rank 95 of 100 is the fifth of the nine between 0.5 and 1: 0.5 + 0.5 × 5/9.
    assertThat(HistogramQuantile.of(0.95, BUCKETS)).isCloseTo(0.7777777778, within(1e-9));
    assertThat(HistogramQuantile.of(0.7, BUCKETS)).isCloseTo(0.3, within(1e-9));
  }

  @Test
  void startsTheLowestBucketAtZero() {
    assertThat(HistogramQuantile.of(0.25, BUCKETS)).isCloseTo(0.05, within(1e-9));
  }

  @Test
  void givesTheLowestBoundItselfIfThatIsNotAboveZero() {
    assertThat(HistogramQuantile.of(0.1, Map.of("-1", 5.0, "0", 6.0, "+Inf", 10.0))).isEqualTo(-1);
  }

  @Test
  void givesTheSecondHighestBoundInTheHighestBucket() {
    assertThat(HistogramQuantile.of(0.999, BUCKETS)).isEqualTo(1);
  }

  @Test
  void saysNothingWithoutObservations() {
    assertThat(HistogramQuantile.of(0.5, Map.of("1", 0.0, "+Inf", 0.0))).isNaN();
    assertThat(HistogramQuantile.of(0.5, Map.of())).isNaN();
  }

  @Test
  void saysNothingWithoutABucketThatHoldsAll() {
    assertThat(HistogramQuantile.of(0.5, Map.of("1", 5.0, "2", 6.0))).isNaN();
    assertThat(HistogramQuantile.of(0.5, Map.of("+Inf", 6.0))).isNaN();
  }

  @Test
  void liftsABucketThatCountsLessThanTheOneBelow() {
    assertThat(HistogramQuantile.of(0.5, Map.of("1", 10.0, "2", 8.0, "+Inf", 12.0)))
        .isCloseTo(0.6, within(1e-9));
  }

  @Test
  void addsBucketsWhoseBoundsAreWrittenDifferently() {
    assertThat(HistogramQuantile.of(0.5, Map.of("1", 5.0, "1.0", 5.0, "+Inf", 10.0, "junk", 99.0)))
        .isCloseTo(0.5, within(1e-9));
  }
}

package dev.firebreak.probes.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.firebreak.probes.scrape.Page.PageSample;
import dev.firebreak.probes.scrape.ScrapeHistory.Series;
import dev.firebreak.probes.signal.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ScrapeHistoryTest {
  private static final long SECOND = 1_000_000_000L;

  private final ScrapeHistory history = new ScrapeHistory(10);

  /** Takes a page with the counters {@code x}, {@code y} …; NaN for one that is not on it. */
  private int page(double atSeconds, double... values) {
    List<PageSample> samples = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      if (!Double.isNaN(values[i])) {
        Labels labels = Labels.of(Map.of("name", "xyz".substring(i, i + 1)));
        samples.add(new PageSample("c", labels, values[i], PageSample.NO_TIMESTAMP));
      }
    }
    return history.add(Math.round(atSeconds * SECOND), samples);
  }

  private OptionalDouble rate(String name, double sinceSeconds) {
    history.setWindow(Math.round(sinceSeconds * SECOND), SECOND / 2);
    return history.newest().stream()
        .filter(series -> series.labels().get("name").equals(name))
        .map(Series::rate)
        .findFirst()
        .orElse(OptionalDouble.empty());
  }

  @Test
  void aRateNeedsTwoPages() {
    page(0, 5);
    assertThat(rate("x", -4)).isEmpty();
    page(1, 8);
    assertThat(rate("x", -4)).hasValue(3);
  }

  @Test
  void aRateIsTakenOverTheWindowOnly() {
    page(0, 0);
    page(1, 100);
    page(2, 110);
    page(4, 140);
    assertThat(rate("x", 1)).hasValueCloseTo(40 / 3.0, within(1e-9));
    assertThat(rate("x", 2)).hasValueCloseTo(15.0, within(1e-9));
    assertThat(rate("x", 3)).isEmpty();
  }

  @Test
  void aCounterThatFallsWasReset() {
    page(0, 100);
    page(1, 110);
    page(2, 4);
    page(3, 9);
    assertThat(rate("x", 0)).hasValueCloseTo((10 + 4 + 5) / 3.0, within(1e-9));
  }

  @Test
  void aCounterThatIsBornStartsAtZero() {
    page(0, 1, Double.NaN);
    page(1, 2, 6);
    assertThat(rate("y", 0)).hasValue(6);
    page(2, 3, 8);
    assertThat(rate("y", 0)).hasValue(4);
  }

  @Test
  void aCounterThatWasAlreadyThereDoesNotStartAtZero() {
    page(0, 1_000_000);
    page(1, 1_000_001);
    assertThat(rate("x", 0)).hasValue(1);
  }

  @Test
  void aSeriesThatIsNotOnTheNewestPageIsNoEvidence() {
    page(0, 1, 1);
    page(1, 2, 2);
    page(2, 3, Double.NaN);
    assertThat(rate("x", 0)).isPresent();
    assertThat(rate("y", 0)).isEmpty();
  }

  @Test
  void aSeriesThatComesBackGoesOnWhereItWas() {
    page(0, 1, 1_000);
    page(1, 2, Double.NaN);
    page(2, 3, 1_004);
    assertThat(rate("y", 0)).hasValue(2);
    assertThat(rate("y", 1)).hasValue(4);
  }

  @Test
  void aSeriesThatIsTwiceOnAPageIsNoEvidence() {
    page(0, 1);
    Labels labels = Labels.of(Map.of("name", "x"));
    PageSample sample = new PageSample("c", labels, 5, PageSample.NO_TIMESTAMP);
    assertThat(history.add(SECOND, List.of(sample, sample))).isEqualTo(1);
    assertThat(rate("x", 0)).isEmpty();
    page(2, 9);
    assertThat(rate("x", 0)).isPresent();
  }

  @Test
  void valuesThatAreNoCountsDoNotCount() {
    page(0, 1);
    page(1, Double.POSITIVE_INFINITY);
    page(2, 5);
    assertThat(rate("x", 0)).hasValue(0);
  }

  @Test
  void twoPagesAtAlmostTheSameTimeGiveNoRate() {
    page(0, 1);
    page(0.1, 2);
    assertThat(rate("x", 0)).isEmpty();
  }

  @Test
  void theRingForgetsTheOldestPages() {
    for (int second = 0; second <= 100; second++) {
      page(second, 2.0 * second);
    }
    assertThat(rate("x", 0)).hasValueCloseTo(2.0, within(1e-9));
    assertThat(rate("x", 96)).hasValueCloseTo(2.0, within(1e-9));
  }
}

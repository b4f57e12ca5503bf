package dev.firebreak.cascade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.cascade.SyntheticRuns.Tally;
import dev.firebreak.cascade.SyntheticRuns.Truth;
import dev.firebreak.cascade.SyntheticSystem.Setting;
import org.junit.jupiter.api.Test;

/** Laws that hold for whole systems, of whatever seed; a failure names the first of its seeds. */
class CascadePropertiesTest {
  private static final long SEED = Long.getLong("firebreak.seed", 20_261_124L);
  private static final int RUNS = 30;

  /** As Prometheus sees six services: every 5 s, quantiles and rates over a minute. */
  private static final Setting FIVE_SECONDS = new Setting(6, 5, 60, 0.1, 6);

  /** More services, and load that swings by 30 %. */
  private static final Setting SWINGING = new Setting(12, 5, 60, 0.3, 6);

  /** As a scrape sees the example shop: every second, over four seconds, with a short baseline. */
  private static final Setting ONE_SECOND = new Setting(6, 1, 4, 0.05, 2);

  private static final Setting ONE_MINUTE = new Setting(10, 60, 60, 0.2, 6);

  private static Tally runs(Setting setting, Truth truth, int history, int fault) {
    return SyntheticRuns.tally(
        CascadeDetectors.online(), setting, truth, history, fault, SEED, RUNS);
  }

  private static void law(Tally tally, int atLeast, int atMost) {
    assertThat(tally.halted())
        .as("halted of %d runs from seed %d on", RUNS, SEED)
        .isBetween(atLeast, atMost);
  }

  @Test
  void hardlyEverHaltsWithoutAFault() {
    law(runs(FIVE_SECONDS, Truth.NOTHING_INJECTED, 600, 180), 0, 1);
    law(runs(SWINGING, Truth.NOTHING_INJECTED, 600, 180), 0, 1);
    law(runs(ONE_SECOND, Truth.NOTHING_INJECTED, 20, 60), 0, 2);
    law(runs(ONE_MINUTE, Truth.NOTHING_INJECTED, 2400, 300), 0, 1);
  }

  @Test
  void hardlyEverHaltsWhenTheFaultStaysInside() {
    law(runs(FIVE_SECONDS, Truth.CONTAINED, 600, 180), 0, 1);
    law(runs(SWINGING, Truth.CONTAINED, 600, 180), 0, 1);
    law(runs(ONE_SECOND, Truth.CONTAINED, 20, 60), 0, 3);
  }

  @Test
  void findsCascadesInTime() {
    Tally fine = runs(FIVE_SECONDS, Truth.CASCADE, 600, 180);
    law(fine, RUNS - 1, RUNS);
    assertThat(fine.medianDelay()).isLessThanOrEqualTo(40);
    law(runs(ONE_SECOND, Truth.CASCADE, 20, 60), RUNS - 4, RUNS);
    law(runs(ONE_MINUTE, Truth.CASCADE, 2400, 300), RUNS - 1, RUNS);
  }
}

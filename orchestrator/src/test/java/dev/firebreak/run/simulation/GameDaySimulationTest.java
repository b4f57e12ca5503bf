package dev.firebreak.run.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.run.Outcome;
import dev.firebreak.run.simulation.SimulatedGameDay.Result;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Random GameDays against what may never break. {@code -Dfirebreak.simulation.seeds=10000} plays
 * more of them, {@code -Dfirebreak.simulation.first=4711} others; a seed that fails is printed with
 * all that happened in it, and gives the same again.
 */
class GameDaySimulationTest {
  private static final int SEEDS = Integer.getInteger("firebreak.simulation.seeds", 5_000);

  /** Nothing more is played once one of so many has failed. */
  private static final int AT_ONCE = 250;

  private static final long FIRST = Long.getLong("firebreak.simulation.first", 1);

  @Test
  void noGameDayLeavesAFaultOrTouchesForeignStateOrHoldsWithoutEvidence() {
    List<Result> failed = new ArrayList<>();
    Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
    long end = FIRST + SEEDS;
    for (long from = FIRST; from < end && failed.isEmpty(); from += AT_ONCE) {
      LongStream.range(from, Math.min(end, from + AT_ONCE))
          .parallel()
          .mapToObj(SimulatedGameDay::play)
          .forEachOrdered(
              result -> {
                result.outcomes().forEach(outcome -> outcomes.merge(outcome, 1, Integer::sum));
                if (!result.violations().isEmpty()) {
                  failed.add(result);
                }
              });
    }

    System.out.printf(
        "runs of simulated GameDays, %d seeds from %d on, ended in %s%n", SEEDS, FIRST, outcomes);
    failed.stream().limit(1).forEach(GameDaySimulationTest::print);
    assertThat(failed).extracting(Result::seed, Result::violations).isEmpty();
    assertThat(outcomes.keySet()).as("every kind of ending is reached").containsAll(everyEnding());
  }

  private static List<Outcome> everyEnding() {
    return SEEDS < 500 ? List.of() : List.of(Outcome.values());
  }

  private static void print(Result result) {
    System.out.printf("the GameDay of seed %d%n", result.seed());
    result.chronicle().forEach(line -> System.out.println("  world " + line));
    result.told().forEach(event -> System.out.println("  told  " + event));
  }

  @Test
  void theSameSeedGivesTheSameGameDay() {
    for (long seed = FIRST; seed < FIRST + 50; seed++) {
      assertThat(SimulatedGameDay.play(seed)).isEqualTo(SimulatedGameDay.play(seed));
    }
  }
}

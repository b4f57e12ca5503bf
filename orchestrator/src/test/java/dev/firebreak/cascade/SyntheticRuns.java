package dev.firebreak.cascade;

import dev.firebreak.cascade.SyntheticSystem.Effect;
import dev.firebreak.cascade.SyntheticSystem.Setting;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Many GameDays on synthetic systems, counted. */
final class SyntheticRuns {
  /** What the fault of a run does outside the radius. */
  enum Truth {
    NOTHING_INJECTED,
    CONTAINED,
    CASCADE
  }

  /**
   * What came of the runs.
   *
   * @param delays seconds from the beginning of the degradation to the halt
   */
  record Tally(int runs, int halted, List<Integer> delays, double hours) {
    int medianDelay() {
      return delays.isEmpty() ? -1 : delays.stream().sorted().toList().get(delays.size() / 2);
    }
  }

  private SyntheticRuns() {}

  static Tally tally(
      CascadeDetectorFactory detectors,
      Setting setting,
      Truth truth,
      int historySeconds,
      int faultSeconds,
      long firstSeed,
      int runs) {
    int halted = 0;
    List<Integer> delays = new ArrayList<>();
    for (int run = 0; run < runs; run++) {
      int delay = run(detectors, setting, truth, historySeconds, faultSeconds, firstSeed + run);
      if (delay >= 0) {
        halted++;
        delays.add(delay);
      }
    }
    return new Tally(runs, halted, delays, runs * faultSeconds / 3600.0);
  }

  /** Seconds from the degradation outside, or else the injection, to the halt; -1 without one. */
  private static int run(
      CascadeDetectorFactory detectors,
      Setting setting,
      Truth truth,
      int historySeconds,
      int faultSeconds,
      long seed) {
    SyntheticSystem system = new SyntheticSystem(seed, setting);
    Random random = new Random(seed * 31 + 7);
    ServiceName target = system.names.get(1 + random.nextInt(system.names.size() - 1));
    CascadeDetector detector =
        detectors.create(
            system.watch(
                truth == Truth.NOTHING_INJECTED ? Set.of() : Set.of(target),
                Duration.ofSeconds(faultSeconds)));
    while (system.second() < setting.windowSeconds()) {
      system.next();
    }
    int injection = setting.windowSeconds() + historySeconds;
    while (system.second() < injection) {
      double[] values = system.next();
      detector.learn(system.now(), values);
    }
    detector.injected(system.now());
    int start = system.second();
    if (truth != Truth.NOTHING_INJECTED) {
      system.feels(new Effect(target, 5 + 10 * random.nextDouble(), 0, start));
    }
    if (truth == Truth.CASCADE) {
      start += 5 + random.nextInt(10);
      int from = start;
      double factor = 2 + 6 * random.nextDouble();
      double errors = random.nextInt(3) == 0 ? .05 + .2 * random.nextDouble() : 0;
      for (ServiceName caller : system.callers(target)) {
        system.feels(new Effect(caller, errors > 0 ? 1 : factor, errors, from));
        from += 5;
        factor = 1 + (factor - 1) * .8;
      }
    }
    while (system.second() < injection + faultSeconds) {
      double[] values = system.next();
      detector.judge(system.now(), values);
      if (detector.escaped()) {
        return Math.max(0, system.second() - start);
      }
    }
    return -1;
  }
}

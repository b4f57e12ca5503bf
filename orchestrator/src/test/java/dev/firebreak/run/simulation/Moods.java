package dev.firebreak.run.simulation;

import java.util.random.RandomGenerator;

/**
 * How often things go wrong in one seed's world, each as a probability per call.
 *
 * @param lostRequest nothing happened, and the caller waited in vain
 * @param lostReply it happened, and the caller waited in vain
 * @param lie the answer is not true
 * @param broken the injector throws what it must not
 * @param slow the answer takes up to 30 s
 * @param never the answer does not come, and the call does not return
 * @param reappear what was removed comes back once, within two seconds
 */
record Moods(
    double lostRequest,
    double lostReply,
    double lie,
    double broken,
    double slow,
    double never,
    double reappear) {
  static Moods calm() {
    return new Moods(0, 0, 0, 0, 0, 0, 0);
  }

  /** A few things go wrong often, most of them never. */
  static Moods drawn(RandomGenerator random) {
    return new Moods(
        draw(random),
        draw(random),
        draw(random),
        draw(random),
        draw(random),
        draw(random) / 4,
        draw(random));
  }

  private static double draw(RandomGenerator random) {
    return random.nextInt(4) == 0 ? random.nextDouble() * 0.4 : 0;
  }
}

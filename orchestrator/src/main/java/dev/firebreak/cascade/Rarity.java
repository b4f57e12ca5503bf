package dev.firebreak.cascade;

/**
 * How seldom a series was bad before the injection. It makes no assumption about a tail: only what
 * was really seen counts, and only against a degradation that outlasts it.
 *
 * @param surprise {@code -ln p} of one independent look that is bad, at least 0
 * @param samples that a degradation must last without a gap before this counts
 */
record Rarity(double surprise, int samples) {
  /** Fewer looks in a row may be one incident that the history was too short to show. */
  private static final int FEWEST_LOOKS = 4;

  /** A degradation must last so many times as long as the longest of the history. */
  private static final int TIMES_THE_LONGEST = 2;

  /**
   * Measures the history: of {@code n} looks {@code k} were bad, {@code p = (k + 1) / (n + 1)}, the
   * rank p-value of a further look that is (Phipson and Smyth 2010).
   *
   * @param values in the order of time and in the unit in which up is bad
   * @param badFrom the same unit
   * @param decorrelation samples that make one look, at least 1
   */
  static Rarity of(double[] values, double badFrom, double decorrelation) {
    int bad = 0;
    int run = 0;
    int longest = 0;
    for (double value : values) {
      run = value >= badFrom ? run + 1 : 0;
      bad += value >= badFrom ? 1 : 0;
      longest = Math.max(longest, run);
    }
    double p = (bad / decorrelation + 1) / (values.length / decorrelation + 1);
    int lasting = (int) Math.ceil(FEWEST_LOOKS * decorrelation);
    return new Rarity(-StrictMath.log(p), Math.max(lasting, TIMES_THE_LONGEST * longest + 1));
  }
}

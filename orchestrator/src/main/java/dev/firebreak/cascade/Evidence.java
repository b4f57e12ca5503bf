package dev.firebreak.cascade;

/**
 * How much samples say against "as before the injection", as {@code -ln p}, the surprise. All
 * formulas use {@link StrictMath}, so that every JDK computes the same bits.
 */
final class Evidence {
  private static final double LN_2 = StrictMath.log(2);

  private Evidence() {}

  /**
   * The surprise of one sample z scales above the median, by a closed upper bound of Student's
   * tail: {@code p <= (1 + z^2/nu)^(-nu/2) / 2}, which for nu to infinity is the Chernoff bound
   * {@code exp(-z^2/2)/2} of the normal one.
   *
   * @param z at least 0
   */
  static double surprise(double z, double nu) {
    return LN_2 + nu / 2 * StrictMath.log1p(z * z / nu);
  }

  /** The z at which {@link #surprise} is {@code -ln p}, for p up to one half. */
  static double scalesAt(double p, double nu) {
    return StrictMath.sqrt(nu * (StrictMath.pow(2 * p, -2 / nu) - 1));
  }

  /**
   * What it costs to have watched since the injection: an onset at the k-th look has the share
   * {@code 1 / (k (k + 1))} of the budget; the shares sum to 1, so that no horizon is too long.
   *
   * @param look 1 for the first
   */
  static double lateness(double look) {
    return StrictMath.log(look * (look + 1));
  }
}

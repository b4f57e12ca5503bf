package dev.firebreak.cascade;

/**
 * How much one sample says against "as before the injection". All formulas use {@link StrictMath},
 * so that every JDK computes the same bits.
 */
final class Evidence {
  private Evidence() {}

  /**
   * {@code -ln p} of a sample z scales above the median, by a closed upper bound of Student's tail:
   * {@code p <= (1 + z^2/nu)^(-nu/2) / 2}, which for nu to infinity is the Chernoff bound {@code
   * exp(-z^2/2)/2}.
   */
  static double surprise(double z, double nu) {
    return StrictMath.log(2) + nu / 2 * StrictMath.log1p(z * z / nu);
  }

  /** The z at which {@link #surprise} is {@code -ln p}, for p up to one half. */
  static double scalesAt(double p, double nu) {
    return StrictMath.sqrt(nu * (StrictMath.pow(2 * p, -2 / nu) - 1));
  }

}

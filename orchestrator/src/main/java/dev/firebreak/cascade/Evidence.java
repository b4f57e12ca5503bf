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

  /**
   * The logarithm of the e-value of a p-value by the calibrator without a parameter, {@code (1 - p
   * + p ln p) / (p (ln p)^2)}: the mean of {@code k p^(k-1)} over all k in 0..1 (Vovk and Wang,
   * "E-values: calibration, combination and applications", Annals of Statistics 2021).
   *
   * @param surprise {@code -ln p}, above zero
   */
  static double logE(double surprise) {
    double p = StrictMath.exp(-surprise);
    return surprise + StrictMath.log(1 - p - p * surprise) - 2 * StrictMath.log(surprise);
  }
}

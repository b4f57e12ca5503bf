package dev.firebreak.cascade;

/**
 * The few numbers that are chosen and not measured. The same for every system and sampling step.
 *
 * @param budget the share of fault-free runs that may halt, were the assumed tail exact
 * @param tailFreedom degrees of freedom of the Student tail beyond the baseline; fewer is heavier
 * @param logScale floor of the scale of latency and traffic, in units of the natural logarithm
 * @param ratioScale floor of the scale of ratios
 * @param fewestLooks independent looks that a degradation must last at least
 * @param fewestSamples samples that it must last at least where they are correlated
 * @param lastingLooks share of a look that it must last there
 * @param lastingSeconds and seconds that it must last there
 * @param loneLooks looks that it must last if one quantile of several shows it alone
 * @param callersShare share of the budget for services that call the radius
 * @param neighboursShare share for services that the graph ties to it in another way
 * @param incidentSurprise {@code -ln p} from which on a sample of the history is far off
 * @param incidentLooks looks that several services must be far off together for an incident
 */
record Tuning(
    double budget,
    double tailFreedom,
    double logScale,
    double ratioScale,
    int fewestLooks,
    int fewestSamples,
    double lastingLooks,
    double lastingSeconds,
    double loneLooks,
    double callersShare,
    double neighboursShare,
    double incidentSurprise,
    double incidentLooks) {
  static final Tuning DEFAULT =
      new Tuning(1e-2, 6, 0.05, 0.002, 2, 3, 0.25, 6, 1.5, 0.75, 0.2, 7, 2);

  Tuning withBudget(double other) {
    return new Tuning(
        other,
        tailFreedom,
        logScale,
        ratioScale,
        fewestLooks,
        fewestSamples,
        lastingLooks,
        lastingSeconds,
        loneLooks,
        callersShare,
        neighboursShare,
        incidentSurprise,
        incidentLooks);
  }

  /** {@code -ln} of the budget. */
  double threshold() {
    return -StrictMath.log(budget);
  }
}

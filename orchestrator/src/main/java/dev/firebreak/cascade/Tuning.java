package dev.firebreak.cascade;

/**
 * The few numbers that are chosen and not measured. The same for every system and sampling step.
 *
 * @param falseHaltBudget the share of fault-free runs that may halt, were every model exact
 * @param fewest x
 * @param incidentSurprise x
 * @param incidentServices x
 * @param incidentLooks x
 * @param incidentShare x
 * @param tailFreedom degrees of freedom of the Student tail beyond the baseline; fewer is heavier
 * @param latencyScale floor of the scale of latency and traffic, in units of the logarithm
 * @param ratioScale floor of the scale of ratios
 * @param trim trimmed
 * @param callersShare share of the evidence budget for services that call the radius
 * @param neighboursShare share for services that the graph ties to it in another way
 */
record Tuning(
    double falseHaltBudget,
    double fewest,
    double incidentSurprise,
    double incidentServices,
    double incidentLooks,
    double incidentShare,
    double tailFreedom,
    double latencyScale,
    double ratioScale,
    double trim,
    double callersShare,
    double neighboursShare) {
  static final Tuning DEFAULT = new Tuning(1e-2, 2, 7, 2, 3, 0.5, 5, 0.05, 0.002, 0.0, 0.75, 0.2);

  /** The evidence, as a natural logarithm, from which on a service counts as degraded. */
  double threshold() {
    return -StrictMath.log(falseHaltBudget);
  }
}

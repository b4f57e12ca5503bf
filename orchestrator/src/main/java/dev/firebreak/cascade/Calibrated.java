package dev.firebreak.cascade;

import java.time.Instant;

/**
 * What is known of an experiment's false halts before it runs.
 *
 * @param measuredAt when it was measured
 * @param recordedHours how long the history was from which GameDays were drawn
 * @param rate with the budget that the experiment has
 */
public record Calibrated(Instant measuredAt, double recordedHours, FalseHaltRate rate) {}

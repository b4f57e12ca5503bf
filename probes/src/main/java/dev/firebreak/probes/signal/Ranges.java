package dev.firebreak.probes.signal;

import java.time.Duration;

/**
 * How far back a query looks.
 *
 * @param rate the window of a rate
 * @param freshness the greatest age of a sample that still counts as evidence
 */
public record Ranges(Duration rate, Duration freshness) {}

package dev.firebreak.probes.signal;

/**
 * A counter whose labels tell who calls whom.
 *
 * @param calls increases with each call
 */
public record CallEdges(Selector calls, String callerLabel, String calleeLabel) {}

package dev.firebreak.run;

import java.time.Instant;

/**
 * Why a run was ended early.
 *
 * @param detail one sentence with the facts
 * @param breachAt when the breach was seen or the wish was heard
 */
public record HaltCause(Kind kind, String detail, Instant breachAt) {
  /** Who or what halted. */
  public enum Kind {
    /** Something outside the radius degraded. */
    CASCADE,
    /** The steady-state hypothesis broke. */
    HYPOTHESIS,
    /** No evidence for too long. */
    BLIND,
    /** A person or the kill switch. */
    PERSON,
    /** An injector could not start its fault, or a fault did not bite. */
    FAULT,
    /** Firebreak itself broke. */
    INTERNAL
  }
}

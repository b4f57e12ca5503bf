package dev.firebreak.run;

/** How a run ended. */
public enum Outcome {
  /** The fault bit, the hypothesis held, nothing escaped, and enough was seen to say so. */
  HELD,
  /** The hypothesis broke, but nothing escaped. */
  DEVIATED,
  /** Too little was seen to tell. */
  INCONCLUSIVE,
  /** The fault was not confirmed to have any effect. */
  INVALID,
  /** Something outside the radius degraded because of the fault. */
  CASCADED,
  /** A precondition did not hold; nothing was injected. */
  REFUSED,
  /** A person ended it. */
  ABORTED,
  /** Firebreak itself broke. */
  FAILED;

  /** The one that a reader must hear of first; later in this list is worse. */
  public Outcome worseOf(Outcome other) {
    return other.compareTo(this) > 0 ? other : this;
  }
}

package dev.firebreak.fault;

/**
 * What a look at a fault's effect showed.
 *
 * @param evidence what was seen, in one sentence with figures
 */
public record Observation(Presence presence, String evidence) {
  /** Whether the fault is there. */
  public enum Presence {
    /** Its effect was seen. */
    PRESENT,
    /** The target says that it is in place; the effect itself was not looked at. */
    IN_PLACE,
    /** The effect is gone, or provably cannot be there. */
    GONE,
    /** Could not tell: a time-out, an error, a lost reply. May still be there. */
    UNKNOWN
  }

  public static Observation present(String evidence) {
    return new Observation(Presence.PRESENT, evidence);
  }

  public static Observation inPlace(String evidence) {
    return new Observation(Presence.IN_PLACE, evidence);
  }

  public static Observation gone(String evidence) {
    return new Observation(Presence.GONE, evidence);
  }

  public static Observation unknown(String evidence) {
    return new Observation(Presence.UNKNOWN, evidence);
  }
}

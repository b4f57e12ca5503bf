package dev.firebreak.annotations.grafana;

import org.jspecify.annotations.Nullable;

/**
 * How far a mark got on its way to Grafana.
 *
 * @param id empty while unknown; marks of earlier versions have numbers, and 0 for that
 * @param settled what Grafana is known to have; null if that is not known
 * @param patched what was sent to it as a change and not read back yet
 * @param recheckAt when to look whether a late request made a double, in milliseconds since 1970; 0
 *     if there is no reason to
 * @param rebuilds how often it was made anew, because a change did not show or its name was taken
 */
record Delivery(
    State state,
    String id,
    @Nullable Mark settled,
    @Nullable Mark patched,
    long recheckAt,
    int rebuilds) {
  private static final String UNKNOWN = "";

  Delivery {
    id = id.equals("0") ? UNKNOWN : id;
  }

  /** What is known about the annotation itself. */
  enum State {
    /** Nothing was ever sent, or it was deleted for certain. */
    UNSENT,
    /** Sent, and the answer was lost: it may be there. */
    SENT,
    /** Grafana said that it has it. */
    ACKNOWLEDGED,
    /** Grafana will never take it. */
    REJECTED
  }

  static final Delivery UNSENT = new Delivery(State.UNSENT, UNKNOWN, null, null, 0, 0);

  Delivery sending() {
    return new Delivery(State.SENT, UNKNOWN, null, null, recheckAt, rebuilds);
  }

  Delivery unsent() {
    return new Delivery(State.UNSENT, UNKNOWN, null, null, recheckAt, rebuilds);
  }

  Delivery rejected() {
    return new Delivery(State.REJECTED, UNKNOWN, null, null, 0, rebuilds);
  }

  /** Grafana has it, and does not say under which id. */
  Delivery taken() {
    return new Delivery(State.ACKNOWLEDGED, UNKNOWN, null, null, recheckAt, rebuilds);
  }

  Delivery acknowledged(String newId, @Nullable Mark nowSettled) {
    return new Delivery(State.ACKNOWLEDGED, newId, nowSettled, null, recheckAt, rebuilds);
  }

  Delivery patched(String newId, Mark mark) {
    return new Delivery(State.ACKNOWLEDGED, newId, null, mark, recheckAt, rebuilds);
  }

  Delivery recheckedAt(long millis) {
    return new Delivery(state, id, settled, patched, millis, rebuilds);
  }

  Delivery rebuilding() {
    return new Delivery(State.SENT, UNKNOWN, null, null, recheckAt, rebuilds + 1);
  }
}

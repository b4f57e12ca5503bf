package dev.firebreak.annotations.silences;

import org.jspecify.annotations.Nullable;

/**
 * A silence and how far it got.
 *
 * @param id null while unknown
 * @param doubtful whether the answer to a request was lost, so that there may be more of it than
 *     one knows
 * @param lifted whether it is to end
 * @param recheckAt when to look whether a late request made another, in milliseconds since 1970; 0
 *     if that is not planned
 */
record Entry(
    SilenceWish wish,
    State state,
    @Nullable String id,
    boolean doubtful,
    boolean lifted,
    long recheckAt) {
  /** What is known about the silence itself. */
  enum State {
    /** Nothing was sent, or certainly nothing came of it. */
    WANTED,
    /** About to be sent, or sent and the answer was lost. */
    SENT,
    /** Alertmanager said that it has it. */
    MADE,
    /** It has ended, or there will never be one. */
    OVER
  }

  static Entry wanted(SilenceWish wish) {
    return new Entry(wish, State.WANTED, null, false, false, 0);
  }

  Entry in(State next) {
    return new Entry(wish, next, id, doubtful, lifted, recheckAt);
  }

  Entry made(String newId) {
    return new Entry(wish, State.MADE, newId, doubtful, lifted, recheckAt);
  }

  Entry doubted() {
    return new Entry(wish, state, id, true, lifted, recheckAt);
  }

  Entry lift() {
    return new Entry(wish, state, id, doubtful, true, recheckAt);
  }

  Entry recheckedAt(long millis) {
    return new Entry(wish, state, id, doubtful, lifted, millis);
  }

  boolean over() {
    return state == State.OVER;
  }

  /** Whether all that is known of it has ended, and a last look is all that is left. */
  boolean lookedFor() {
    return lifted && recheckAt > 0;
  }

  /** Whether there is something to do now. */
  boolean due(long nowMillis) {
    if (over()) {
      return false;
    }
    return lifted ? recheckAt <= nowMillis : state != State.MADE || nowMillis >= wish.endsAt();
  }
}

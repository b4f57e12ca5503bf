package dev.firebreak.injector.http;

import dev.firebreak.injector.http.HttpCalls.Call;
import java.time.Duration;

/** A request got no whole answer. */
public final class CallFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Whether the request may have been received, and done. */
  public enum Arrival {
    /** There was no connection: certainly nothing was done. */
    IMPOSSIBLE,
    /** It may have been done, or may be done yet. */
    POSSIBLE
  }

  private final Arrival arrival;
  private final boolean late;

  private CallFailedException(String message, Throwable cause, Arrival arrival, boolean late) {
    super(message, cause);
    this.arrival = arrival;
    this.late = late;
  }

  static CallFailedException notSent(Call call, Throwable cause) {
    return new CallFailedException(call + ": no connection", cause, Arrival.IMPOSSIBLE, false);
  }

  static CallFailedException late(Call call, Duration deadline, Throwable cause) {
    return new CallFailedException(
        call + ": no answer within " + deadline.toMillis() + " ms", cause, Arrival.POSSIBLE, true);
  }

  static CallFailedException lost(Call call, String why, Throwable cause) {
    return new CallFailedException(call + ": no answer: " + why, cause, Arrival.POSSIBLE, false);
  }

  public Arrival arrival() {
    return arrival;
  }

  /** Whether the deadline passed before the answer was there. */
  public boolean late() {
    return late;
  }
}

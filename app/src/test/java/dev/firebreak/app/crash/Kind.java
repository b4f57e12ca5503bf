package dev.firebreak.app.crash;

/** What happens to a run at its fail point. */
enum Kind {
  /** Its process group is killed, and nothing is started again: the guard is alone. */
  KILL("KILL"),

  /** Its process group is paused for longer than the lease, and wakes up later. */
  STOP("STOP"),

  /**
   * It is killed together with its guard just after the injection; the recovery is started, and
   * killed at the fail point; then the recovery is started once more.
   */
  AGAIN("KILL");

  private final String signal;

  Kind(String signal) {
    this.signal = signal;
  }

  /** The signal's name, as {@code kill} takes it. */
  String signal() {
    return signal;
  }
}

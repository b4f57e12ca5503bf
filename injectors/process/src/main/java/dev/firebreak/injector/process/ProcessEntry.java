package dev.firebreak.injector.process;

/**
 * One process as the system tells it.
 *
 * @param parent its pid, 0 if there is none
 * @param owner the user, in the system's words
 * @param commandLine program and arguments, parted by blanks; empty for a kernel thread
 */
record ProcessEntry(
    ProcessIdentity identity, long parent, String owner, State state, String commandLine) {
  /** What it does, as far as a fault is concerned. */
  enum State {
    RUNNING,
    STOPPED,
    /** Held by a debugger. */
    TRACED,
    /** In a system call that no signal interrupts: a stop may be pending. */
    UNINTERRUPTIBLE,
    /** Only its entry is left. */
    DEAD;

    /** Reads the letter that {@code ps} and {@code /proc} have for it. */
    static State of(char letter) {
      return switch (letter) {
        case 'T' -> STOPPED;
        case 't' -> TRACED;
        case 'D', 'U' -> UNINTERRUPTIBLE;
        case 'Z', 'X', 'x' -> DEAD;
        default -> RUNNING;
      };
    }
  }

  long pid() {
    return identity.pid();
  }

  boolean alive() {
    return state != State.DEAD;
  }
}

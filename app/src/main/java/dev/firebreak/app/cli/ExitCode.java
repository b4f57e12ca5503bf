package dev.firebreak.app.cli;

import dev.firebreak.run.Outcome;

/** What the program's exit status says to scripts. */
public final class ExitCode {
  public static final int HELD = 0;

  /** The command was wrong, or the file. */
  public static final int USAGE = 2;

  public static final int FAILED = 70;

  private ExitCode() {}

  public static int of(Outcome outcome) {
    return switch (outcome) {
      case HELD -> HELD;
      case DEVIATED -> 1;
      case CASCADED -> 3;
      case INCONCLUSIVE, INVALID -> 4;
      case REFUSED -> 5;
      case ABORTED -> 6;
      case FAILED -> FAILED;
    };
  }
}

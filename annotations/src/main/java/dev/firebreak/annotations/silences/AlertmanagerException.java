package dev.firebreak.annotations.silences;

import org.jspecify.annotations.Nullable;

/** Alertmanager could not, or said no. The message has the facts, never the token. */
final class AlertmanagerException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What went wrong, as far as it decides what to do next. */
  enum Problem {
    /** The request is wrong; it will not be accepted later either. */
    INVALID,
    /** Whoever stands before Alertmanager wants another token. */
    REFUSED,
    /** There is no such silence. */
    GONE,
    /** Too busy, or broken for now; a silence may have been made nevertheless. */
    UNAVAILABLE,
    /** No answer, or none in time; a silence may have been made nevertheless. */
    UNREACHABLE,
    /** An answer that Alertmanager does not give: another server, a login page, a wrong path. */
    UNEXPECTED
  }

  private final Problem problem;

  AlertmanagerException(Problem problem, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.problem = problem;
  }

  Problem problem() {
    return problem;
  }

  /** Whether certainly no silence was made. */
  boolean nothingDone() {
    return switch (problem) {
      case INVALID, REFUSED, GONE -> true;
      case UNAVAILABLE, UNREACHABLE, UNEXPECTED -> false;
    };
  }
}

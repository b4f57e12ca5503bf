package dev.firebreak.annotations.grafana;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Grafana could not, or said no. The message has the facts, never the token. */
public final class GrafanaException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What went wrong, as far as it decides what to do next. */
  public enum Problem {
    /** The request is wrong; it will not be accepted later either. */
    INVALID,
    /** The token is unknown, expired or revoked. */
    UNAUTHORIZED,
    /** The token lacks a right; the message says which. */
    FORBIDDEN,
    /** The annotation does not exist. */
    GONE,
    /** Too busy, or broken for now; a write may have been done nevertheless. */
    UNAVAILABLE,
    /** No answer, or none in time; a write may have been done nevertheless. */
    UNREACHABLE,
    /** An answer that Grafana does not give: another server, a login page, a wrong path. */
    UNEXPECTED
  }

  private final Problem problem;
  private final transient Optional<Duration> retryAfter;

  GrafanaException(
      Problem problem, String message, Optional<Duration> retryAfter, @Nullable Throwable cause) {
    super(message, cause);
    this.problem = problem;
    this.retryAfter = retryAfter;
  }

  GrafanaException(Problem problem, String message, @Nullable Throwable cause) {
    this(problem, message, Optional.empty(), cause);
  }

  public Problem problem() {
    return problem;
  }

  /** How long Grafana wants to be left alone, if it said so. */
  Optional<Duration> retryAfter() {
    return retryAfter;
  }

  /** Whether a write was certainly not done. */
  boolean nothingDone() {
    return switch (problem) {
      case INVALID, UNAUTHORIZED, FORBIDDEN, GONE -> true;
      case UNAVAILABLE, UNREACHABLE, UNEXPECTED -> false;
    };
  }
}

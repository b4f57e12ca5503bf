package dev.firebreak.annotations.grafana;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    /** There is no such dashboard for this token; nothing was written. */
    NO_DASHBOARD,
    /** The annotation does not exist. */
    GONE,
    /** There is, or was, an annotation of this name. */
    TAKEN,
    /** Too busy, or broken for now; a write may have been done nevertheless. */
    UNAVAILABLE,
    /** No answer, or none in time; a write may have been done nevertheless. */
    UNREACHABLE,
    /** An answer that Grafana does not give: another server, a login page, a wrong path. */
    UNEXPECTED
  }

  private static final Pattern NEEDED = Pattern.compile("Permissions needed: ([a-z.]+:[a-z]+)");

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

  /** The right that the token lacks, if Grafana named it. */
  Optional<String> missingRight() {
    Matcher named = NEEDED.matcher(String.valueOf(getMessage()));
    return named.find() ? Optional.of(named.group(1)) : Optional.empty();
  }

  /** Whether only a person can help, by another token, more rights, or another setting. */
  boolean needsAPerson() {
    return switch (problem) {
      case UNAUTHORIZED, FORBIDDEN, NO_DASHBOARD -> true;
      case INVALID, GONE, TAKEN, UNAVAILABLE, UNREACHABLE, UNEXPECTED -> false;
    };
  }

  /** How long Grafana wants to be left alone, if it said so. */
  Optional<Duration> retryAfter() {
    return retryAfter;
  }

  /** Whether a write was certainly not done. */
  boolean nothingDone() {
    return switch (problem) {
      case INVALID, UNAUTHORIZED, FORBIDDEN, NO_DASHBOARD, GONE, TAKEN -> true;
      case UNAVAILABLE, UNREACHABLE, UNEXPECTED -> false;
    };
  }
}

package dev.firebreak.app.replay;

/** A recorded case cannot be read. The message names file, line and what is wrong. */
public final class CaseException extends Exception {
  private static final long serialVersionUID = 1L;

  CaseException(String message) {
    super(message);
  }

  CaseException(String message, Throwable cause) {
    super(message, cause);
  }
}

package dev.firebreak.injector.chaosmonkey;

/** The endpoint answered, but not as Chaos Monkey does. */
final class UnexpectedAnswerException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;

  UnexpectedAnswerException(String message) {
    super(message);
    this.status = 0;
  }

  UnexpectedAnswerException(String message, Throwable cause) {
    super(message, cause);
    this.status = 0;
  }

  UnexpectedAnswerException(String message, int status) {
    super(message);
    this.status = status;
  }

  /** Whether the server said that it did not do it, as far as a status can say so. */
  boolean declined() {
    return status >= 400 && status < 500;
  }
}

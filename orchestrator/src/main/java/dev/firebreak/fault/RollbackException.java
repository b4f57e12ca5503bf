package dev.firebreak.fault;

/** A fault could not be removed, or it is not certain that it was. */
public final class RollbackException extends Exception {
  private static final long serialVersionUID = 1L;

  public RollbackException(String message) {
    super(message);
  }

  public RollbackException(String message, Throwable cause) {
    super(message, cause);
  }
}

package dev.firebreak.run;

/** The guard did not take an undo record over. */
public final class GuardException extends Exception {
  private static final long serialVersionUID = 1L;

  public GuardException(String message) {
    super(message);
  }

  public GuardException(String message, Throwable cause) {
    super(message, cause);
  }
}

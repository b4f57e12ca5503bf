package dev.firebreak.app.demo;

/** The demo could not go on. The message says what is missing and where to look. */
public final class DemoException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean usage;

  DemoException(String message) {
    this(message, false);
  }

  private DemoException(String message, boolean usage) {
    super(message);
    this.usage = usage;
  }

  /** What was asked for is not possible. */
  static DemoException usage(String message) {
    return new DemoException(message, true);
  }

  /** Whether the command was wrong, and not the demo. */
  public boolean isUsage() {
    return usage;
  }

  DemoException(String message, Throwable cause) {
    super(message, cause);
    this.usage = false;
  }
}

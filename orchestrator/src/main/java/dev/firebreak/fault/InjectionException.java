package dev.firebreak.fault;

import org.jspecify.annotations.Nullable;

/** A fault could not be planned, armed or started. The message carries the facts. */
public final class InjectionException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean ambiguous;

  private InjectionException(String message, @Nullable Throwable cause, boolean ambiguous) {
    super(message, cause);
    this.ambiguous = ambiguous;
  }

  /** Certainly nothing was changed. */
  public static InjectionException refused(String message) {
    return new InjectionException(message, null, false);
  }

  /** Certainly nothing was changed. */
  public static InjectionException refused(String message, Throwable cause) {
    return new InjectionException(message, cause, false);
  }

  /** The request may have taken effect: treated as injected. */
  public static InjectionException ambiguous(String message, @Nullable Throwable cause) {
    return new InjectionException(message, cause, true);
  }

  public boolean ambiguous() {
    return ambiguous;
  }
}

package dev.firebreak.app.plugin;

/** A jar in {@code plugins/} cannot be used. The message names it and says why. */
public final class PluginException extends Exception {
  private static final long serialVersionUID = 1L;

  PluginException(String message, Throwable cause) {
    super(message, cause);
  }
}

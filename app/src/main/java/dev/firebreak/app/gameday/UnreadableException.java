package dev.firebreak.app.gameday;

/** The document cannot be read any further; what is wrong is already told. */
final class UnreadableException extends Exception {
  private static final long serialVersionUID = 1L;

  UnreadableException() {
    super("the document cannot be read any further", null, false, false);
  }
}

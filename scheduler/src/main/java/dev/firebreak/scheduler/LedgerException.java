package dev.firebreak.scheduler;

/** The ledger could not be read or written; a fire whose claim ends so is not run. */
public final class LedgerException extends Exception {
  private static final long serialVersionUID = 1L;

  LedgerException(String message, Throwable cause) {
    super(message + ": " + cause, cause);
  }
}

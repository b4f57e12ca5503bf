package dev.firebreak.probes.prometheus;

import java.io.IOException;

/** A query that has no usable answer. The message says why, without the address. */
final class QueryException extends IOException {
  private static final long serialVersionUID = 1L;

  QueryException(String message) {
    super(message);
  }

  QueryException(String message, Throwable cause) {
    super(message, cause);
  }
}

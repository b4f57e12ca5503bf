package dev.firebreak.probes.scrape;

/** A line that is not of the format. Has no stack trace: a page may have very many. */
final class MalformedLine extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedLine(String message) {
    super(message, null, false, false);
  }
}

package dev.firebreak.probe;

/** Is told of each request for metrics that had no usable answer. Called from any thread. */
@FunctionalInterface
public interface QueryFailures {
  /** Who was asked. */
  enum Source {
    PROMETHEUS,
    SCRAPE
  }

  /** What went wrong. */
  enum Kind {
    /** No answer within the deadline, or the question was given up. */
    TIMEOUT,
    /** Nobody listens there. */
    REFUSED,
    /** An answer came, and it was an error or could not be read. */
    ANSWER,
    /** The connection or the host's name. */
    NETWORK
  }

  /** One request failed. Returns at once and throws nothing. */
  void failed(Source source, Kind kind);

  /** Tells nobody. */
  static QueryFailures untold() {
    return (source, kind) -> {};
  }
}

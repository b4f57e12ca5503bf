package dev.firebreak.probe;

/**
 * Where samples come from. Used by one thread at a time; every call returns or throws within its
 * own deadline of a few seconds.
 */
public interface MetricSource extends AutoCloseable {
  /**
   * Looks at what the source has.
   *
   * @throws ProbeException if the source cannot be reached or knows no signal at all
   */
  Discovery discover() throws ProbeException;

  /**
   * Reads every series that {@link #discover} found, and any of the same signals that appeared
   * since.
   *
   * @throws ProbeException if there was no evidence at all in the answer
   */
  Reading read() throws ProbeException;

  @Override
  void close();
}

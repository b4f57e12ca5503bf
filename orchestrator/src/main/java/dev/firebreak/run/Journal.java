package dev.firebreak.run;

/** Takes down what happens, before anyone is told. Used by one thread. */
public interface Journal extends AutoCloseable {
  /**
   * Appends the event; when this returns, a durable event survives power loss.
   *
   * @throws JournalException if that is not certain; nothing may be injected any more
   */
  void append(RunEvent event) throws JournalException;

  @Override
  void close();
}

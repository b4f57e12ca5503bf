package dev.firebreak.journal;

import dev.firebreak.run.JournalException;
import dev.firebreak.run.RunEvent;

/** Turns events into bytes and back. The same event gives the same bytes, on every JVM. */
public interface EventCodec {
  /** One JSON object in UTF-8 without a line break. */
  byte[] encode(RunEvent event) throws JournalException;

  /**
   * The event that {@link #encode} was given.
   *
   * @throws JournalException if the bytes are not of an event
   */
  RunEvent decode(byte[] bytes) throws JournalException;
}

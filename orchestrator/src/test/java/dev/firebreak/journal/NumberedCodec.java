package dev.firebreak.journal;

import dev.firebreak.run.JournalException;
import dev.firebreak.run.RunEvent;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Writes an event as a number of it, and knows what it has written. */
final class NumberedCodec implements EventCodec {
  private final Map<String, RunEvent> events = new HashMap<>();

  @Override
  public byte[] encode(RunEvent event) {
    String text = "{\"event\":\"" + Integer.toHexString(event.hashCode()) + "\"}";
    events.put(text, event);
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public RunEvent decode(byte[] bytes) throws JournalException {
    RunEvent event = events.get(new String(bytes, StandardCharsets.UTF_8));
    if (event == null) {
      throw new JournalException("no such event");
    }
    return event;
  }
}

package dev.firebreak.run.simulation;

import dev.firebreak.run.Journal;
import dev.firebreak.run.JournalException;
import dev.firebreak.run.RunEvent;
import java.util.ArrayList;
import java.util.List;

/** A disk that can be full, or break in a way that nobody declared. */
final class WorldJournal implements Journal {
  /** What the disk does. */
  enum State {
    WELL,
    FULL,
    BROKEN
  }

  State state = State.WELL;
  private final List<RunEvent> events = new ArrayList<>();

  List<RunEvent> events() {
    return List.copyOf(events);
  }

  @Override
  public void append(RunEvent event) throws JournalException {
    switch (state) {
      case WELL -> events.add(event);
      case FULL -> throw new JournalException("no space left on device");
      case BROKEN -> throw new IllegalStateException("the codec broke");
    }
  }

  @Override
  public void close() {}
}

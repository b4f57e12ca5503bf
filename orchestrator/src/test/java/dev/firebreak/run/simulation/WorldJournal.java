package dev.firebreak.run.simulation;

import dev.firebreak.run.Journal;
import dev.firebreak.run.JournalException;
import dev.firebreak.run.RunEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A disk that can be full, or break in a way that nobody declared. */
final class WorldJournal implements Journal {
  /** What the disk does. */
  enum State {
    WELL,
    FULL,
    BROKEN
  }

  State state = State.WELL;

  /** The disk is full from the next event on that matches. */
  Predicate<RunEvent> trap = event -> false;

  private final List<RunEvent> events = new ArrayList<>();

  List<RunEvent> events() {
    return List.copyOf(events);
  }

  @Override
  public void append(RunEvent event) throws JournalException {
    if (trap.test(event)) {
      trap = any -> false;
      state = State.FULL;
    }
    switch (state) {
      case WELL -> events.add(event);
      case FULL -> throw new JournalException("no space left on device");
      case BROKEN -> throw new IllegalStateException("the codec broke");
    }
  }

  @Override
  public void close() {}
}

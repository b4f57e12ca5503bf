package dev.firebreak.run;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A journal in memory that can be made to fail. */
public final class RecordingJournal implements Journal {
  private final List<RunEvent> events = new ArrayList<>();
  private Predicate<RunEvent> failing = event -> false;

  /** From the first event that matches, the disk is full. */
  public RecordingJournal fullFrom(Predicate<RunEvent> first) {
    failing = first;
    return this;
  }

  public List<RunEvent> events() {
    return List.copyOf(events);
  }

  /** The events of one type, in order. */
  public <E extends RunEvent> List<E> events(Class<E> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  @Override
  public void append(RunEvent event) throws JournalException {
    if (failing.test(event)) {
      failing = any -> true;
      throw new JournalException("no space left on device");
    }
    events.add(event);
  }

  @Override
  public void close() {}
}

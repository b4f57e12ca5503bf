package dev.firebreak.run;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The run's memory: the journal first, then everybody else. Owned by the run's thread. A journal
 * that fails while a fault may be in place must not stop the rollback, so that only {@link
 * #requireOnDisk} throws; nor must a listener that throws.
 */
final class EventLog {
  private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);

  private final Journal journal;
  private final RunListener listeners;
  private Optional<JournalException> failure = Optional.empty();

  EventLog(Journal journal, RunListener listeners) {
    this.journal = journal;
    this.listeners = listeners;
  }

  /** Records; a failing journal is remembered, see {@link #failure}. */
  void record(RunEvent event) {
    try {
      append(event);
    } catch (JournalException e) {
      if (failure.isEmpty()) {
        LOG.error("journal failed at={} event={}", event.at(), event.getClass().getSimpleName(), e);
        failure = Optional.of(e);
      }
    }
    tell(event);
  }

  /** Records, or throws: what needs the record must not happen without it. */
  void requireOnDisk(RunEvent event) throws JournalException {
    append(event);
    tell(event);
  }

  private void append(RunEvent event) throws JournalException {
    try {
      journal.append(event);
    } catch (RuntimeException e) {
      throw new JournalException("the journal broke: " + e, e);
    }
  }

  private void tell(RunEvent event) {
    try {
      listeners.on(event);
    } catch (RuntimeException e) {
      LOG.warn("listener failed event={}", event.getClass().getSimpleName(), e);
    }
  }

  Optional<JournalException> failure() {
    return failure;
  }
}

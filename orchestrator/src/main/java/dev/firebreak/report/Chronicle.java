package dev.firebreak.report;

import dev.firebreak.fault.FaultId;
import dev.firebreak.run.Phase;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.InjectionSent;
import dev.firebreak.run.RunEvent.PhaseEntered;
import dev.firebreak.run.RunEvent.RunOpened;
import java.util.List;
import java.util.Optional;

/**
 * The events of one run, in order, and the stretches into which injection and rollback cut them.
 * Any of the events may be missing.
 */
final class Chronicle {
  private final List<RunEvent> events;
  private final RunOpened opened;
  private final int injection;
  private final int rollback;

  /**
   * @throws IllegalArgumentException if the run was never opened: then nothing is known of it
   */
  Chronicle(List<RunEvent> events) {
    this.events = List.copyOf(events);
    this.opened =
        first(RunOpened.class)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "none of the %d events opens a run".formatted(events.size())));
    this.injection = indexOfInjection();
    this.rollback = indexOfRollback();
  }

  private int indexOfInjection() {
    for (int i = 0; i < events.size(); i++) {
      if (events.get(i) instanceof InjectionSent sent && !isUndoAction(sent.fault())) {
        return i;
      }
    }
    return events.size();
  }

  private int indexOfRollback() {
    for (int i = injection; i < events.size(); i++) {
      if (events.get(i) instanceof PhaseEntered entered && entered.phase() == Phase.ROLLBACK) {
        return i;
      }
    }
    return events.size();
  }

  RunOpened opened() {
    return opened;
  }

  /** The planner names the faults of the method {@code <run>.f1} and undo actions {@code .r1}. */
  boolean isUndoAction(FaultId fault) {
    return fault.value().startsWith(opened.runId() + ".r");
  }

  RunEvent last() {
    return events.get(events.size() - 1);
  }

  <E extends RunEvent> List<E> all(Class<E> type) {
    return of(type, events);
  }

  <E extends RunEvent> Optional<E> first(Class<E> type) {
    return all(type).stream().findFirst();
  }

  <E extends RunEvent> Optional<E> last(Class<E> type) {
    List<E> all = all(type);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
  }

  boolean injected() {
    return injection < events.size();
  }

  <E extends RunEvent> List<E> beforeInjection(Class<E> type) {
    return of(type, events.subList(0, injection));
  }

  /** While a fault was in place: from the first one sent to the rollback of all. */
  <E extends RunEvent> List<E> duringFault(Class<E> type) {
    return of(type, events.subList(injection, rollback));
  }

  <E extends RunEvent> List<E> sinceRollback(Class<E> type) {
    return of(type, events.subList(rollback, events.size()));
  }

  /** The first and the last event while a fault was in place; empty if none was. */
  Optional<RunEvent> firstOfFault() {
    return injected() ? Optional.of(events.get(injection)) : Optional.empty();
  }

  Optional<RunEvent> endOfFault() {
    return injected()
        ? Optional.of(events.get(Math.min(rollback, events.size() - 1)))
        : Optional.empty();
  }

  private static <E extends RunEvent> List<E> of(Class<E> type, List<RunEvent> some) {
    return some.stream().filter(type::isInstance).map(type::cast).toList();
  }
}

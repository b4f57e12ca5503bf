package dev.firebreak.app.run;

import dev.firebreak.fault.FaultId;
import dev.firebreak.guard.GuardDuty;
import dev.firebreak.journal.EventCodec;
import dev.firebreak.journal.JournalFile;
import dev.firebreak.run.JournalException;
import dev.firebreak.run.Phase;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.FaultArmed;
import dev.firebreak.run.RunEvent.Halted;
import dev.firebreak.run.RunEvent.PhaseEntered;
import dev.firebreak.run.RunEvent.RollbackVerified;
import dev.firebreak.run.RunEvent.RunClosed;
import dev.firebreak.run.RunEvent.RunOpened;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of a run whose process is gone: its journal, and what its guard and earlier
 * recoveries wrote. An undo record that is intact in any of them counts.
 */
final class Remains {
  private final JournalFile journal;
  private final List<RunEvent> guard;
  private final List<RunEvent> recovery;

  private Remains(JournalFile journal, List<RunEvent> guard, List<RunEvent> recovery) {
    this.journal = journal;
    this.guard = guard;
    this.recovery = recovery;
  }

  static Remains read(RunDirectory directory, EventCodec codec) throws IOException {
    return new Remains(
        read(directory.journal(), codec),
        read(directory.guardJournal(), codec).events(),
        read(directory.recoveryJournal(), codec).events());
  }

  private static JournalFile read(Path file, EventCodec codec) throws IOException {
    try {
      return Files.exists(file)
          ? JournalFile.read(file, codec)
          : JournalFile.parse(new byte[0], codec);
    } catch (JournalException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Whether the run had not even begun. */
  boolean nothing() {
    return of(RunOpened.class, journal.events()).isEmpty() && armed().isEmpty() && !damagedWithin();
  }

  Optional<RunOpened> opened() {
    return of(RunOpened.class, journal.events()).stream().findFirst();
  }

  boolean closed() {
    return !of(RunClosed.class, journal.events()).isEmpty();
  }

  boolean halted() {
    return !of(Halted.class, journal.events()).isEmpty();
  }

  boolean rollingBack() {
    return of(PhaseEntered.class, journal.events()).stream()
        .anyMatch(entered -> entered.phase() == Phase.ROLLBACK);
  }

  boolean damagedWithin() {
    return journal.damagedWithin();
  }

  List<String> damage() {
    return journal.damage();
  }

  private List<FaultArmed> armed() {
    Map<FaultId, FaultArmed> armed = new LinkedHashMap<>();
    of(FaultArmed.class, journal.events()).forEach(each -> armed.put(each.fault(), each));
    of(FaultArmed.class, guard).forEach(each -> armed.putIfAbsent(each.fault(), each));
    return List.copyOf(armed.values());
  }

  /**
   * The undo records that nobody has seen to have worked, in the order in which they were armed.
   */
  List<FaultArmed> unverified() {
    Set<FaultId> verified = new HashSet<>();
    for (List<RunEvent> source : List.of(journal.events(), guard, recovery)) {
      of(RollbackVerified.class, source).forEach(each -> verified.add(each.fault()));
    }
    return armed().stream().filter(each -> !verified.contains(each.fault())).toList();
  }

  /** What the guard did, as far as the journal does not tell it yet. */
  List<RunEvent> untoldOfGuard() {
    Set<RunEvent> told = new HashSet<>(journal.events());
    List<RunEvent> untold = new ArrayList<>();
    for (RunEvent event : guard) {
      boolean own = event instanceof Halted || isRelease(event);
      if (!own && !told.contains(event)) {
        untold.add(event);
      }
    }
    return untold;
  }

  /** The run's own journal tells that better. */
  private static boolean isRelease(RunEvent event) {
    return event instanceof RollbackVerified verified
        && verified.evidence().equals(GuardDuty.RELEASED);
  }

  Optional<Halted> haltOfGuard() {
    return of(Halted.class, guard).stream().findFirst();
  }

  /** When the rollback began that the run itself did not begin. */
  Instant rollbackAt(Instant otherwise) {
    return haltOfGuard().map(Halted::at).orElse(otherwise);
  }

  String howItEnded() {
    List<PhaseEntered> phases = of(PhaseEntered.class, journal.events());
    return phases.isEmpty()
        ? RunClosed.PROCESS_ENDED + " before the run had begun"
        : RunClosed.PROCESS_ENDED + " in " + phases.get(phases.size() - 1).phase();
  }

  /** Why the run failed and who rolled it back, in one sentence. */
  String reason() {
    if (armed().isEmpty()) {
      return howItEnded() + "; nothing was injected";
    }
    String who = haltOfGuard().isPresent() ? "its guard" : "the recovery";
    return "%s; %s rolled back, verified".formatted(howItEnded(), who);
  }

  private static <E extends RunEvent> List<E> of(Class<E> type, List<RunEvent> events) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }
}

package dev.firebreak.app.run;

import dev.firebreak.app.run.ActiveRuns.LeftRun;
import dev.firebreak.fault.Injectors;
import dev.firebreak.journal.Epoch;
import dev.firebreak.journal.EventCodec;
import dev.firebreak.journal.FileJournal;
import dev.firebreak.journal.JournalFile;
import dev.firebreak.run.HaltCause;
import dev.firebreak.run.Journal;
import dev.firebreak.run.JournalException;
import dev.firebreak.run.Outcome;
import dev.firebreak.run.Phase;
import dev.firebreak.run.Rollback;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.Halted;
import dev.firebreak.run.RunEvent.PhaseEntered;
import dev.firebreak.run.RunEvent.RollbackAbandoned;
import dev.firebreak.run.RunEvent.RunClosed;
import dev.firebreak.run.RunId;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what runs left whose process ended before them: rolls back by the undo records, verifies,
 * tells in the journal what the guard has done meanwhile, and closes it. Nothing is ever resumed.
 * Repeating it does no harm, nor does a process that ends in the middle of it.
 */
public final class Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

  /** A guard that finds its targets well ends within this. */
  private static final Duration LONGEST_GUARD = Duration.ofSeconds(25);

  private static final Duration LONGEST_ROLLBACK = Duration.ofSeconds(60);
  private static final long BETWEEN_LOOKS_MILLIS = 200;

  private final ActiveRuns activeRuns;
  private final HomeLocks locks;
  private final Injectors injectors;
  private final EventCodec codec;
  private final Reports reports;
  private final InstantSource clock;
  private final RecoveryAudience audience;

  /** The recovery of one home's runs, which nobody is told of. */
  public Recovery(
      ActiveRuns activeRuns,
      HomeLocks locks,
      Injectors injectors,
      EventCodec codec,
      Reports reports,
      InstantSource clock) {
    this(activeRuns, locks, injectors, codec, reports, clock, RecoveryAudience.nobody());
  }

  /**
   * The recovery of one home's runs.
   *
   * @param audience is told of each run that was closed
   */
  public Recovery(
      ActiveRuns activeRuns,
      HomeLocks locks,
      Injectors injectors,
      EventCodec codec,
      Reports reports,
      InstantSource clock,
      RecoveryAudience audience) {
    this.activeRuns = activeRuns;
    this.locks = locks;
    this.injectors = injectors;
    this.codec = codec;
    this.reports = reports;
    this.clock = clock;
    this.audience = audience;
  }

  /**
   * Recovers every run that was left, blocking up to a minute or two for each.
   *
   * @param progress is told what is done
   * @return why no run may start, one sentence each; empty once nothing is left
   */
  public List<String> sweep(Consumer<String> progress) throws IOException, InterruptedException {
    List<String> problems = new ArrayList<>();
    for (LeftRun run : activeRuns.left()) {
      Optional<HomeLocks.Held> lock = locks.tryRun(run.id());
      if (lock.isPresent()) {
        try (HomeLocks.Held held = lock.get()) {
          progress.accept("run " + run.id() + " was left by its process: recovering it");
          recover(run, held, progress).ifPresent(problems::add);
        }
      }
    }
    problems.forEach(progress);
    return problems;
  }

  /** Returns why it could not be ended. */
  private Optional<String> recover(LeftRun run, HomeLocks.Held lock, Consumer<String> progress)
      throws IOException, InterruptedException {
    if (!awaitGuard(run, progress)) {
      return Optional.of(
          "the guard of run %s still rolls back, see %s. %s"
              .formatted(run.id(), run.directory().guardLog(), wayOut(run)));
    }
    Remains remains = Remains.read(run.directory(), codec);
    if (remains.nothing()) {
      forget(run, lock);
      return Optional.empty();
    }
    try (FileJournal journal = journalFor(run, remains)) {
      Optional<String> problem = end(run, remains, journal);
      if (problem.isPresent()) {
        return problem;
      }
    } catch (JournalException e) {
      // A rollback that cannot be written down, as on a full disk, is due all the same.
      rollBack(remains, new Unwritten());
      return Optional.of("run " + run.id() + ": " + e.getMessage());
    }
    report(run);
    tell(run);
    forget(run, lock);
    progress.accept("run %s is closed: %s".formatted(run.id(), remains.reason()));
    return Optional.empty();
  }

  private Optional<String> end(LeftRun run, Remains remains, Journal journal)
      throws JournalException, InterruptedException {
    tellWhatHappened(remains, journal);
    List<String> unverified = rollBack(remains, journal);
    if (!unverified.isEmpty()) {
      return Optional.of(
          "run %s: %s. %s".formatted(run.id(), String.join("; ", unverified), wayOut(run)));
    }
    if (remains.damagedWithin()) {
      return Optional.of(damaged(run, remains));
    }
    close(remains, journal, remains.reason());
    return Optional.empty();
  }

  /** Where nothing can be written. */
  private static final class Unwritten implements Journal {
    @Override
    public void append(RunEvent event) {
      LOG.warn("not written down event={}", event);
    }

    @Override
    public void close() {}
  }

  /** Two processes that roll back do no harm; but the guard knows what came back meanwhile. */
  private boolean awaitGuard(LeftRun run, Consumer<String> progress)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + LONGEST_GUARD.toNanos();
    boolean told = false;
    while (true) {
      Optional<HomeLocks.Held> free = locks.tryGuard(run.id());
      if (free.isPresent()) {
        locks.retire(free.get());
        return true;
      }
      if (System.nanoTime() - end >= 0) {
        return false;
      }
      if (!told) {
        progress.accept("run %s: waiting for its guard to finish".formatted(run.id()));
        told = true;
      }
      TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS_MILLIS);
    }
  }

  /** A journal that was closed stays as it is: nothing follows the end of a run. */
  private FileJournal journalFor(LeftRun run, Remains remains) throws JournalException {
    if (!remains.closed()) {
      return FileJournal.reopen(run.directory().journal(), codec);
    }
    return Files.exists(run.directory().recoveryJournal())
        ? FileJournal.reopen(run.directory().recoveryJournal(), codec)
        : FileJournal.create(run.directory().recoveryJournal(), codec, Epoch.RECOVERY);
  }

  private void tellWhatHappened(Remains remains, Journal journal) throws JournalException {
    if (remains.closed()) {
      return;
    }
    if (!remains.halted()) {
      journal.append(halted(remains));
    }
    if (!remains.rollingBack()) {
      journal.append(new PhaseEntered(remains.rollbackAt(clock.instant()), Phase.ROLLBACK));
    }
    for (RunEvent event : remains.untoldOfGuard()) {
      journal.append(event);
    }
  }

  private Halted halted(Remains remains) {
    return remains
        .haltOfGuard()
        .orElseGet(
            () ->
                new Halted(
                    clock.instant(),
                    new HaltCause(HaltCause.Kind.INTERNAL, remains.howItEnded(), clock.instant())));
  }

  /** Returns what could not be verified. */
  private List<String> rollBack(Remains remains, Journal journal) throws InterruptedException {
    try (SystemRunLoop loop = new SystemRunLoop()) {
      Rollback rollback = new Rollback(loop, injectorsFor(remains), journal);
      rollback.take(remains.unverified());
      long end = System.nanoTime() + LONGEST_ROLLBACK.toNanos();
      while (!rollback.settled() && System.nanoTime() - end < 0) {
        rollback.advance();
        loop.next(Math.min(end, rollback.dueNanos()));
      }
      return rollback.unverified();
    }
  }

  private Injectors injectorsFor(Remains remains) {
    try {
      return remains.opened().map(run -> audience.injectors(injectors, run)).orElse(injectors);
    } catch (RuntimeException e) {
      LOG.warn("the rollback is not traced", e);
      return injectors;
    }
  }

  private void close(Remains remains, Journal journal, String reason) throws JournalException {
    if (!remains.closed()) {
      journal.append(new PhaseEntered(clock.instant(), Phase.CLOSED));
      journal.append(new RunClosed(clock.instant(), Outcome.FAILED, reason));
    }
  }

  private static String wayOut(LeftRun run) {
    return "If its targets are gone for good: firebreak recover --acknowledge %s --reason \"…\""
        .formatted(run.id());
  }

  private static String damaged(LeftRun run, Remains remains) {
    return ("the journal %s is damaged (%s): every undo record that is intact was executed and"
            + " verified, others may be lost. Look at the targets, then: firebreak recover"
            + " --acknowledge %s --reason \"…\"")
        .formatted(run.directory().journal(), String.join(", ", remains.damage()), run.id());
  }

  /**
   * Closes a run that cannot be recovered, because a person has looked at its targets: its guard is
   * ended, what is not verified is written down as abandoned.
   *
   * @param reason why, and by whom
   * @return false if no such run was left
   */
  public boolean acknowledge(RunId id, String reason) throws IOException, InterruptedException {
    for (LeftRun run : activeRuns.left()) {
      if (run.id().equals(id)) {
        endGuard(run.directory());
        Optional<HomeLocks.Held> lock = locks.tryRun(id);
        if (lock.isEmpty() || !awaitGuard(run, progress -> {})) {
          throw new IOException("the run " + id + " or its guard still lives");
        }
        acknowledge(run, lock.get(), reason);
        return true;
      }
    }
    return false;
  }

  private void acknowledge(LeftRun run, HomeLocks.Held lock, String reason) throws IOException {
    Remains remains = Remains.read(run.directory(), codec);
    if (!remains.nothing()) {
      try (FileJournal journal = journalFor(run, remains)) {
        tellWhatHappened(remains, journal);
        for (RunEvent.FaultArmed left : remains.unverified()) {
          journal.append(new RollbackAbandoned(clock.instant(), left.fault(), reason));
        }
        close(remains, journal, remains.howItEnded() + "; acknowledged: " + reason);
      } catch (JournalException e) {
        throw new IOException(e.getMessage(), e);
      }
      report(run);
      tell(run);
    }
    forget(run, lock);
  }

  /** Deaf to every other signal, and retrying without end: that is what it is for. */
  private static void endGuard(RunDirectory directory) throws IOException {
    if (Files.exists(directory.guardProcess())) {
      ProcessIdentity.of(Files.readString(directory.guardProcess()))
          .find()
          .ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  private void report(LeftRun run) {
    try {
      reports.write(run.directory());
    } catch (IOException e) {
      LOG.warn("report not written run={}", run.id(), e);
    }
  }

  /** Before the run is forgotten, or a process that ends here would leave its marks open. */
  private void tell(LeftRun run) {
    try {
      JournalFile journal = reports.journalOf(run.directory().journal());
      if (!journal.events().isEmpty() && journal.events().get(0) instanceof RunEvent.RunOpened) {
        audience.closed(journal);
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("nobody was told of the recovery run={}", run.id(), e);
    }
  }

  private void forget(LeftRun run, HomeLocks.Held lock) throws IOException {
    activeRuns.forget(run.id());
    locks.retire(lock);
  }
}

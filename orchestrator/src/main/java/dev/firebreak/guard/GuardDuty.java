package dev.firebreak.guard;

import dev.firebreak.fault.FaultInjector;
import dev.firebreak.fault.Injectors;
import dev.firebreak.guard.GuardMessage.Arm;
import dev.firebreak.guard.GuardMessage.Release;
import dev.firebreak.guard.GuardMessage.Renew;
import dev.firebreak.guard.GuardReply.Armed;
import dev.firebreak.guard.GuardReply.Refused;
import dev.firebreak.guard.GuardReply.Renewed;
import dev.firebreak.guard.GuardReply.TookOver;
import dev.firebreak.run.HaltCause;
import dev.firebreak.run.Journal;
import dev.firebreak.run.JournalException;
import dev.firebreak.run.Rollback;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.FaultArmed;
import dev.firebreak.run.RunEvent.Halted;
import dev.firebreak.run.RunEvent.RollbackVerified;
import dev.firebreak.run.RunLoop;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a guard does, from the first message of its run to its own end: hold undo records, and roll
 * back once the run gives no sign. Having begun to roll back it never stops before all is verified,
 * and never again lets the run inject. Owned by the thread of its loop.
 */
public final class GuardDuty {
  private static final Logger LOG = LoggerFactory.getLogger(GuardDuty.class);

  /** What a guard writes down as evidence when the run itself has seen that a fault is gone. */
  public static final String RELEASED = "released by the run";

  /**
   * How long it is looked, after the last verification, whether something comes back: an injection
   * that was on its way when the run was killed has taken effect by then, or never will.
   */
  private static final Duration AFTERCARE = Duration.ofSeconds(10);

  private final RunLoop loop;
  private final Injectors injectors;
  private final Journal journal;
  private final Fence fence;
  private final Consumer<GuardReply> replies;
  private final Duration lease;
  private final Rollback rollback;
  private Custody custody;
  private Optional<String> takeover = Optional.empty();
  private long unsettledAtNanos;

  /** Keeps the run from injecting, whatever it thinks of its lease. */
  public interface Fence {
    /**
     * From now on the run cannot write down that it injects, and so cannot inject.
     *
     * @throws JournalException if that is not certain
     */
    void raise() throws JournalException;
  }

  /**
   * A guard that holds nothing.
   *
   * @param journal the guard's own
   * @param fence is raised before the first undo is sent
   * @param replies takes what the run is told; called by the loop's thread, must not throw
   */
  public GuardDuty(
      RunLoop loop,
      Injectors injectors,
      Journal journal,
      Fence fence,
      Consumer<GuardReply> replies,
      Duration lease) {
    this.loop = loop;
    this.injectors = injectors;
    this.journal = journal;
    this.fence = fence;
    this.replies = replies;
    this.lease = lease;
    this.rollback = new Rollback(loop, injectors, journal);
    this.custody = Custody.empty(loop.nanoTime());
  }

  /** The run says something. */
  public void hear(GuardMessage message) {
    // A message that waited while this process was paused must not revive a lease that is over.
    rollBackIfDue();
    if (message instanceof Arm arm) {
      arm(arm.record());
    } else if (message instanceof Renew renew) {
      renew(renew.number());
    } else if (message instanceof Release release) {
      release(release);
    }
  }

  private void arm(FaultArmed record) {
    Optional<String> problem = problemWith(record);
    if (problem.isPresent()) {
      replies.accept(new Refused(record.fault(), problem.get()));
      return;
    }
    custody = custody.arm(record, loop.nanoTime());
    replies.accept(new Armed(record.fault()));
    warmUp(record);
  }

  private Optional<String> problemWith(FaultArmed record) {
    if (takeover.isPresent()) {
      return Optional.of("the guard rolls back already: " + takeover.get());
    }
    if (injectors.find(record.kind()).isEmpty()) {
      return Optional.of("the guard has no injector for " + record.kind());
    }
    try {
      journal.append(record);
      return Optional.empty();
    } catch (JournalException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** So that the rollback, which is urgent, does not have to load what it needs. */
  private void warmUp(FaultArmed record) {
    FaultInjector injector = injectors.find(record.kind()).orElseThrow();
    loop.work(
        () -> {
          try {
            LOG.debug("first look fault={} seen={}", record.fault(), injector.look(record.undo()));
          } catch (RuntimeException e) {
            LOG.warn("the injector broke fault={}", record.fault(), e);
          }
        });
  }

  private void renew(long number) {
    if (takeover.isPresent()) {
      replies.accept(new TookOver(takeover.get()));
      return;
    }
    custody = custody.renew(loop.nanoTime());
    replies.accept(new Renewed(number));
  }

  /** What the guard itself rolls back it goes on to verify. */
  private void release(Release release) {
    if (takeover.isEmpty() && custody.holds(release.fault())) {
      custody = custody.release(release.fault());
      take(new RollbackVerified(loop.now(), release.fault(), RELEASED));
    }
  }

  /** The run has closed its end of the line, or nobody is left who could. */
  public void hungUp() {
    custody = custody.hangUp();
  }

  /** Does what is due. */
  public void advance() {
    rollBackIfDue();
    rollback.advance();
    if (!rollback.settled()) {
      unsettledAtNanos = loop.nanoTime();
    }
  }

  private void rollBackIfDue() {
    Optional<String> reason = custody.reasonToRollBack(lease, loop.nanoTime());
    if (takeover.isPresent() || reason.isEmpty()) {
      return;
    }
    takeover = reason;
    unsettledAtNanos = loop.nanoTime();
    LOG.warn("guard rolls back faults={} reason={}", custody.held().size(), reason.get());
    fenceOff();
    String detail = "the guard rolled back: " + reason.get();
    take(new Halted(loop.now(), new HaltCause(HaltCause.Kind.INTERNAL, detail, loop.now())));
    rollback.take(custody.records());
    replies.accept(new TookOver(reason.get()));
  }

  /** Without it there are still the lease and a look at what comes back. */
  private void fenceOff() {
    try {
      fence.raise();
    } catch (JournalException e) {
      LOG.error("the run is not fenced off", e);
    }
  }

  /** A full disk stops no rollback. */
  private void take(RunEvent event) {
    try {
      journal.append(event);
    } catch (JournalException e) {
      LOG.error("journal failed event={}", event.getClass().getSimpleName(), e);
    }
  }

  /** When {@link #advance} has something to do again, if no message comes before. */
  public long dueNanos() {
    return takeover.isPresent() ? rollback.dueNanos() : custody.dueNanos(lease, loop.nanoTime());
  }

  /** Whether nothing is left to be done: the run has ended, and no fault is left or comes back. */
  public boolean over() {
    if (takeover.isEmpty()) {
      return custody.hungUp() && custody.held().isEmpty();
    }
    return custody.hungUp()
        && rollback.settled()
        && loop.nanoTime() - unsettledAtNanos >= AFTERCARE.toNanos();
  }
}

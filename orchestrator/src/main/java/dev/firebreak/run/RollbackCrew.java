package dev.firebreak.run;

import dev.firebreak.fault.Observation;
import dev.firebreak.fault.RollbackException;
import dev.firebreak.fault.Undo;
import dev.firebreak.run.ActiveFault.State;
import dev.firebreak.run.RunEvent.RollbackAbandoned;
import dev.firebreak.run.RunEvent.RollbackAcknowledged;
import dev.firebreak.run.RunEvent.RollbackFailed;
import dev.firebreak.run.RunEvent.RollbackRequested;
import dev.firebreak.run.RunEvent.RollbackVerified;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rolls faults back: last in first out within a target, targets in parallel, each undo executed
 * although another failed, retried until two looks at the effect, at least two seconds apart, say
 * that it is gone. Owned by the run's thread; only the injectors' calls run elsewhere.
 */
final class RollbackCrew {
  private static final Logger LOG = LoggerFactory.getLogger(RollbackCrew.class);

  /** Toxiproxy and others were seen to let a fault reappear moments after its removal. */
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /** Injectors bound their waits to a few seconds; then it is tried again beside the first try. */
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(10);

  /** While somebody may still be waiting, a second between tries is short; then they get rarer. */
  private static final int QUICK_RETRIES = 60;

  private static final int ALARM_EVERY = 10;

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final RunLoop loop;
  private final EventLog log;
  private final List<Job> jobs = new ArrayList<>();

  RollbackCrew(RunLoop loop, EventLog log) {
    this.loop = loop;
    this.log = log;
  }

  /** Takes a fault on; what was started last is undone first. Does nothing the second time. */
  void take(ActiveFault fault) {
    if (fault.settled() || fault.state == State.ROLLING_BACK || fault.undo.isEmpty()) {
      return;
    }
    fault.state = State.ROLLING_BACK;
    jobs.add(new Job(fault, fault.undo.get()));
  }

  /** A fault that was verified to be gone is there again: it is rolled back from the start. */
  void reopen(ActiveFault fault) {
    jobs.removeIf(job -> job.fault == fault);
    fault.state = State.SENT;
    take(fault);
  }

  /** A start that was still under way came back: its effect may have come after our undo. */
  void undoAgain(ActiveFault fault) {
    for (Job job : jobs) {
      if (job.fault == fault && !fault.settled()) {
        job.acknowledged = false;
        job.tooEarly = job.attempts;
        job.firstGone = false;
        // What is on its way was asked before the effect, and says nothing about it.
        job.busy = false;
        job.call++;
        job.dueNanos = loop.nanoTime();
      }
    }
  }

  /** Sends what is due. */
  void advance() {
    long now = loop.nanoTime();
    for (Job job : jobs) {
      if (job.fault.settled()) {
        continue;
      }
      if (job.busy && now - job.answerDueNanos >= 0) {
        noAnswer(job);
      }
      if (!job.busy && !waitsForAnother(job)) {
        advance(job, now);
      }
    }
  }

  private void noAnswer(Job job) {
    job.busy = false;
    job.call++;
    String problem = "no answer within " + LONGEST_ANSWER.toSeconds() + " s";
    if (job.acknowledged) {
      unseen(job, problem);
    } else {
      retry(job, problem);
    }
  }

  /** When {@link #advance} has something to do again, if no message comes before. */
  long dueNanos() {
    long due = Long.MAX_VALUE;
    for (Job job : jobs) {
      if (job.busy && !job.fault.settled()) {
        due = Math.min(due, job.answerDueNanos);
      } else if (!job.fault.settled() && !waitsForAnother(job)) {
        due = Math.min(due, job.dueNanos);
      }
    }
    return due;
  }

  /** Whether every undo was acknowledged at least once, so that recovery may be expected. */
  boolean allAcknowledged() {
    return jobs.stream().allMatch(job -> job.everAcknowledged || job.fault.settled());
  }

  boolean settled() {
    return jobs.stream().allMatch(job -> job.fault.settled());
  }

  /** The faults that are not verified to be gone, each with the last problem. */
  List<String> unverified() {
    return jobs.stream()
        .filter(job -> !job.fault.settled())
        .map(
            job ->
                "the rollback of %s (%s) is not verified after %d tries: %s"
                    .formatted(
                        job.fault.describe(),
                        job.fault.plan.target(),
                        job.attempts,
                        job.lastProblem))
        .toList();
  }

  /** Stops waiting for what is not verified. Loud: a fault may still be there. */
  void abandon() {
    for (Job job : jobs) {
      if (!job.fault.settled()) {
        job.fault.state = State.ABANDONED;
        LOG.error(
            "rollback not verified fault={} target={} attempts={} last={}",
            job.fault.id(),
            job.fault.plan.target(),
            job.attempts,
            job.lastProblem);
        log.record(new RollbackAbandoned(loop.now(), job.fault.id(), job.lastProblem));
      }
    }
  }

  /**
   * The user's own undo actions come after all faults; within a target, the last comes first. One
   * that failed is no longer waited for, nor are its further tries: each undo is sent although
   * others do not work.
   */
  private boolean waitsForAnother(Job job) {
    int place = jobs.indexOf(job);
    for (int i = 0; i < place; i++) {
      Job earlier = jobs.get(i);
      boolean ordered = job.fault.undoOnly || earlier.fault.service().equals(job.fault.service());
      boolean tried = earlier.everAcknowledged || earlier.everFailed;
      if (ordered && !tried && !earlier.fault.settled()) {
        return true;
      }
    }
    return false;
  }

  private void advance(Job job, long now) {
    if (now - job.dueNanos < 0) {
      return;
    }
    if (job.acknowledged) {
      look(job);
    } else {
      undo(job);
    }
  }

  private void undo(Job job) {
    job.attempts++;
    job.firstGone = false;
    log.record(new RollbackRequested(loop.now(), job.fault.id(), job.attempts));
    int attempt = job.attempts;
    int asked = ask(job);
    loop.work(
        () -> {
          String problem = rollBack(job);
          loop.post(() -> undone(job, attempt, asked, problem));
        });
  }

  private int ask(Job job) {
    job.busy = true;
    job.answerDueNanos = loop.nanoTime() + LONGEST_ANSWER.toNanos();
    return ++job.call;
  }

  /** Empty when it worked. Whatever is thrown is a failure of this one undo and no other. */
  private static String rollBack(Job job) {
    try {
      job.fault.injector.rollBack(job.undo);
      return "";
    } catch (RollbackException e) {
      return String.valueOf(e.getMessage());
    } catch (RuntimeException | Error e) {
      return "the injector broke: " + e;
    }
  }

  private void undone(Job job, int attempt, int asked, String problem) {
    if (job.fault.settled()) {
      return;
    }
    boolean awaited = asked == job.call;
    job.busy = job.busy && !awaited;
    if (problem.isEmpty() && attempt > job.tooEarly) {
      if (job.acknowledged) {
        return;
      }
      job.acknowledged = true;
      job.everAcknowledged = true;
      job.dueNanos = loop.nanoTime();
      log.record(new RollbackAcknowledged(loop.now(), job.fault.id()));
    } else if (awaited) {
      retry(job, problem.isEmpty() ? "it was sent before the start had ended" : problem);
    }
  }

  private void retry(Job job, String problem) {
    job.everFailed = true;
    job.acknowledged = false;
    job.lastProblem = problem;
    job.dueNanos = loop.nanoTime() + pauseAfter(job.attempts).toNanos();
    LOG.warn(
        "rollback failed fault={} attempt={} problem={}", job.fault.id(), job.attempts, problem);
    if (job.attempts % ALARM_EVERY == 0) {
      LOG.error(
          "ALARM rollback does not succeed, somebody must look fault={} target={} attempts={}",
          job.fault.id(),
          job.fault.plan.target(),
          job.attempts);
    }
    log.record(new RollbackFailed(loop.now(), job.fault.id(), job.attempts, problem));
  }

  private static Duration pauseAfter(int attempts) {
    int doublings = Math.min(5, Math.max(0, attempts - QUICK_RETRIES));
    Duration pause = RETRY_AFTER.multipliedBy(1L << doublings);
    return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
  }

  private void look(Job job) {
    int asked = ask(job);
    loop.work(
        () -> {
          Observation seen = look(job.fault, job.undo);
          loop.post(() -> looked(job, asked, seen));
        });
  }

  static Observation look(ActiveFault fault, Undo undo) {
    try {
      return fault.injector.look(undo);
    } catch (RuntimeException | Error e) {
      return Observation.unknown("the injector broke: " + e);
    }
  }

  private void looked(Job job, int asked, Observation seen) {
    if (asked != job.call || job.fault.settled()) {
      return;
    }
    job.busy = false;
    switch (seen.presence()) {
      case GONE -> gone(job, seen.evidence());
      case UNKNOWN -> unseen(job, seen.evidence());
      case PRESENT, IN_PLACE -> {
        job.firstGone = false;
        retry(job, "still there: " + seen.evidence());
      }
    }
  }

  private void unseen(Job job, String why) {
    job.firstGone = false;
    job.lastProblem = "could not see whether it is gone: " + why;
    job.dueNanos = loop.nanoTime() + RETRY_AFTER.toNanos();
  }

  private void gone(Job job, String evidence) {
    if (job.fault.starting) {
      unseen(job, "its start has not answered yet, and may still take effect");
      return;
    }
    if (isCovered(job)) {
      unseen(job, "a later fault of the same target is not rolled back yet, and may restore it");
      return;
    }
    if (job.firstGone && job.acknowledged) {
      job.fault.state = State.VERIFIED;
      log.record(new RollbackVerified(loop.now(), job.fault.id(), evidence));
      return;
    }
    job.firstGone = true;
    job.dueNanos = loop.nanoTime() + BETWEEN_LOOKS.toNanos();
  }

  private boolean isCovered(Job job) {
    return jobs.stream()
        .limit(jobs.indexOf(job))
        .anyMatch(
            later -> later.fault.service().equals(job.fault.service()) && !later.fault.settled());
  }

  private final class Job {
    final ActiveFault fault;
    final Undo undo;
    boolean busy;

    /** Numbers the calls, so that an answer that nobody waits for any more can be told. */
    int call;

    long answerDueNanos;

    /** Attempts up to this one were sent before the start had ended, and prove nothing. */
    int tooEarly;

    boolean acknowledged;
    boolean everAcknowledged;
    boolean everFailed;
    boolean firstGone;
    int attempts;
    long dueNanos = loop.nanoTime();
    String lastProblem = "no answer yet";

    Job(ActiveFault fault, Undo undo) {
      this.fault = fault;
      this.undo = undo;
    }
  }
}

package dev.firebreak.scheduler;

import dev.firebreak.experiment.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.quartz.CronExpression;
import org.quartz.CronScheduleBuilder;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.listeners.TriggerListenerSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fires GameDays at the times of their schedules. Quartz only rings; who runs a fire, and whether,
 * is decided on the ledger. All methods may be called from any thread. Its threads are daemons.
 */
public final class GameDayScheduler implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GameDayScheduler.class);

  /** The bell comes a few milliseconds late even on an idle machine. */
  public static final Duration SHORTEST_STARTING_DEADLINE = Duration.ofSeconds(1);

  /** Quartz keeps its schedulers by name, for the whole process. */
  private static final AtomicInteger CREATED = new AtomicInteger();

  private final Scheduler bells;
  private final ExecutorService desk;
  private final ExecutorService runs;
  private final Doorkeeper doorkeeper;
  private final InstantSource clock;
  private final Duration closeWithin;
  private final Object lock = new Object();
  private final Set<GameDayName> scheduled = new LinkedHashSet<>();
  private boolean started;
  private volatile boolean closed;

  /**
   * A scheduler that waits for {@link #start}.
   *
   * @param closeWithin how long {@link #close} waits at most for runs that are still going
   */
  public GameDayScheduler(
      FireLedger ledger, FireHandler handler, InstantSource clock, Duration closeWithin) {
    this.clock = clock;
    this.closeWithin = closeWithin;
    this.desk = Executors.newSingleThreadExecutor(daemons("gameday-desk"));
    this.runs = Executors.newCachedThreadPool(daemons("gameday-run"));
    this.doorkeeper = new Doorkeeper(ledger, handler, clock, runs);
    this.bells = bells();
  }

  /**
   * Fires the GameDay at the schedule's times, in place of an earlier schedule of that name. Fires
   * that passed since this schedule was last watched are written down as missed, or still run if
   * they are within the starting deadline.
   *
   * @throws IllegalArgumentException if the expression is malformed or never fires again, or the
   *     starting deadline is shorter than {@link #SHORTEST_STARTING_DEADLINE}
   * @throws IllegalStateException if closed
   * @throws LedgerException if the ledger fails; the GameDay is then not scheduled
   */
  public void schedule(GameDayName gameDay, Schedule schedule) throws LedgerException {
    refuseWhatCannotFire(gameDay, schedule);
    synchronized (lock) {
      refuseWhenClosed();
      scheduled.remove(gameDay);
      deleteBell(gameDay);
      doorkeeper.watch(gameDay, schedule);
      addBell(gameDay, schedule);
      scheduled.add(gameDay);
      if (started) {
        ring(gameDay, clock.instant());
      }
    }
  }

  /**
   * Fires the GameDay no more; a run that is going goes on. Unknown names are passed over.
   *
   * @throws LedgerException if the ledger still takes it for watched, so that fires to come would
   *     be missed when it is scheduled again
   */
  public void unschedule(GameDayName gameDay) throws LedgerException {
    synchronized (lock) {
      if (scheduled.remove(gameDay)) {
        deleteBell(gameDay);
        doorkeeper.unwatch(gameDay);
      }
    }
  }

  /**
   * Begins to fire, and accounts for what passed before.
   *
   * @throws IllegalStateException if closed
   */
  public void start() {
    synchronized (lock) {
      refuseWhenClosed();
      if (started) {
        return;
      }
      started = true;
      scheduled.forEach(gameDay -> ring(gameDay, clock.instant()));
      try {
        bells.start();
      } catch (SchedulerException e) {
        throw new IllegalStateException("Quartz does not start: " + e.getMessage(), e);
      }
    }
  }

  /**
   * Fires no more, then waits a bounded time for the runs that are going, among them one whose fire
   * was being decided at that moment. It does not interrupt them, because a rollback must never be:
   * halt them first, or let the process end without them.
   */
  @Override
  public void close() {
    synchronized (lock) {
      if (closed) {
        return;
      }
      closed = true;
    }
    long end = System.nanoTime() + closeWithin.toNanos();
    try {
      bells.shutdown(false);
    } catch (SchedulerException e) {
      log.warn("Quartz does not shut down", e);
    }
    awaitEnd(desk, end);
    if (!awaitEnd(runs, end)) {
      log.warn("closed while a run is still going after={}", closeWithin);
    }
  }

  private static boolean awaitEnd(ExecutorService executor, long end) {
    executor.shutdown();
    try {
      return executor.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void refuseWhatCannotFire(GameDayName gameDay, Schedule schedule) {
    Optional<String> problem =
        CronExpressions.problem(schedule.cron(), schedule.timeZone(), clock.instant());
    if (problem.isPresent()) {
      throw new IllegalArgumentException(
          "the cron expression of the GameDay %s: %s".formatted(gameDay, problem.get()));
    }
    if (schedule.startingDeadline().compareTo(SHORTEST_STARTING_DEADLINE) < 0) {
      throw new IllegalArgumentException(
          "the starting deadline of the GameDay %s is %s, at least %s is allowed"
              .formatted(gameDay, schedule.startingDeadline(), SHORTEST_STARTING_DEADLINE));
    }
  }

  private void refuseWhenClosed() {
    if (closed) {
      throw new IllegalStateException("the scheduler is closed");
    }
  }

  private void ring(GameDayName gameDay, Instant rungFor) {
    try {
      desk.execute(() -> answer(gameDay, rungFor));
    } catch (RejectedExecutionException e) {
      log.debug("rung while closing gameday={} rungFor={}", gameDay, rungFor, e);
    }
  }

  private void answer(GameDayName gameDay, Instant rungFor) {
    if (!closed) {
      doorkeeper.answer(gameDay, rungFor);
    }
  }

  private void addBell(GameDayName gameDay, Schedule schedule) {
    JobDetail job = JobBuilder.newJob(Job.class).withIdentity(key(gameDay)).build();
    Set<Trigger> triggers = new LinkedHashSet<>();
    for (CronExpression expression : CronExpressions.parsed(schedule).expressions()) {
      triggers.add(
          TriggerBuilder.newTrigger()
              .forJob(job)
              .withIdentity(gameDay.value() + " " + (triggers.size() + 1))
              .withSchedule(
                  CronScheduleBuilder.cronSchedule(expression)
                      .withMisfireHandlingInstructionDoNothing())
              .build());
    }
    try {
      bells.scheduleJob(job, triggers, true);
    } catch (SchedulerException e) {
      throw new IllegalStateException("Quartz refuses the GameDay " + gameDay, e);
    }
  }

  private void deleteBell(GameDayName gameDay) {
    try {
      bells.deleteJob(key(gameDay));
    } catch (SchedulerException e) {
      throw new IllegalStateException("Quartz keeps the GameDay " + gameDay, e);
    }
  }

  private static JobKey key(GameDayName gameDay) {
    return new JobKey(gameDay.value());
  }

  private Scheduler bells() {
    Properties settings = new Properties();
    settings.setProperty(
        "org.quartz.scheduler.instanceName", "firebreak-" + CREATED.incrementAndGet());
    settings.setProperty("org.quartz.scheduler.makeSchedulerThreadDaemon", "true");
    settings.setProperty("org.quartz.jobStore.class", "org.quartz.simpl.RAMJobStore");
    settings.setProperty("org.quartz.threadPool.class", "org.quartz.simpl.SimpleThreadPool");
    settings.setProperty("org.quartz.threadPool.makeThreadsDaemons", "true");
    settings.setProperty("org.quartz.threadPool.threadCount", "1");
    try {
      Scheduler scheduler = new StdSchedulerFactory(settings).getScheduler();
      scheduler.setJobFactory((bundle, ignored) -> bell());
      scheduler.getListenerManager().addTriggerListener(new MisfireBell());
      return scheduler;
    } catch (SchedulerException e) {
      throw new IllegalStateException("Quartz cannot be set up: " + e.getMessage(), e);
    }
  }

  private Job bell() {
    return context ->
        ring(
            new GameDayName(context.getJobDetail().getKey().getName()),
            context.getScheduledFireTime().toInstant());
  }

  private static ThreadFactory daemons(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Quartz drops fires that it noticed too late; somebody must still write them down. */
  private final class MisfireBell extends TriggerListenerSupport {
    @Override
    public String getName() {
      return "misfire bell";
    }

    @Override
    public void triggerMisfired(Trigger trigger) {
      ring(new GameDayName(trigger.getJobKey().getName()), clock.instant());
    }
  }
}

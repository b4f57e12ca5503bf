package dev.firebreak.scheduler;

import dev.firebreak.experiment.Schedule;
import dev.firebreak.run.Outcome;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the bell: looks which fires are due, claims each in the ledger, decides, and runs what is
 * to be run. It does not trust the bell: one that rings twice, late or for nothing does no harm,
 * and fires for which none rang are accounted for at the next. {@link #answer} is for one thread.
 */
final class Doorkeeper {
  private static final Logger log = LoggerFactory.getLogger(Doorkeeper.class);

  /** Missed fires that get a row of their own at one ring; the last row speaks for the rest. */
  static final int MOST_MISSED_ROWS = 200;

  /** Older rows without a decision were seen to by those who came before. */
  private static final int ROWS_LOOKED_AT = 20;

  private final FireLedger ledger;
  private final FireHandler handler;
  private final InstantSource clock;
  private final Executor runs;
  private final Map<GameDayName, Watch> watches = new ConcurrentHashMap<>();

  /**
   * @param runs where runs happen; must not wait for them
   */
  Doorkeeper(FireLedger ledger, FireHandler handler, InstantSource clock, Executor runs) {
    this.ledger = ledger;
    this.handler = handler;
    this.clock = clock;
    this.runs = runs;
  }

  /**
   * A GameDay under watch. Its fires up to {@code accounted} have their rows; those that are {@code
   * doubtful} were claimed by others, of whom we do not know whether they came to decide.
   */
  private static final class Watch {
    final Schedule schedule;
    final Cron cron;
    final List<Instant> doubtful = new ArrayList<>();
    Instant accounted;

    Watch(Schedule schedule, Instant accounted) {
      this.schedule = schedule;
      this.cron = CronExpressions.parsed(schedule);
      this.accounted = accounted;
    }

    boolean late(Instant fire, Instant now) {
      return decide(fire, now, false).state() == FireState.MISSED;
    }

    FireDecision decide(Instant fire, Instant now, boolean previousRuns) {
      return FireDecision.of(fire, now, schedule.startingDeadline(), previousRuns);
    }
  }

  /** Watches a GameDay, from where the last one who watched it so left off. */
  void watch(GameDayName gameDay, Schedule schedule) throws LedgerException {
    Instant since = ledger.watch(gameDay, schedule, clock.instant());
    List<FireRow> rows = ledger.last(gameDay, ROWS_LOOKED_AT);
    Instant accounted =
        rows.stream().map(FireRow::scheduledAt).filter(since::isBefore).findFirst().orElse(since);
    Watch watch = new Watch(schedule, accounted);
    rows.stream()
        .filter(row -> row.state() == FireState.CLAIMED)
        .forEach(row -> watch.doubtful.add(row.scheduledAt()));
    watches.put(gameDay, watch);
  }

  void unwatch(GameDayName gameDay) throws LedgerException {
    watches.remove(gameDay);
    ledger.unwatch(gameDay);
  }

  /**
   * Accounts for every fire that is due. Never throws: a fire that cannot be written down is not
   * run, and is looked at again at the next ring.
   *
   * @param rungFor the fire for which the bell rang; it may ring a few milliseconds early
   */
  void answer(GameDayName gameDay, Instant rungFor) {
    Watch watch = watches.get(gameDay);
    if (watch == null) {
      return;
    }
    Instant now = clock.instant();
    try {
      settleAbandoned(gameDay, watch, now);
      miss(gameDay, watch, now);
      Instant until = rungFor.isAfter(now) ? rungFor : now;
      for (Instant fire : watch.cron.between(watch.accounted, until, Integer.MAX_VALUE)) {
        take(gameDay, watch, fire);
        watch.accounted = fire;
      }
    } catch (LedgerException | RuntimeException e) {
      log.error("fire not run, the ledger fails gameday={} rungFor={}", gameDay, rungFor, e);
    }
  }

  /** A claimant that died before it decided has run nothing; once it is late nobody will. */
  private void settleAbandoned(GameDayName gameDay, Watch watch, Instant now)
      throws LedgerException {
    List<Instant> late = watch.doubtful.stream().filter(fire -> watch.late(fire, now)).toList();
    for (Instant fire : late) {
      ledger.missIfUndecided(gameDay, fire, "who claimed it ended before it was run", now);
      watch.doubtful.remove(fire);
    }
  }

  /** Writes down the fires that passed while nobody was there. */
  private void miss(GameDayName gameDay, Watch watch, Instant now) throws LedgerException {
    Instant inTime = now.minus(watch.schedule.startingDeadline());
    Instant lastMissed = inTime.minusNanos(1);
    List<Instant> missed = watch.cron.between(watch.accounted, lastMissed, MOST_MISSED_ROWS + 1);
    for (int i = 0; i < Math.min(missed.size(), MOST_MISSED_ROWS); i++) {
      Instant fire = missed.get(i);
      boolean speaksForMore = i == MOST_MISSED_ROWS - 1 && missed.size() > MOST_MISSED_ROWS;
      String reason =
          watch.decide(fire, now, false).reason()
              + (speaksForMore ? "; nor any later one before " + inTime : "");
      if (ledger.miss(gameDay, fire, reason, now)) {
        log.warn("fire missed gameday={} scheduled={} reason={}", gameDay, fire, reason);
      }
      watch.accounted = fire;
    }
    if (missed.size() > MOST_MISSED_ROWS) {
      ledger.watchFrom(gameDay, watch.schedule, lastMissed);
      watch.accounted = lastMissed;
    }
  }

  private void take(GameDayName gameDay, Watch watch, Instant fire) throws LedgerException {
    Optional<FireLedger.Claim> claimed = ledger.claim(gameDay, fire, clock.instant());
    if (claimed.isEmpty()) {
      log.info("fire is another process' gameday={} scheduled={}", gameDay, fire);
      watch.doubtful.add(fire);
      return;
    }
    try (FireLedger.Claim claim = claimed.get()) {
      settle(gameDay, watch, fire, claim);
    }
  }

  /** Claims come first and the lock second, or a rival's claim could find the lock taken. */
  private void settle(GameDayName gameDay, Watch watch, Instant fire, FireLedger.Claim claim)
      throws LedgerException {
    Optional<Occupation> place = ledger.occupy(gameDay);
    boolean handedOver = false;
    try {
      Instant now = clock.instant();
      FireDecision decision = watch.decide(fire, now, place.isEmpty());
      claim.decide(decision, now);
      log.info(
          "fire decided gameday={} scheduled={} state={} reason={}",
          gameDay,
          fire,
          decision.state(),
          decision.reason());
      if (decision.state() == FireState.RUN && place.isPresent()) {
        Occupation occupation = place.get();
        runs.execute(() -> run(gameDay, fire, occupation));
        handedOver = true;
      }
    } catch (RejectedExecutionException e) {
      log.error("fire not run, closing gameday={} scheduled={}", gameDay, fire, e);
      fail(gameDay, fire);
    } finally {
      if (!handedOver) {
        place.ifPresent(Occupation::close);
      }
    }
  }

  private void run(GameDayName gameDay, Instant fire, Occupation place) {
    try (place) {
      handler.fire(gameDay, fire);
    } catch (RuntimeException | Error e) {
      log.error("run of a fire broke gameday={} scheduled={}", gameDay, fire, e);
      fail(gameDay, fire);
    }
  }

  private void fail(GameDayName gameDay, Instant fire) {
    try {
      ledger.ended(gameDay, fire, Outcome.FAILED, clock.instant());
    } catch (LedgerException e) {
      log.error("ledger fails gameday={} scheduled={}", gameDay, fire, e);
    }
  }
}

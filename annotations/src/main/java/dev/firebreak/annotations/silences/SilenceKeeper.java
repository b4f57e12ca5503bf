package dev.firebreak.annotations.silences;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.firebreak.annotations.NextPass;
import dev.firebreak.annotations.RunFiles;
import dev.firebreak.annotations.silences.AlertmanagerException.Problem;
import dev.firebreak.run.RunId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes silences in one Alertmanager and ends them: on disk before they are made, by one thread of
 * its own, tried again until it is done or the silence has ended by itself. One for a process, its
 * directory shared with others. For any thread; only {@link #flush} and {@link #close} wait.
 */
public final class SilenceKeeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SilenceKeeper.class);

  /** More wait only if Alertmanager hangs for hours; then what is new is not silenced. */
  private static final int MOST_WAITING = 200;

  /** A request whose answer was lost has arrived by then, if ever. */
  private static final Duration RECHECK_AFTER = Duration.ofSeconds(10);

  /** By how much Alertmanager's clock may be behind. */
  private static final Duration CLOCK_SLACK = Duration.ofMinutes(1);

  private static final Duration FIRST_RETRY = Duration.ofMillis(500);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(16);
  private static final int MOST_STEPS = 6;

  private final RunFiles<RunSilences> files;
  private final AlertmanagerClient alertmanager;
  private final InstantSource clock;
  private final ScheduledExecutorService worker;
  private final NextPass nextPass;
  private final Semaphore room = new Semaphore(MOST_WAITING);

  /** For {@link #flush}. */
  private volatile long notEnded;

  /** These are the worker's own. */
  private final Map<RunId, Kept> runs = new LinkedHashMap<>();

  private final List<CountDownLatch> waiters = new ArrayList<>();
  private int failures;
  private boolean backingOff;

  /** One run's silences, claimed. */
  private static final class Kept {
    final RunFiles<RunSilences>.Claim claim;
    RunSilences silences;

    Kept(RunFiles<RunSilences>.Claim claim, RunSilences silences) {
      this.claim = claim;
      this.silences = silences;
    }
  }

  /** With work done by {@code worker}, in order. */
  SilenceKeeper(
      AlertmanagerSettings settings,
      Path directory,
      InstantSource clock,
      ScheduledExecutorService worker)
      throws IOException {
    this.files = new RunFiles<>(directory, RunSilences.class);
    this.alertmanager = new AlertmanagerClient(settings);
    this.clock = clock;
    this.worker = worker;
    this.nextPass = new NextPass(worker, this::pass);
  }

  /**
   * Opens it and asks nothing of Alertmanager yet.
   *
   * @param directory where silences are written down; created if it is not there
   * @throws IOException if the directory cannot be used
   */
  public static SilenceKeeper open(
      AlertmanagerSettings settings, Path directory, InstantSource clock) throws IOException {
    ScheduledExecutorService worker =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "silences");
              thread.setDaemon(true);
              return thread;
            });
    return new SilenceKeeper(settings, directory, clock, worker);
  }

  /**
   * Ends what processes left that live no more: whoever is on call must hear of a fault that no run
   * watches.
   */
  public void resume() {
    tell(this::takeUp);
  }

  /** Ends all silences of the run, also those that another process made, if it lives no more. */
  public void ended(RunId run) {
    tell(() -> end(run));
  }

  /**
   * Ends what is to end, at once and again, until all has ended or the time is over. What is left
   * then ends with its time, or by {@link #resume}.
   *
   * @return how many silences are not known to have ended though they should
   */
  public long flush(Duration deadline) {
    CountDownLatch nothingLeft = new CountDownLatch(1);
    boolean open =
        tell(
            () -> {
              waiters.add(nothingLeft);
              backingOff = false;
              failures = 0;
            });
    try {
      if (open && !nothingLeft.await(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.debug("silences were not all ended within {}", deadline);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return notEnded;
  }

  /** Stops within the time of one request; what is written down stays for {@link #resume}. */
  @Override
  public void close() {
    worker.shutdownNow();
    try {
      if (worker.awaitTermination(1, TimeUnit.SECONDS)) {
        runs.values().forEach(SilenceKeeper::release);
      } else {
        LOG.warn("the keeper of silences did not stop in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Wants the silence. Returns at once. */
  void silence(RunId run, SilenceWish wish) {
    if (!room.tryAcquire()) {
      LOG.warn("not silenced, too many wishes wait run={} silence={}", run, wish.key());
      return;
    }
    tell(
        () -> {
          room.release();
          want(run, wish);
        });
  }

  /** Ends the silence of this key, or sees to it that none is made. Returns at once. */
  void lift(RunId run, String key) {
    tell(() -> change(run, entry -> entry.wish().key().equals(key) ? entry.lift() : entry));
  }

  /** Whether anybody listens. */
  @CanIgnoreReturnValue
  private boolean tell(Runnable news) {
    try {
      worker.execute(
          () -> {
            news.run();
            if (!backingOff) {
              pass();
            }
          });
      return true;
    } catch (RejectedExecutionException e) {
      LOG.debug("the keeper of silences is closed", e);
      return false;
    }
  }

  // ---- on the worker's thread

  private void want(RunId run, SilenceWish wish) {
    try {
      Kept kept = runs.get(run);
      if (kept == null) {
        var claim = files.claim(run);
        if (claim.isEmpty()) {
          LOG.warn("not silenced, another process keeps the run's silences run={}", run);
          return;
        }
        kept = new Kept(claim.get(), claim.get().read().orElse(RunSilences.none()));
        runs.put(run, kept);
      }
      kept.silences = kept.silences.and(Entry.wanted(wish));
    } catch (IOException e) {
      LOG.warn("not silenced, nothing can be written down run={}", run, e);
    }
  }

  private void change(RunId run, UnaryOperator<Entry> change) {
    Kept kept = runs.get(run);
    if (kept != null) {
      kept.silences = kept.silences.each(change);
    }
  }

  private void end(RunId run) {
    if (runs.containsKey(run)) {
      change(run, Entry::lift);
    } else {
      takeUp(run);
    }
  }

  private void takeUp() {
    try {
      files.runs().stream().filter(run -> !runs.containsKey(run)).forEach(this::takeUp);
    } catch (IOException e) {
      LOG.warn("silences of earlier runs cannot be read", e);
    }
  }

  /** Its process may have ended between a request and its answer. */
  private void takeUp(RunId run) {
    try {
      var claim = files.claim(run);
      if (claim.isPresent()) {
        RunSilences left = claim.get().read().orElse(RunSilences.none());
        runs.put(run, new Kept(claim.get(), left.each(entry -> entry.lift().doubted())));
      }
    } catch (IOException e) {
      LOG.warn("silences of an earlier run cannot be read run={}", run, e);
    }
  }

  private void pass() {
    try {
      Optional<IOException> unwritten = Optional.empty();
      for (Map.Entry<RunId, Kept> run : runs.entrySet()) {
        try {
          work(run.getKey(), run.getValue());
        } catch (IOException e) {
          // One run that cannot be written down must not keep others silent.
          unwritten = Optional.of(e);
        }
      }
      if (unwritten.isPresent()) {
        failed(unwritten.get());
      } else {
        answered();
      }
    } catch (AlertmanagerException e) {
      failed(e);
    }
    putAway();
    planNext();
  }

  private void answered() {
    if (failures > 0) {
      LOG.info("silences need not wait any more");
    }
    failures = 0;
    backingOff = false;
  }

  private void failed(Exception e) {
    if (failures == 0) {
      LOG.warn("silences have to wait, see \"firebreak doctor\" reason={}", e.getMessage());
    } else {
      LOG.debug("silences have to wait again tries={}", failures + 1, e);
    }
    failures++;
    backingOff = true;
  }

  private void work(RunId run, Kept kept) throws IOException {
    for (int i = 0; i < kept.silences.entries().size(); i++) {
      for (int step = 0; step < MOST_STEPS; step++) {
        Entry entry = kept.silences.entries().get(i);
        if (!entry.due(clock.millis())) {
          break;
        }
        kept.silences = kept.silences.with(i, next(run, kept, i, entry));
        kept.claim.write(kept.silences);
      }
    }
  }

  /** What is known after the next request, if one is needed. */
  private Entry next(RunId run, Kept kept, int index, Entry entry) throws IOException {
    if (clock.millis() >= entry.wish().endsAt() + CLOCK_SLACK.toMillis()) {
      return entry.in(Entry.State.OVER);
    }
    if (entry.lifted()) {
      return end(run, entry);
    }
    if (clock.millis() >= entry.wish().endsAt()) {
      return entry.lift();
    }
    return switch (entry.state()) {
      case WANTED -> make(run, kept, index, entry);
      case SENT -> adopt(entry);
      case MADE, OVER -> entry;
    };
  }

  private Entry make(RunId run, Kept kept, int index, Entry entry) throws IOException {
    Entry sent = entry.in(Entry.State.SENT);
    kept.silences = kept.silences.with(index, sent);
    kept.claim.write(kept.silences);
    try {
      String id = alertmanager.create(entry.wish(), clock.instant());
      LOG.info("silenced run={} silence={} id={}", run, entry.wish().key(), id);
      return sent.made(id);
    } catch (AlertmanagerException e) {
      if (e.problem() == Problem.INVALID) {
        LOG.warn("not silenced run={} reason={}", run, e.getMessage());
        return entry.in(Entry.State.OVER);
      }
      kept.silences = kept.silences.with(index, e.nothingDone() ? entry : sent.doubted());
      throw e;
    }
  }

  private Entry adopt(Entry entry) {
    return alertmanager.search(entry.wish()).stream()
        .findFirst()
        .map(found -> entry.made(found.id()))
        .orElse(entry.in(Entry.State.WANTED));
  }

  private Entry end(RunId run, Entry entry) {
    if (entry.id() != null) {
      expire(run, entry.id());
    }
    boolean neverSent = entry.state() == Entry.State.WANTED && !entry.doubtful();
    if (neverSent || (entry.state() == Entry.State.MADE && !entry.doubtful())) {
      return entry.in(Entry.State.OVER);
    }
    alertmanager.search(entry.wish()).forEach(found -> expire(run, found.id()));
    return entry.lookedFor()
        ? entry.in(Entry.State.OVER)
        : entry.recheckedAt(clock.millis() + RECHECK_AFTER.toMillis());
  }

  private void expire(RunId run, String id) {
    try {
      alertmanager.expire(id);
      LOG.info("silence ended run={} id={}", run, id);
    } catch (AlertmanagerException e) {
      if (e.problem() != Problem.INVALID) {
        throw e;
      }
      LOG.warn("no such silence can be ended run={} reason={}", run, e.getMessage());
    }
  }

  private void putAway() {
    for (Iterator<Kept> i = runs.values().iterator(); i.hasNext(); ) {
      Kept kept = i.next();
      if (kept.silences.over()) {
        forget(kept);
        i.remove();
      }
    }
    notEnded =
        entries().stream()
            .filter(entry -> entry.lifted() && !entry.over() && !entry.lookedFor())
            .count();
    if (notEnded == 0) {
      waiters.forEach(CountDownLatch::countDown);
      waiters.clear();
    }
  }

  private List<Entry> entries() {
    return runs.values().stream().flatMap(kept -> kept.silences.entries().stream()).toList();
  }

  private static void forget(Kept kept) {
    try {
      kept.claim.delete();
    } catch (IOException e) {
      LOG.warn("what was written down of silences cannot be deleted", e);
    }
    release(kept);
  }

  private static void release(Kept kept) {
    try {
      kept.claim.close();
    } catch (IOException e) {
      LOG.warn("the claim on a run's silences cannot be released", e);
    }
  }

  private void planNext() {
    if (backingOff) {
      Duration wait = FIRST_RETRY.multipliedBy(1L << Math.min(failures - 1, 10));
      nextPass.after(wait.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : wait);
      return;
    }
    long now = clock.millis();
    entries().stream()
        .filter(entry -> !entry.over())
        .mapToLong(entry -> entry.lifted() ? entry.recheckAt() : entry.wish().endsAt())
        .min()
        .ifPresent(due -> nextPass.after(Duration.ofMillis(Math.max(1, due - now))));
  }
}

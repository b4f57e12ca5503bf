package dev.firebreak.annotations.grafana;

import dev.firebreak.annotations.NextPass;
import dev.firebreak.annotations.grafana.GrafanaException.Problem;
import dev.firebreak.run.RunId;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends marks in order, on one thread, and tries again until Grafana has them. For any thread; only
 * {@link #flush} and {@link #stop} wait.
 */
final class OutboxSender {
  private static final Logger LOG = LoggerFactory.getLogger(OutboxSender.class);

  /** A mark needs up to six; more in one pass means that Grafana contradicts itself. */
  private static final int MOST_STEPS = 12;

  private final RunBoxes boxes;
  private final GrafanaClient grafana;
  private final InstantSource clock;
  private final Pace pace;
  private final ScheduledExecutorService worker;
  private final NextPass nextPass;
  private final Refusals refusals = new Refusals();
  private final List<CountDownLatch> waiters = new CopyOnWriteArrayList<>();

  /** While Grafana fails, new marks do not hurry the next try. */
  private volatile boolean backingOff;

  /** These are the worker's own. */
  private Optional<Reconciler> reconciler = Optional.empty();

  private int failures;

  private boolean progressed;

  private boolean parked;

  OutboxSender(
      RunBoxes boxes,
      GrafanaClient grafana,
      InstantSource clock,
      Pace pace,
      ScheduledExecutorService worker) {
    this.boxes = boxes;
    this.grafana = grafana;
    this.clock = clock;
    this.pace = pace;
    this.worker = worker;
    this.nextPass = new NextPass(worker, this::pass);
  }

  /** There may be something to send. */
  void wake() {
    if (!backingOff) {
      try {
        worker.execute(this::passUnlessFailing);
      } catch (RejectedExecutionException e) {
        LOG.debug("the outbox is closed", e);
      }
    }
  }

  /** Tries at once and again, until nothing is left or the time is over. */
  void flush(Duration deadline) {
    CountDownLatch nothingLeft = new CountDownLatch(1);
    waiters.add(nothingLeft);
    try {
      worker.execute(this::tryAtOnce);
      if (!nothingLeft.await(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.debug("marks were not all sent within {}", deadline);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RejectedExecutionException e) {
      LOG.debug("the outbox is closed", e);
    }
    waiters.remove(nothingLeft);
  }

  /** Why Grafana refuses marks until a person helps. */
  Optional<String> refusal() {
    return refusals.now();
  }

  /** Sends nothing any more, within about a second. */
  void stop() {
    worker.shutdownNow();
    try {
      if (!worker.awaitTermination(1, TimeUnit.SECONDS)) {
        LOG.warn("the outbox did not stop in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // ---- on the worker's thread

  /** Grafana may have begun to fail since somebody wanted this. */
  private void passUnlessFailing() {
    if (!backingOff) {
      pass();
    }
  }

  private void tryAtOnce() {
    failures = 0;
    pass();
  }

  private void pass() {
    boolean allWell = false;
    progressed = false;
    parked = false;
    Optional<Duration> wanted = Optional.empty();
    try {
      allWell = sendDue();
      if (allWell) {
        // Before anybody who waits is told that nothing is left.
        refusals.over();
      }
    } catch (GrafanaException e) {
      wanted = e.retryAfter();
      failed(e);
    } catch (RuntimeException e) {
      failed("the outbox broke", e);
    }
    boxes.putAway();
    if (boxes.unsent() == 0) {
      waiters.forEach(CountDownLatch::countDown);
    }
    planNext(allWell, wanted);
  }

  /** Whether nothing has to be tried again. */
  private boolean sendDue() {
    boolean allWell = true;
    List<GrafanaException> refused = new ArrayList<>();
    for (RunId run : boxes.runs()) {
      for (Entry entry : boxes.marks(run).map(RunMarks::entries).orElse(List.of())) {
        allWell &= send(run, entry.mark().key(), refused);
      }
    }
    if (!refused.isEmpty()) {
      throw refused.get(0);
    }
    return allWell;
  }

  private boolean send(RunId run, String key, List<GrafanaException> refused) {
    try {
      for (int i = 0; i < MOST_STEPS; i++) {
        Optional<Entry> entry = boxes.marks(run).map(marks -> marks.entry(key));
        if (entry.isEmpty() || !entry.get().due(clock.millis())) {
          return true;
        }
        Delivery next = reconciler().step(entry.get(), delivery -> boxes.keep(run, key, delivery));
        boxes.keep(run, key, next);
        progressed = true;
      }
    } catch (GrafanaException e) {
      // Of one mark alone: the others go on. A right to delete is needed by few, for example.
      if (e.problem() == Problem.FORBIDDEN) {
        refused.add(e);
      } else if (e.problem() != Problem.GONE) {
        throw e;
      }
      LOG.debug("mark has to wait mark={}", key, e);
    }
    return false;
  }

  /** Before the first request that writes: a mark in the wrong place is worse than a late one. */
  private Reconciler reconciler() {
    if (reconciler.isEmpty()) {
      grafana.findPlace();
      reconciler = Optional.of(new Reconciler(grafana.annotations(), clock, pace.recheckAfter()));
    }
    return reconciler.get();
  }

  private void failed(GrafanaException e) {
    String reason = e.problem() + ": " + e.getMessage();
    if (e.needsAPerson()) {
      refusals.park(reason, boxes.unsent());
      parked = true;
      return;
    }
    failed(reason, null);
    if (progressed) {
      refusals.over();
    }
  }

  private void failed(String reason, @Nullable Exception e) {
    if (failures == 0) {
      LOG.warn("Grafana fails, marks are kept unsent={} reason={}", boxes.unsent(), reason, e);
    } else {
      LOG.debug("Grafana fails again tries={} reason={}", failures + 1, reason, e);
    }
  }

  private void planNext(boolean allWell, Optional<Duration> wanted) {
    if (!allWell) {
      // A Grafana that fails now and then is no reason to wait longer and longer.
      failures = progressed ? 1 : failures + 1;
      backingOff = true;
      // At the slowest pace while it is a person who has to act.
      Duration wait = parked ? pace.longestRetry() : pace.retryAfter(failures);
      nextPass.after(wanted.filter(asked -> asked.compareTo(wait) > 0).orElse(wait));
      return;
    }
    if (failures > 0) {
      LOG.info("Grafana takes marks again");
    }
    failures = 0;
    backingOff = false;
    takeFromShelf();
    boxes
        .nextRecheck()
        .ifPresent(at -> nextPass.after(Duration.ofMillis(Math.max(1, at - clock.millis()))));
  }

  private void takeFromShelf() {
    try {
      if (boxes.takeFromShelf()) {
        wake();
      }
    } catch (IOException e) {
      LOG.warn("marks of earlier runs cannot be read", e);
    }
  }
}

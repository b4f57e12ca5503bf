package dev.firebreak.annotations.grafana;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.firebreak.annotations.grafana.GrafanaException.Problem;
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
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Marks on their way to one Grafana: on disk before they are sent, sent in order by one thread of
 * its own, tried again until Grafana has them, for days and across processes if need be. Nothing is
 * lost and nothing is doubled. One for a process, its directory shared with others. For any thread;
 * only {@link #flush} waits.
 */
public final class GrafanaOutbox implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GrafanaOutbox.class);

  /** A mark needs up to six; more in one pass means that Grafana contradicts itself. */
  private static final int MOST_STEPS = 12;

  private final MarkStore store;
  private final Reconciler reconciler;
  private final InstantSource clock;
  private final Pace pace;
  private final ScheduledExecutorService worker;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Map<RunId, Box> boxes = new LinkedHashMap<>();

  @GuardedBy("lock")
  private final List<CountDownLatch> waiters = new ArrayList<>();

  @GuardedBy("lock")
  private boolean closed;

  /** While Grafana fails, new marks do not hurry the next try. */
  private volatile boolean backingOff;

  /** These are the worker's own. */
  private int failures;

  private long plan;

  /** One run's marks. */
  private static final class Box {
    final Optional<MarkStore.Claim> claim;
    RunMarks marks;

    /** Whether the run is told of here, so that more marks may come. */
    boolean live;

    boolean diskFailed;

    Box(Optional<MarkStore.Claim> claim, RunMarks marks, boolean live) {
      this.claim = claim;
      this.marks = marks;
      this.live = live;
    }
  }

  GrafanaOutbox(
      GrafanaSettings settings,
      Path directory,
      InstantSource clock,
      OperationListener operations,
      Pace pace)
      throws IOException {
    this.store = new MarkStore(directory);
    this.reconciler =
        new Reconciler(new GrafanaClient(settings, operations), clock, pace.recheckAfter());
    this.clock = clock;
    this.pace = pace;
    this.worker =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "grafana-outbox");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Opens the outbox and asks nothing of Grafana yet.
   *
   * @param directory where marks are kept; created if it is not there
   * @param operations is told of each request, for counting
   * @throws IOException if the directory cannot be used
   */
  public static GrafanaOutbox open(
      GrafanaSettings settings, Path directory, InstantSource clock, OperationListener operations)
      throws IOException {
    return new GrafanaOutbox(settings, directory, clock, operations, Pace.DEFAULT);
  }

  /**
   * Takes up what earlier processes left unsent, unless one of them still lives. A region that was
   * still open then stays open until the events of its run are told to a {@link GrafanaAnnotator}
   * again, from the first to the last.
   */
  public void resume() {
    try {
      for (RunId run : store.runs()) {
        resume(run);
      }
    } catch (IOException e) {
      LOG.warn("marks of earlier runs cannot be read", e);
    }
    wake();
  }

  /**
   * Sends what is left, at once and again, until nothing is or the time is over. What is left then
   * stays on disk for {@link #resume}.
   *
   * @return how many marks Grafana does not have yet
   */
  public long flush(Duration deadline) {
    CountDownLatch nothingLeft = new CountDownLatch(1);
    synchronized (lock) {
      waiters.add(nothingLeft);
    }
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
    synchronized (lock) {
      waiters.remove(nothingLeft);
    }
    return unsent();
  }

  /** How many marks Grafana does not have yet. */
  public long unsent() {
    synchronized (lock) {
      return boxes.values().stream().mapToLong(box -> box.marks.unsent()).sum();
    }
  }

  /** Stops sending, within about a second; what is left stays on disk. */
  @Override
  public void close() {
    worker.shutdownNow();
    try {
      if (!worker.awaitTermination(1, TimeUnit.SECONDS)) {
        LOG.warn("the outbox did not stop in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (lock) {
      closed = true;
      boxes.values().forEach(GrafanaOutbox::release);
      boxes.clear();
    }
  }

  /** Wants the mark to be in Grafana, in place of the one of the same key. Returns at once. */
  void put(RunId run, Mark mark) {
    synchronized (lock) {
      box(run).ifPresent(box -> change(run, box, box.marks.wanting(mark)));
    }
    wake();
  }

  /** The run is over: no mark of it changes any more. */
  void complete(RunId run) {
    synchronized (lock) {
      box(run).ifPresent(box -> change(run, box, box.marks.completed()));
    }
    wake();
  }

  @GuardedBy("lock")
  private Optional<Box> box(RunId run) {
    Box box = boxes.get(run);
    if (box == null && !closed) {
      box = open(run).orElse(null);
    }
    if (box == null) {
      return Optional.empty();
    }
    box.live = true;
    boxes.put(run, box);
    return Optional.of(box);
  }

  private Optional<Box> open(RunId run) {
    RunMarks none = RunMarks.none(run, clock.millis());
    try {
      Optional<MarkStore.Claim> claim = store.claim(run);
      if (claim.isEmpty()) {
        LOG.warn("marks of the run are sent by another process run={}", run);
        return Optional.empty();
      }
      return Optional.of(new Box(claim, claim.get().read().orElse(none), true));
    } catch (IOException e) {
      LOG.warn("marks cannot be kept on disk run={}", run, e);
      return Optional.of(new Box(Optional.empty(), none, true));
    }
  }

  private void resume(RunId run) throws IOException {
    synchronized (lock) {
      if (closed || boxes.containsKey(run)) {
        return;
      }
      Optional<MarkStore.Claim> claim = store.claim(run);
      if (claim.isEmpty()) {
        return;
      }
      Optional<RunMarks> marks = claim.get().read();
      if (marks.isPresent() && !marks.get().allSettled()) {
        boxes.put(run, new Box(claim, marks.get(), false));
        return;
      }
      if (marks.isPresent() && olderThan(pace.keepFor(), marks.get())) {
        claim.get().delete();
      }
      claim.get().close();
    }
  }

  private boolean olderThan(Duration age, RunMarks marks) {
    return clock.millis() - marks.createdAt() > age.toMillis();
  }

  /** Called under the lock. */
  private static void change(RunId run, Box box, RunMarks marks) {
    if (marks.equals(box.marks)) {
      return;
    }
    box.marks = marks;
    if (box.claim.isEmpty()) {
      return;
    }
    try {
      box.claim.get().write(marks);
      box.diskFailed = false;
    } catch (IOException e) {
      if (!box.diskFailed) {
        LOG.warn("marks cannot be kept on disk run={}", run, e);
      }
      box.diskFailed = true;
    }
  }

  private static void release(Box box) {
    if (box.claim.isPresent()) {
      try {
        box.claim.get().close();
      } catch (IOException e) {
        LOG.warn("the claim on a run's marks cannot be released", e);
      }
    }
  }

  private void wake() {
    if (!backingOff) {
      try {
        worker.execute(this::passUnlessFailing);
      } catch (RejectedExecutionException e) {
        LOG.debug("the outbox is closed", e);
      }
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
    Optional<Duration> wanted = Optional.empty();
    try {
      allWell = sendDue();
    } catch (GrafanaException e) {
      wanted = e.retryAfter();
      failed(e.problem() + ": " + e.getMessage(), null);
    } catch (RuntimeException e) {
      failed("the outbox broke", e);
    }
    putAway();
    planNext(allWell, wanted);
  }

  /** Whether nothing has to be tried again. */
  private boolean sendDue() {
    boolean allWell = true;
    for (RunId run : runs()) {
      for (Entry entry : marks(run).map(RunMarks::entries).orElse(List.of())) {
        allWell &= send(run, entry.mark().key());
      }
    }
    return allWell;
  }

  private boolean send(RunId run, String key) {
    try {
      for (int i = 0; i < MOST_STEPS; i++) {
        Optional<Entry> entry = marks(run).map(marks -> marks.entry(key));
        if (entry.isEmpty() || !entry.get().due(clock.millis())) {
          return true;
        }
        Delivery next = reconciler.step(entry.get(), delivery -> keep(run, key, delivery));
        keep(run, key, next);
      }
    } catch (GrafanaException e) {
      // Of one mark alone: the others go on.
      if (e.problem() != Problem.GONE) {
        throw e;
      }
      LOG.debug("mark has to wait mark={}", key, e);
    }
    return false;
  }

  private List<RunId> runs() {
    synchronized (lock) {
      return List.copyOf(boxes.keySet());
    }
  }

  private Optional<RunMarks> marks(RunId run) {
    synchronized (lock) {
      return Optional.ofNullable(boxes.get(run)).map(box -> box.marks);
    }
  }

  private void keep(RunId run, String key, Delivery delivery) {
    synchronized (lock) {
      Box box = boxes.get(run);
      if (box != null) {
        change(run, box, box.marks.delivered(key, delivery));
      }
    }
  }

  private void failed(String reason, @Nullable Exception e) {
    if (failures == 0) {
      LOG.warn("Grafana fails, marks are kept unsent={} reason={}", unsent(), reason, e);
    } else {
      LOG.debug("Grafana fails again tries={} reason={}", failures + 1, reason, e);
    }
  }

  /** Forgets runs that need nothing more, and marks that nobody can want any more. */
  private void putAway() {
    synchronized (lock) {
      for (Iterator<Map.Entry<RunId, Box>> i = boxes.entrySet().iterator(); i.hasNext(); ) {
        Map.Entry<RunId, Box> next = i.next();
        Box box = next.getValue();
        boolean done = box.marks.allSettled() && (box.marks.complete() || !box.live);
        if (done || giveUp(next.getKey(), box)) {
          release(box);
          i.remove();
        }
      }
      if (unsent() == 0) {
        waiters.forEach(CountDownLatch::countDown);
      }
    }
  }

  private boolean giveUp(RunId run, Box box) {
    if (box.marks.unsent() == 0 || !olderThan(pace.giveUpAfter(), box.marks)) {
      return false;
    }
    LOG.warn(
        "marks given up run={} unsent={} after={}", run, box.marks.unsent(), pace.giveUpAfter());
    try {
      if (box.claim.isPresent()) {
        box.claim.get().delete();
      }
    } catch (IOException e) {
      LOG.warn("marks cannot be deleted run={}", run, e);
    }
    return true;
  }

  private void planNext(boolean allWell, Optional<Duration> wanted) {
    if (!allWell) {
      failures++;
      backingOff = true;
      Duration wait = pace.retryAfter(failures);
      again(wanted.filter(asked -> asked.compareTo(wait) > 0).orElse(wait));
      return;
    }
    if (failures > 0) {
      LOG.info("Grafana takes marks again");
    }
    failures = 0;
    backingOff = false;
    nextRecheck().ifPresent(at -> again(Duration.ofMillis(Math.max(1, at - clock.millis()))));
  }

  private OptionalLong nextRecheck() {
    synchronized (lock) {
      return boxes.values().stream()
          .flatMap(box -> box.marks.entries().stream())
          .mapToLong(entry -> entry.delivery().recheckAt())
          .filter(at -> at > 0)
          .min();
    }
  }

  /** Replaces the plan before. */
  private void again(Duration wait) {
    long thisPlan = ++plan;
    try {
      var unused =
          worker.schedule(
              () -> {
                if (thisPlan == plan) {
                  pass();
                }
              },
              wait.toMillis(),
              TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("the outbox is closed", e);
    }
  }
}

package dev.firebreak.annotations.grafana;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.firebreak.annotations.OutboxLevel;
import dev.firebreak.annotations.grafana.GrafanaException.Problem;
import dev.firebreak.run.RunId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
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
public final class GrafanaOutbox implements OutboxLevel, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GrafanaOutbox.class);

  /** A mark needs up to six; more in one pass means that Grafana contradicts itself. */
  private static final int MOST_STEPS = 12;

  private final MarkStore store;
  private final GrafanaClient grafana;
  private final Reconciler reconciler;
  private final InstantSource clock;
  private final Pace pace;
  private final ScheduledExecutorService worker;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Map<RunId, Box> boxes = new LinkedHashMap<>();

  /** Runs whose marks wait on disk alone, and how many of each are unsent. */
  @GuardedBy("lock")
  private final Map<RunId, Long> shelf = new LinkedHashMap<>();

  @GuardedBy("lock")
  private final List<CountDownLatch> waiters = new ArrayList<>();

  @GuardedBy("lock")
  private boolean closed;

  /** While Grafana fails, new marks do not hurry the next try. */
  private volatile boolean backingOff;

  /** What only a person can put right, in words. */
  private volatile Optional<String> refusal = Optional.empty();

  /** These are the worker's own. */
  private int failures;

  private long plan;

  private boolean placeFound;

  private boolean progressed;

  private boolean parked;

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
    this(new GrafanaClient(settings, operations), directory, clock, pace, oneThread());
  }

  /** With work done by {@code worker}, in order. */
  GrafanaOutbox(
      GrafanaClient grafana,
      Path directory,
      InstantSource clock,
      Pace pace,
      ScheduledExecutorService worker)
      throws IOException {
    this.store = new MarkStore(directory);
    this.grafana = grafana;
    this.reconciler = new Reconciler(grafana, clock, pace.recheckAfter());
    this.clock = clock;
    this.pace = pace;
    this.worker = worker;
  }

  private static ScheduledExecutorService oneThread() {
    return Executors.newSingleThreadScheduledExecutor(
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
  @Override
  public long unsent() {
    synchronized (lock) {
      return boxes.values().stream().mapToLong(box -> box.marks.unsent()).sum()
          + shelf.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /** Of how many runs marks are held in memory. */
  int inMemory() {
    synchronized (lock) {
      return boxes.size();
    }
  }

  /**
   * Why Grafana refuses marks until a person helps, such as a right that the token lacks; empty
   * while it does not. The marks are parked meanwhile, and tried now and then.
   */
  public Optional<String> refusal() {
    return refusal;
  }

  /** When the run was first heard of that has waited longest for Grafana to take a mark. */
  @Override
  public Optional<Instant> oldestUnsent() {
    synchronized (lock) {
      return boxes.values().stream()
          .filter(box -> box.marks.unsent() > 0)
          .map(box -> Instant.ofEpochMilli(box.marks.createdAt()))
          .min(Comparator.naturalOrder());
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
    shelf.remove(run);
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
        // Another process sends them.
        shelf.remove(run);
        return;
      }
      Optional<RunMarks> marks = claim.get().read();
      if (marks.isPresent() && !marks.get().allSettled()) {
        takeUp(run, new Box(claim, marks.get(), false));
        return;
      }
      shelf.remove(run);
      if (marks.isPresent() && olderThan(pace.keepFor(), marks.get())) {
        claim.get().delete();
      }
      claim.get().close();
    }
  }

  @GuardedBy("lock")
  private void takeUp(RunId run, Box box) {
    if (boxes.size() < pace.mostRuns()) {
      boxes.put(run, box);
      shelf.remove(run);
    } else {
      shelf.put(run, box.marks.unsent());
      release(box);
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
    progressed = false;
    parked = false;
    Optional<Duration> wanted = Optional.empty();
    try {
      allWell = sendDue();
      if (allWell) {
        // Before anybody who waits is told that nothing is left.
        refusal = Optional.empty();
      }
    } catch (GrafanaException e) {
      wanted = e.retryAfter();
      failed(e);
    } catch (RuntimeException e) {
      failed("the outbox broke", e);
    }
    putAway();
    planNext(allWell, wanted);
  }

  /** Whether nothing has to be tried again. */
  private boolean sendDue() {
    boolean allWell = true;
    List<GrafanaException> refused = new ArrayList<>();
    for (RunId run : runs()) {
      for (Entry entry : marks(run).map(RunMarks::entries).orElse(List.of())) {
        allWell &= send(run, entry.mark().key(), refused);
      }
    }
    if (!refused.isEmpty()) {
      throw refused.get(0);
    }
    return allWell;
  }

  /** Before the first request that writes: a mark in the wrong place is worse than a late one. */
  private void findPlace() {
    if (!placeFound) {
      grafana.findPlace();
      placeFound = true;
    }
  }

  private boolean send(RunId run, String key, List<GrafanaException> refused) {
    try {
      for (int i = 0; i < MOST_STEPS; i++) {
        Optional<Entry> entry = marks(run).map(marks -> marks.entry(key));
        if (entry.isEmpty() || !entry.get().due(clock.millis())) {
          return true;
        }
        findPlace();
        Delivery next = reconciler.step(entry.get(), delivery -> keep(run, key, delivery));
        keep(run, key, next);
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

  private void failed(GrafanaException e) {
    String reason = e.problem() + ": " + e.getMessage();
    if (e.needsAPerson()) {
      park(reason);
      return;
    }
    failed(reason, null);
    if (progressed) {
      refusal = Optional.empty();
    }
  }

  /** Told once for each reason, and tried again at the slowest pace: a person has to act. */
  private void park(String reason) {
    if (!refusal.equals(Optional.of(reason))) {
      LOG.warn(
          "Grafana refuses marks, parked until somebody helps, see \"firebreak doctor\""
              + " unsent={} reason={}",
          unsent(),
          reason);
    }
    refusal = Optional.of(reason);
    parked = true;
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
        } else if (boxes.size() > pace.mostRuns() && shelvable(box)) {
          shelf.put(next.getKey(), box.marks.unsent());
          release(box);
          i.remove();
        }
      }
      if (unsent() == 0) {
        waiters.forEach(CountDownLatch::countDown);
      }
    }
  }

  private static boolean shelvable(Box box) {
    return box.marks.complete() && box.claim.isPresent() && !box.diskFailed;
  }

  /** Once most of what was in memory is sent, the rest follows. */
  private void takeFromShelf() {
    try {
      List<RunId> next = onShelf();
      for (RunId run : next) {
        resume(run);
      }
      if (!next.isEmpty()) {
        wake();
      }
    } catch (IOException e) {
      LOG.warn("marks of earlier runs cannot be read", e);
    }
  }

  private List<RunId> onShelf() {
    synchronized (lock) {
      int room = pace.mostRuns() - boxes.size();
      return room < pace.mostRuns() / 2 ? List.of() : shelf.keySet().stream().limit(room).toList();
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
      // A Grafana that fails now and then is no reason to wait longer and longer.
      failures = progressed ? 1 : failures + 1;
      backingOff = true;
      Duration wait = parked ? pace.longestRetry() : pace.retryAfter(failures);
      again(wanted.filter(asked -> asked.compareTo(wait) > 0).orElse(wait));
      return;
    }
    if (failures > 0) {
      LOG.info("Grafana takes marks again");
    }
    failures = 0;
    backingOff = false;
    takeFromShelf();
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

package dev.firebreak.annotations.grafana;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.firebreak.run.RunId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The marks of the runs that need something yet: in memory, and past a number of runs on disk
 * alone, on the shelf. For any thread; waits for the disk and for nothing else.
 */
final class RunBoxes {
  private static final Logger LOG = LoggerFactory.getLogger(RunBoxes.class);

  private final MarkStore store;
  private final InstantSource clock;
  private final Pace pace;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Map<RunId, Box> boxes = new LinkedHashMap<>();

  @GuardedBy("lock")
  private final Map<RunId, Shelved> shelf = new LinkedHashMap<>();

  /** How many marks were given up for ever. */
  @GuardedBy("lock")
  private long dropped;

  @GuardedBy("lock")
  private boolean closed;

  /** What is remembered of a run whose marks wait on disk alone. */
  private record Shelved(long unsent, long createdAt) {
    static Shelved of(RunMarks marks) {
      return new Shelved(marks.unsent(), marks.createdAt());
    }
  }

  /** Creates the directory if it is not there. */
  RunBoxes(Path directory, InstantSource clock, Pace pace) throws IOException {
    this.store = new MarkStore(directory);
    this.clock = clock;
    this.pace = pace;
  }

  /** Changes what is wanted of the run, which is told of here. */
  void change(RunId run, UnaryOperator<RunMarks> wanted) {
    synchronized (lock) {
      toldHere(run).ifPresent(box -> box.change(wanted.apply(box.marks())));
    }
  }

  /** Keeps how far a mark got. */
  void keep(RunId run, String key, Delivery delivery) {
    synchronized (lock) {
      Box box = boxes.get(run);
      if (box != null) {
        box.change(box.marks().delivered(key, delivery));
      }
    }
  }

  /** Takes up what earlier processes left, unless one of them still lives. */
  void takeUp() throws IOException {
    for (RunId run : store.runs()) {
      takeUp(run);
    }
  }

  /** Once most of what was in memory is sent, takes from the shelf; says whether it did. */
  boolean takeFromShelf() throws IOException {
    List<RunId> next = nextOnShelf();
    for (RunId run : next) {
      takeUp(run);
    }
    return !next.isEmpty();
  }

  /** The runs in memory, in order. */
  List<RunId> runs() {
    synchronized (lock) {
      return List.copyOf(boxes.keySet());
    }
  }

  Optional<RunMarks> marks(RunId run) {
    synchronized (lock) {
      return Optional.ofNullable(boxes.get(run)).map(Box::marks);
    }
  }

  /** Forgets runs that need nothing more, and marks that nobody can want any more. */
  void putAway() {
    synchronized (lock) {
      for (Iterator<Map.Entry<RunId, Box>> i = boxes.entrySet().iterator(); i.hasNext(); ) {
        Map.Entry<RunId, Box> next = i.next();
        Box box = next.getValue();
        if (box.done() || giveUp(next.getKey(), box)) {
          box.release();
          i.remove();
        }
      }
      makeRoom();
    }
  }

  /** How many marks Grafana does not have yet. */
  long unsent() {
    synchronized (lock) {
      return boxes.values().stream().mapToLong(box -> box.marks().unsent()).sum()
          + shelf.values().stream().mapToLong(Shelved::unsent).sum();
    }
  }

  /** When the run was first heard of that has waited longest. */
  Optional<Instant> oldestUnsent() {
    synchronized (lock) {
      LongStream inMemory =
          boxes.values().stream()
              .map(Box::marks)
              .filter(marks -> marks.unsent() > 0)
              .mapToLong(RunMarks::createdAt);
      LongStream onDisk =
          shelf.values().stream()
              .filter(shelved -> shelved.unsent() > 0)
              .mapToLong(Shelved::createdAt);
      OptionalLong oldest = LongStream.concat(inMemory, onDisk).min();
      return oldest.isPresent()
          ? Optional.of(Instant.ofEpochMilli(oldest.getAsLong()))
          : Optional.empty();
    }
  }

  int inMemory() {
    synchronized (lock) {
      return boxes.size();
    }
  }

  /** When the first mark is to be looked at again, in milliseconds since 1970. */
  OptionalLong nextRecheck() {
    synchronized (lock) {
      return boxes.values().stream()
          .flatMap(box -> box.marks().entries().stream())
          .mapToLong(entry -> entry.delivery().recheckAt())
          .filter(at -> at > 0)
          .min();
    }
  }

  /** Changes nothing any more. */
  void close() {
    synchronized (lock) {
      closed = true;
      boxes.values().forEach(Box::release);
      boxes.clear();
    }
  }

  @GuardedBy("lock")
  private Optional<Box> toldHere(RunId run) {
    Optional<Box> box = Optional.ofNullable(boxes.get(run));
    if (box.isEmpty() && !closed) {
      box = opened(run);
      box.ifPresent(opened -> boxes.put(run, opened));
      shelf.remove(run);
    }
    box.ifPresent(Box::toldHere);
    return box;
  }

  private Optional<Box> opened(RunId run) {
    RunMarks none = RunMarks.none(run, clock.millis());
    try {
      Optional<MarkStore.Claim> claim = store.claim(run);
      if (claim.isEmpty()) {
        LOG.warn("marks of the run are sent by another process run={}", run);
        return Optional.empty();
      }
      return Optional.of(Box.kept(run, claim.get(), claim.get().read().orElse(none)));
    } catch (IOException e) {
      LOG.warn("marks cannot be kept on disk run={}", run, e);
      return Optional.of(Box.inMemoryAlone(run, none));
    }
  }

  private void takeUp(RunId run) throws IOException {
    synchronized (lock) {
      if (closed || boxes.containsKey(run)) {
        return;
      }
      shelf.remove(run);
      Optional<MarkStore.Claim> claim = store.claim(run);
      if (claim.isEmpty()) {
        // Another process sends them.
        return;
      }
      Optional<RunMarks> marks = claim.get().read();
      if (marks.isPresent() && !marks.get().allSettled()) {
        hold(run, Box.kept(run, claim.get(), marks.get()));
        return;
      }
      if (marks.isPresent() && olderThan(pace.keepFor(), marks.get())) {
        claim.get().delete();
      }
      claim.get().close();
    }
  }

  @GuardedBy("lock")
  private void hold(RunId run, Box box) {
    if (boxes.size() < pace.mostRuns()) {
      boxes.put(run, box);
    } else {
      shelve(run, box);
    }
  }

  @GuardedBy("lock")
  private void shelve(RunId run, Box box) {
    shelf.put(run, Shelved.of(box.marks()));
    box.release();
  }

  private List<RunId> nextOnShelf() {
    synchronized (lock) {
      int room = pace.mostRuns() - boxes.size();
      return room < pace.mostRuns() / 2 ? List.of() : shelf.keySet().stream().limit(room).toList();
    }
  }

  /**
   * Past the number of runs, those that are over go to the shelf. What the disk does not take is
   * dropped then, the oldest first: memory has to end somewhere.
   */
  @GuardedBy("lock")
  private void makeRoom() {
    Iterator<Map.Entry<RunId, Box>> i = boxes.entrySet().iterator();
    while (boxes.size() > pace.mostRuns() && i.hasNext()) {
      Map.Entry<RunId, Box> next = i.next();
      Box box = next.getValue();
      if (box.safeOnDisk()) {
        shelve(next.getKey(), box);
        i.remove();
      } else if (box.marks().complete()) {
        drop(next.getKey(), box, "the disk does not take them, and memory is full");
        box.release();
        i.remove();
      }
    }
  }

  @GuardedBy("lock")
  private boolean giveUp(RunId run, Box box) {
    if (box.marks().unsent() == 0 || !olderThan(pace.giveUpAfter(), box.marks())) {
      return false;
    }
    drop(run, box, "nobody took them for " + pace.giveUpAfter());
    return true;
  }

  @GuardedBy("lock")
  private void drop(RunId run, Box box, String why) {
    dropped += box.marks().unsent();
    LOG.warn(
        "marks given up run={} unsent={} dropped={} reason={}",
        run,
        box.marks().unsent(),
        dropped,
        why);
    box.delete();
  }

  private boolean olderThan(Duration age, RunMarks marks) {
    return clock.millis() - marks.createdAt() > age.toMillis();
  }
}

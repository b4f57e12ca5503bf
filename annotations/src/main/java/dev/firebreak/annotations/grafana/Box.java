package dev.firebreak.annotations.grafana;

import dev.firebreak.run.RunId;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run's marks in memory, and on disk as far as the disk takes them. Not safe for threads. */
final class Box {
  private static final Logger LOG = LoggerFactory.getLogger(Box.class);

  private final RunId run;
  private final Optional<MarkStore.Claim> claim;
  private RunMarks marks;
  private boolean live;
  private boolean diskFailed;

  private Box(RunId run, Optional<MarkStore.Claim> claim, RunMarks marks) {
    this.run = run;
    this.claim = claim;
    this.marks = marks;
  }

  static Box kept(RunId run, MarkStore.Claim claim, RunMarks marks) {
    return new Box(run, Optional.of(claim), marks);
  }

  /** For a disk that cannot be used. */
  static Box inMemoryAlone(RunId run, RunMarks marks) {
    return new Box(run, Optional.empty(), marks);
  }

  RunMarks marks() {
    return marks;
  }

  /** The run is told of in this process, so that more marks may come. */
  void toldHere() {
    live = true;
  }

  /** Whether nothing has to be done for the run any more. */
  boolean done() {
    return marks.allSettled() && (marks.complete() || !live);
  }

  /** Whether its marks will not change, and all of them are on disk. */
  boolean safeOnDisk() {
    return marks.complete() && !inMemoryAlone();
  }

  /** Whether what is in memory is not on disk. */
  boolean inMemoryAlone() {
    return claim.isEmpty() || diskFailed;
  }

  void change(RunMarks newMarks) {
    if (newMarks.equals(marks)) {
      return;
    }
    marks = newMarks;
    if (claim.isEmpty()) {
      return;
    }
    try {
      claim.get().write(marks);
      diskFailed = false;
    } catch (IOException e) {
      if (!diskFailed) {
        LOG.warn("marks cannot be kept on disk run={}", run, e);
      }
      diskFailed = true;
    }
  }

  /** Takes the marks off the disk. */
  void delete() {
    try {
      if (claim.isPresent()) {
        claim.get().delete();
      }
    } catch (IOException e) {
      LOG.warn("marks cannot be deleted run={}", run, e);
    }
  }

  /** Lets another process, or outbox, have them. */
  void release() {
    try {
      if (claim.isPresent()) {
        claim.get().close();
      }
    } catch (IOException e) {
      LOG.warn("the claim on a run's marks cannot be released run={}", run, e);
    }
  }
}

package dev.firebreak.app.crash;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * The place in a process at which its whole process group gets a signal. Runs in the process that
 * is to be hit, and knows its own place only; all other places are passed.
 *
 * @param name such as {@code before writing FaultArmed}
 */
record FailPoint(Kind kind, String name, AtomicBoolean hit) {
  /** Of a run: at its own place, or, if the recovery is to be hit, just after the injection. */
  static FailPoint ofRun(Kind kind, String name) {
    return new FailPoint(kind, kind == Kind.AGAIN ? "after start" : name, new AtomicBoolean());
  }

  /** Of the recovery. */
  static FailPoint ofRecovery(String name) {
    return new FailPoint(Kind.KILL, name, new AtomicBoolean());
  }

  /** Whether the run has to be halted by a person so that it comes here. */
  boolean inHalt() {
    return name.endsWith("writing Halted");
  }

  /** Returns only if the signal is one that a process survives. */
  void pass(String place) {
    if (!place.equals(name) || !hit.compareAndSet(false, true)) {
      return;
    }
    try {
      if (kind == Kind.AGAIN) {
        killGuards();
      }
      String group = "-" + ProcessHandle.current().pid();
      int unused = new ProcessBuilder("kill", "-" + kind.signal(), "--", group).start().waitFor();
      if (kind != Kind.STOP) {
        Thread.sleep(60_000);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The run's only child is its guard, whatever shell it was started by. */
  private static void killGuards() {
    try (Stream<ProcessHandle> children = ProcessHandle.current().children()) {
      children.forEach(ProcessHandle::destroyForcibly);
    }
  }
}

package dev.firebreak.app.crash;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The place in a run at which its whole process group gets a signal. Runs in the process that is to
 * be hit, and knows its own place only; all other places are passed.
 *
 * @param name such as {@code before writing FaultArmed}
 */
record FailPoint(String signal, String name, AtomicBoolean hit) {
  static FailPoint of(String signal, String name) {
    return new FailPoint(signal, name, new AtomicBoolean());
  }

  /** Returns only if the signal is one that a process survives. */
  void pass(String place) {
    if (place.equals(name) && hit.compareAndSet(false, true)) {
      try {
        String group = "-" + ProcessHandle.current().pid();
        int unused = new ProcessBuilder("kill", "-" + signal, "--", group).start().waitFor();
        if (signal.equals("KILL")) {
          Thread.sleep(60_000);
        }
      } catch (IOException e) {
        throw new IllegalStateException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}

package dev.firebreak.app.run;

import java.time.Instant;
import java.util.Optional;

/** A process as text: its pid and its start, because a pid alone may be somebody else's by now. */
public record ProcessIdentity(long pid, String start) {
  /** Of no process. */
  static final ProcessIdentity NOBODY = new ProcessIdentity(0, "-");

  /** This process. */
  public static ProcessIdentity self() {
    ProcessHandle self = ProcessHandle.current();
    return new ProcessIdentity(self.pid(), startOf(self));
  }

  /**
   * What {@link #toString} wrote.
   *
   * @throws IllegalArgumentException if the text is something else
   */
  public static ProcessIdentity of(String text) {
    String[] words = text.strip().split(" ", -1);
    if (words.length != 2) {
      throw new IllegalArgumentException("this names no process: " + text);
    }
    return new ProcessIdentity(Long.parseLong(words[0]), words[1]);
  }

  /** The process, if it is alive. */
  public Optional<ProcessHandle> find() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(process -> startOf(process).equals(start));
  }

  private static String startOf(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse("unknown");
  }

  @Override
  public String toString() {
    return pid + " " + start;
  }
}

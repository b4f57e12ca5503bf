package dev.firebreak.injector.process;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A process that does nothing for a minute, under a command line that no other process has. */
final class Victim implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final String seconds;
  private final Process process;

  private Victim(String seconds) throws IOException {
    this.seconds = seconds;
    this.process = new ProcessBuilder("sleep", seconds).start();
  }

  static Victim start() throws IOException {
    return new Victim(
        "60.%09d%d".formatted(ProcessHandle.current().pid(), COUNT.incrementAndGet()));
  }

  /** Another process with the same command line. */
  Victim replacement() throws IOException {
    return new Victim(seconds);
  }

  String command() {
    return "sleep " + seconds;
  }

  long pid() {
    return process.pid();
  }

  void end() throws InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(Duration.ofSeconds(10).toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("pid " + pid() + " does not end");
    }
  }

  boolean alive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}

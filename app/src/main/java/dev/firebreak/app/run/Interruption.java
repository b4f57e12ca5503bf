package dev.firebreak.app.run;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ends the program in order when it is interrupted ({@code Ctrl-C}, {@code SIGTERM}): the run is
 * halted and rolled back, the report written, and only then the process ends. Further signals
 * change nothing: the rollback is finished.
 */
public final class Interruption {
  /** Longer than the longest rollback and recovery that are waited for. */
  private static final Duration LONGEST_ENDING = Duration.ofMinutes(5);

  private final CountDownLatch finished = new CountDownLatch(1);
  private final AtomicInteger exitCode = new AtomicInteger();

  /** Asks what runs to end. */
  public interface Stopper {
    /**
     * Called once, by the thread that handles the signal.
     *
     * @return whether anything has to be waited for
     */
    boolean stop();
  }

  /** Installs the handler for the life of the program. */
  public void onInterrupt(Stopper stopper) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(stopper), "firebreak-interrupted"));
  }

  private void end(Stopper stopper) {
    if (finished.getCount() == 0 || !stopper.stop()) {
      return;
    }
    try {
      if (finished.await(LONGEST_ENDING.toSeconds(), TimeUnit.SECONDS)) {
        Runtime.getRuntime().halt(exitCode.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The command has done all it had to do. */
  public void finished(int code) {
    exitCode.set(code);
    finished.countDown();
  }
}

package dev.firebreak.annotations.grafana;

import dev.firebreak.annotations.OutboxLevel;
import dev.firebreak.run.RunId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
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

  private final RunBoxes boxes;
  private final OutboxSender sender;

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
    this.boxes = new RunBoxes(directory, clock, pace);
    this.sender = new OutboxSender(boxes, grafana, clock, pace, worker);
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
      boxes.takeUp();
    } catch (IOException e) {
      LOG.warn("marks of earlier runs cannot be read", e);
    }
    sender.wake();
  }

  /**
   * Sends what is left, at once and again, until nothing is or the time is over. What is left then
   * stays on disk for {@link #resume}.
   *
   * @return how many marks Grafana does not have yet
   */
  public long flush(Duration deadline) {
    sender.flush(deadline);
    return unsent();
  }

  @Override
  public long unsent() {
    return boxes.unsent();
  }

  @Override
  public Optional<Instant> oldestUnsent() {
    return boxes.oldestUnsent();
  }

  /** Of how many runs marks are held in memory. */
  int inMemory() {
    return boxes.inMemory();
  }

  /**
   * Why Grafana refuses marks until a person helps, such as a right that the token lacks; empty
   * while it does not. The marks are parked meanwhile, and tried now and then.
   */
  public Optional<String> refusal() {
    return sender.refusal();
  }

  /** Stops sending, within about a second; what is left stays on disk. */
  @Override
  public void close() {
    sender.stop();
    boxes.close();
  }

  /** Wants the mark to be in Grafana, in place of the one of the same key. Returns at once. */
  void put(RunId run, Mark mark) {
    boxes.change(run, marks -> marks.wanting(mark));
    sender.wake();
  }

  /** The run is over: no mark of it changes any more. */
  void complete(RunId run) {
    boxes.change(run, RunMarks::completed);
    sender.wake();
  }
}

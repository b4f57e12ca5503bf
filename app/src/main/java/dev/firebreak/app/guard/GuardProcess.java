package dev.firebreak.app.guard;

import dev.firebreak.app.run.DaemonThreads;
import dev.firebreak.fault.FaultId;
import dev.firebreak.guard.GuardLine;
import dev.firebreak.guard.GuardMessage;
import dev.firebreak.guard.GuardReply;
import dev.firebreak.guard.GuardReply.Armed;
import dev.firebreak.guard.GuardReply.Refused;
import dev.firebreak.guard.GuardReply.Renewed;
import dev.firebreak.guard.GuardReply.TookOver;
import dev.firebreak.guard.HeldLease;
import dev.firebreak.run.Guard;
import dev.firebreak.run.GuardException;
import dev.firebreak.run.JournalException;
import dev.firebreak.run.RunEvent.FaultArmed;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The run's end of the line to its guard. Reading and writing have a thread each, so that a guard
 * that hangs delays neither a halt nor a rollback.
 */
final class GuardProcess implements Guard {
  private static final Logger LOG = LoggerFactory.getLogger(GuardProcess.class);

  /** A JVM on a busy machine takes its time; it starts long before it is needed. */
  private static final Duration LONGEST_START = Duration.ofSeconds(20);

  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(5);

  private static final Duration LONGEST_END = Duration.ofSeconds(2);

  private final Process process;
  private final GuardLine line;
  private final HeldLease lease = new HeldLease(LEASE);
  private final BlockingQueue<String> outgoing = new LinkedBlockingQueue<>();
  private final Map<FaultId, CompletableFuture<Optional<String>>> arming =
      new ConcurrentHashMap<>();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private Thread writer = new Thread();
  private volatile Optional<String> gone = Optional.empty();

  /** A started guard; {@link #listen} has to follow. */
  GuardProcess(Process process, GuardLine line) {
    this.process = process;
    this.line = line;
  }

  void listen() {
    ThreadFactory threads = DaemonThreads.named("firebreak-guard-line");
    writer = threads.newThread(this::write);
    writer.start();
    threads.newThread(this::read).start();
  }

  private void write() {
    try (Writer out = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8)) {
      for (String text = outgoing.take(); !text.isEmpty(); text = outgoing.take()) {
        out.write(text + "\n");
        out.flush();
      }
    } catch (IOException e) {
      lose("the guard is gone: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read() {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String text = in.readLine(); text != null; text = in.readLine()) {
        hear(text);
      }
      lose("the guard's process (pid " + process.pid() + ") has ended; its log is guard.log");
    } catch (IOException e) {
      lose("the line to the guard broke: " + e.getMessage());
    }
  }

  /** A JVM may print what it likes; an answer that is missing because of it ends the lease. */
  private void hear(String text) {
    try {
      hear(GuardLine.reply(text));
    } catch (JournalException e) {
      LOG.warn("the guard's process printed line=\"{}\"", text);
    }
  }

  private void hear(GuardReply reply) {
    if (reply instanceof Renewed renewed) {
      lease.acknowledged(renewed.number());
    } else if (reply instanceof Armed armed) {
      answer(armed.fault(), Optional.empty());
    } else if (reply instanceof Refused refused) {
      answer(refused.fault(), Optional.of(refused.reason()));
    } else if (reply instanceof TookOver tookOver) {
      lose("the guard has taken over and rolls back: " + tookOver.reason());
    } else {
      ready.complete(null);
    }
  }

  private void answer(FaultId fault, Optional<String> problem) {
    CompletableFuture<Optional<String>> waiting = arming.remove(fault);
    if (waiting != null) {
      waiting.complete(problem);
    }
  }

  private void lose(String why) {
    if (gone.isEmpty()) {
      gone = Optional.of(why);
      LOG.debug("guard lost reason={}", why);
    }
    ready.complete(null);
    arming.values().forEach(waiting -> waiting.complete(Optional.of(why)));
  }

  @Override
  public void arm(FaultArmed record) throws GuardException {
    CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
    try {
      ready.get(LONGEST_START.toMillis(), TimeUnit.MILLISECONDS);
      arming.put(record.fault(), answer);
      long sentNanos = System.nanoTime();
      outgoing.add(line.write(new GuardMessage.Arm(record)));
      if (gone.isPresent()) {
        throw new GuardException(gone.get());
      }
      Optional<String> problem = answer.get(LONGEST_ANSWER.toMillis(), TimeUnit.MILLISECONDS);
      if (problem.isPresent()) {
        throw new GuardException(problem.get());
      }
      lease.armed(record.fault(), sentNanos);
    } catch (TimeoutException e) {
      throw new GuardException("the guard (pid " + process.pid() + ") does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GuardException("interrupted", e);
    } catch (JournalException | ExecutionException e) {
      throw new GuardException(String.valueOf(e.getMessage()), e);
    } finally {
      arming.remove(record.fault());
    }
  }

  @Override
  public void renew() {
    tell(new GuardMessage.Renew(lease.sent(System.nanoTime())));
  }

  @Override
  public void release(FaultId fault) {
    lease.released(fault);
    tell(new GuardMessage.Release(fault));
  }

  private void tell(GuardMessage message) {
    try {
      outgoing.add(line.write(message));
    } catch (JournalException e) {
      lose(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public Optional<String> lost(Duration needed) {
    return gone.isPresent() ? gone : lease.problem(needed, System.nanoTime());
  }

  /**
   * Closes the line behind what is still to be said, and lets a guard that has nothing left to do
   * end first: it must not take the next run's fault for its own.
   */
  @Override
  public void close() {
    outgoing.add("");
    try {
      writer.join(LONGEST_END.toMillis());
      boolean ended = process.waitFor(LONGEST_END.toMillis(), TimeUnit.MILLISECONDS);
      LOG.debug("line closed guard={} ended={}", process.pid(), ended);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

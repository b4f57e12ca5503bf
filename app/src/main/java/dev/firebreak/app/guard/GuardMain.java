package dev.firebreak.app.guard;

import dev.firebreak.annotations.tracing.OtelVariables;
import dev.firebreak.app.journal.JsonEventCodec;
import dev.firebreak.app.plugin.PluginException;
import dev.firebreak.app.plugin.Plugins;
import dev.firebreak.app.run.HomeLocks;
import dev.firebreak.app.run.Private;
import dev.firebreak.app.run.ProcessIdentity;
import dev.firebreak.app.run.RunDirectory;
import dev.firebreak.app.run.SystemRunLoop;
import dev.firebreak.fault.Injectors;
import dev.firebreak.guard.GuardDuty;
import dev.firebreak.guard.GuardLine;
import dev.firebreak.guard.GuardMessage;
import dev.firebreak.guard.GuardReply;
import dev.firebreak.journal.Epoch;
import dev.firebreak.journal.EventCodec;
import dev.firebreak.journal.FileJournal;
import dev.firebreak.journal.JournalFence;
import dev.firebreak.run.Guard;
import dev.firebreak.run.JournalException;
import dev.firebreak.run.RunId;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The guard's process. Reads messages from standard input and answers on standard output; that the
 * input ends means that the run's process has ended, by whatever cause. Ends by itself.
 */
public final class GuardMain {
  private static final Logger LOG = LoggerFactory.getLogger(GuardMain.class);

  /** What keeps failing must not turn into a busy loop. */
  private static final long AFTER_FAILURE_MILLIS = 500;

  private final SystemRunLoop loop;
  private final GuardDuty duty;
  private final GuardLine line;

  private GuardMain(SystemRunLoop loop, GuardDuty duty, GuardLine line) {
    this.loop = loop;
    this.duty = duty;
    this.line = line;
  }

  /**
   * Runs the guard of one run.
   *
   * @param args the run's id, its directory, {@code FIREBREAK_HOME}, and directories of plug-ins
   */
  public static void main(String[] args)
      throws IOException, JournalException, PluginException, InterruptedException {
    // Whatever a library prints must not get into the line to the run.
    System.setOut(System.err);
    RunId run = new RunId(args[0]);
    RunDirectory directory = new RunDirectory(Path.of(args[1]));
    List<Path> plugins = Arrays.stream(args).skip(3).map(Path::of).toList();
    EventCodec codec = new JsonEventCodec();
    Injectors injectors =
        new GuardHeaders(run, directory, codec, OtelVariables.askForTelemetry(System.getenv()))
            .traced(Plugins.load(plugins));
    HomeLocks locks = new HomeLocks(Path.of(args[2]));
    HomeLocks.Held lock = locks.takeGuard(run);
    Private.writeDurably(directory.guardProcess(), ProcessIdentity.self() + "\n");
    try (FileJournal journal = FileJournal.create(directory.guardJournal(), codec, Epoch.GUARD);
        SystemRunLoop loop = new SystemRunLoop()) {
      OutputStream out = new FileOutputStream(FileDescriptor.out);
      GuardDuty.Fence fence = () -> JournalFence.raise(directory.journal(), Epoch.GUARD);
      GuardDuty duty =
          new GuardDuty(loop, injectors, journal, fence, reply -> tell(out, reply), Guard.LEASE);
      new GuardMain(loop, duty, new GuardLine(codec)).serve(out);
      LOG.info("guard ends run={}", run);
    } finally {
      Files.deleteIfExists(directory.guardProcess());
      locks.retire(lock);
    }
    System.exit(0);
  }

  private void serve(OutputStream out) throws InterruptedException {
    Thread reader = new Thread(this::listen, "guard-listen");
    reader.setDaemon(true);
    reader.start();
    tell(out, new GuardReply.Ready());
    while (!duty.over()) {
      try {
        duty.advance();
        loop.next(duty.dueNanos());
      } catch (RuntimeException e) {
        LOG.error("guard broke and goes on", e);
        TimeUnit.MILLISECONDS.sleep(AFTER_FAILURE_MILLIS);
      }
    }
  }

  private void listen() {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                new FileInputStream(FileDescriptor.in), StandardCharsets.UTF_8))) {
      for (String text = in.readLine(); text != null; text = in.readLine()) {
        GuardMessage message = line.message(text);
        loop.post(() -> duty.hear(message));
      }
    } catch (IOException | JournalException e) {
      LOG.error("the line to the run broke", e);
    } finally {
      // Whatever ended the line: a guard that hears nothing more has to act.
      loop.post(duty::hungUp);
    }
  }

  /** A run that hears no answer draws its own conclusion. */
  private static void tell(OutputStream out, GuardReply reply) {
    try {
      out.write((GuardLine.write(reply) + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      LOG.debug("the run does not listen reply={}", reply, e);
    }
  }
}

package dev.firebreak.app.crash;

import dev.firebreak.app.Wiring;
import dev.firebreak.app.cli.FirebreakCommand;
import dev.firebreak.app.cli.Terminal;
import dev.firebreak.app.config.Settings;
import dev.firebreak.app.run.Interruption;
import dev.firebreak.app.run.Private;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The ways in which a person, or many of them, halt a run of another process. */
enum HaltSource {
  /** {@code firebreak halt}. */
  COMMAND {
    @Override
    void halt(Process run, Path home) {
      haltCommand(home);
    }
  },
  /** {@code kill -USR1}. */
  SIGNAL {
    @Override
    void halt(Process run, Path home) throws Exception {
      kill("-USR1", run);
    }
  },
  /** The kill switch is a file. */
  FILE {
    @Override
    void halt(Process run, Path home) throws IOException {
      Files.createFile(home.resolve("kill-switch"), Private.file());
    }
  },
  /** Ctrl-C. */
  INTERRUPT {
    @Override
    void halt(Process run, Path home) throws Exception {
      kill("-INT", run);
    }
  },
  /** {@code firebreak halt} by a hundred at once. */
  CALLERS {
    @Override
    void halt(Process run, Path home) throws Exception {
      List<Thread> callers = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        callers.add(new Thread(() -> haltCommand(home)));
      }
      callers.forEach(Thread::start);
      for (Thread caller : callers) {
        caller.join();
      }
    }
  };

  private static final int AT_ONCE = 100;

  /** Halts the run; may return before or after it has ended. */
  abstract void halt(Process run, Path home) throws Exception;

  private static void kill(String signal, Process run) throws Exception {
    int unused = new ProcessBuilder("kill", signal, Long.toString(run.pid())).start().waitFor();
  }

  private static void haltCommand(Path home) {
    PrintWriter nowhere = new PrintWriter(new StringWriter());
    Terminal terminal = Terminal.of(nowhere, nowhere, false, Map.of());
    try (Wiring wiring =
        new Wiring(
            Settings.from(Map.of("FIREBREAK_HOME", home.toString()), home),
            Map.of(),
            terminal,
            new Interruption())) {
      int unused = FirebreakCommand.over(wiring).execute("halt");
    } catch (Settings.SettingsException e) {
      throw new IllegalStateException(e);
    }
  }
}

package dev.firebreak.app;

import dev.firebreak.app.cli.ExitCode;
import dev.firebreak.app.cli.FirebreakCommand;
import dev.firebreak.app.cli.Terminal;
import dev.firebreak.app.config.Settings;
import dev.firebreak.app.config.Settings.SettingsException;
import dev.firebreak.app.run.Interruption;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** The entry point: reads the environment and hands over to the command line. */
public final class Main {
  /** The variable that {@code logback.xml} reads. */
  private static final String LOG_LEVEL = "FIREBREAK_LOG";

  /** The engine says on the terminal what it does; in a server's log it says so too. */
  private static final String RUN_LOG_LEVEL = "FIREBREAK_RUN_LOG";

  private Main() {}

  /** Ends the process with a status of {@link ExitCode}. */
  public static void main(String[] args) {
    Map<String, String> environment = System.getenv();
    Terminal terminal =
        Terminal.of(
            writer(FileDescriptor.out), writer(FileDescriptor.err), interactive(), environment);
    chooseLogLevel(args, environment, terminal);
    Interruption interruption = new Interruption();
    int code = run(args, environment, terminal, interruption);
    interruption.finished(code);
    System.exit(code);
  }

  private static int run(
      String[] args,
      Map<String, String> environment,
      Terminal terminal,
      Interruption interruption) {
    try {
      Settings settings = Settings.from(environment, Path.of(System.getProperty("user.home", ".")));
      try (Wiring wiring = new Wiring(settings, environment, terminal, interruption)) {
        return FirebreakCommand.over(wiring).execute(args);
      }
    } catch (SettingsException e) {
      terminal.error(String.valueOf(e.getMessage()));
      return ExitCode.USAGE;
    }
  }

  /**
   * A server is followed by its log. On a terminal, what matters is in the view, and a line of the
   * log in between would tear it.
   */
  private static void chooseLogLevel(
      String[] args, Map<String, String> environment, Terminal terminal) {
    if (environment.containsKey(LOG_LEVEL)) {
      return;
    }
    boolean server = args.length > 0 && args[0].equals("serve");
    if (server || terminal.live()) {
      System.setProperty(LOG_LEVEL, server ? "INFO" : "OFF");
    }
    if (server) {
      System.setProperty(RUN_LOG_LEVEL, "INFO");
    }
  }

  private static PrintWriter writer(FileDescriptor descriptor) {
    return new PrintWriter(
        new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8));
  }

  /** Only the launcher can tell; Java cannot, on all versions, whether its output is a terminal. */
  private static boolean interactive() {
    return Boolean.getBoolean("firebreak.terminal");
  }
}

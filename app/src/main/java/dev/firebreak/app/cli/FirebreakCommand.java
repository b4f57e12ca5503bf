package dev.firebreak.app.cli;

import dev.firebreak.app.Wiring;
import dev.firebreak.app.plugin.PluginException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.function.Consumer;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line as a whole. */
@Command(
    name = "firebreak",
    description = {
      "GameDays that stop themselves: faults inside a declared blast radius,",
      "and a run that halts and rolls back the moment failure escapes it."
    },
    subcommands = GenerateCompletion.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  firebreak demo                      see it on the example shop",
      "  firebreak validate gameday.yaml     check a file",
      "  firebreak plan gameday.yaml         see what a run would do",
      "  firebreak run gameday.yaml          do it",
      "  source <(firebreak generate-completion)   completion for bash and zsh"
    })
public final class FirebreakCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  private FirebreakCommand() {}

  /** The command line over this program; its status is that of {@link ExitCode}. */
  public static CommandLine over(Wiring wiring) {
    CommandLine line =
        new CommandLine(new FirebreakCommand())
            .addSubcommand(new DemoCommand(wiring))
            .addSubcommand(new ValidateCommand(wiring))
            .addSubcommand(new PlanCommand(wiring))
            .addSubcommand(new RunCommand(wiring))
            .addSubcommand(new HaltCommand(wiring))
            .addSubcommand(new ReleaseCommand(wiring))
            .addSubcommand(new GuardCommand(wiring))
            .addSubcommand(new RecoverCommand(wiring))
            .addSubcommand(new DoctorCommand(wiring))
            .addSubcommand(new ReportCommand(wiring))
            .addSubcommand(new RecordCommand(wiring))
            .addSubcommand(new CalibrateCommand(wiring))
            .addSubcommand(new ReplayCommand(wiring))
            .addSubcommand(new ServeCommand(wiring))
            .addSubcommand(new VersionCommand(wiring));
    forAll(line, FirebreakCommand::addHelp);
    line.getCommandSpec()
        .version("firebreak " + wiring.version())
        .addOption(
            OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .description("Print the version.")
                .build());
    Terminal terminal = wiring.terminal();
    return line.setCaseInsensitiveEnumValuesAllowed(true)
        .setColorScheme(CommandLine.Help.defaultColorScheme(terminal.colour() ? Ansi.ON : Ansi.OFF))
        .setOut(terminal.out())
        .setErr(terminal.err())
        .setExecutionExceptionHandler(
            (failure, command, result) -> {
              terminal.error("firebreak: " + message(failure));
              wiring.explain(failure);
              return failure instanceof PluginException ? ExitCode.USAGE : ExitCode.FAILED;
            });
  }

  private static void forAll(CommandLine line, Consumer<CommandLine> action) {
    action.accept(line);
    line.getSubcommands().values().forEach(each -> forAll(each, action));
  }

  private static void addHelp(CommandLine line) {
    if (line.getCommandSpec().findOption("--help") == null) {
      line.getCommandSpec()
          .addOption(
              OptionSpec.builder("-h", "--help")
                  .usageHelp(true)
                  .description("Show this help.")
                  .build());
    }
  }

  /** The message of a file system's failure is often no more than the file's name. */
  private static String message(Exception failure) {
    String message = String.valueOf(failure.getMessage());
    if (failure instanceof FileSystemException e && e.getReason() == null) {
      return message + ": " + reason(e);
    }
    return failure.getMessage() == null ? failure.toString() : message;
  }

  private static String reason(FileSystemException failure) {
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (failure instanceof FileAlreadyExistsException) {
      return "is there already, and is no directory";
    }
    return failure instanceof NoSuchFileException
        ? "no such file or directory"
        : failure.getClass().getSimpleName();
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}

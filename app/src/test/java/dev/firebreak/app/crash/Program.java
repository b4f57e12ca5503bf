package dev.firebreak.app.crash;

import dev.firebreak.app.Main;
import dev.firebreak.app.run.Private;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The program in a process of its own, as a person would start it. */
final class Program {
  private Program() {}

  /**
   * Runs a GameDay under this home; what it says is in a file beside the home.
   *
   * @param variables of the environment, besides the home
   */
  static Process run(Path home, String gameDay, Map<String, String> variables) throws IOException {
    Files.createDirectories(home, Private.directory());
    Path file = Files.writeString(home.resolveSibling(home.getFileName() + ".yaml"), gameDay);
    // What started this may not listen to Ctrl-C, as a shell's background jobs do not.
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx128m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of("run", file.toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said(home).toFile());
    builder.environment().putAll(variables);
    builder.environment().put("FIREBREAK_HOME", home.toString());
    return builder.start();
  }

  /** Where what it says is kept. */
  static Path said(Path home) {
    return home.resolveSibling(home.getFileName() + ".out");
  }
}

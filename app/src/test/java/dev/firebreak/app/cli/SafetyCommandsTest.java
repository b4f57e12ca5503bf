package dev.firebreak.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.app.Wiring;
import dev.firebreak.app.config.Settings;
import dev.firebreak.app.run.Interruption;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetyCommandsTest {
  private final StringWriter out = new StringWriter();

  @TempDir private Path directory = Path.of("");
  private Path home = Path.of("");
  private Path file = Path.of("");

  @BeforeEach
  void aGameDayOnItsOwn() throws Exception {
    home = directory.resolve("home");
    file = directory.resolve("gameday.yaml");
    write("stage", 1);
  }

  @Test
  void haltingAllRunsBlocksNewOnesUntilReleased() throws Exception {
    assertThat(execute("halt", "--all", "--reason", "an incident")).isEqualTo(ExitCode.HELD);
    assertThat(execute("run", file.toString())).isEqualTo(5);
    assertThat(out.toString()).contains("the kill switch is engaged").contains("an incident");

    assertThat(execute("release", "--reason", "it is over")).isEqualTo(ExitCode.HELD);
    assertThat(execute("plan", file.toString())).isEqualTo(5);
    assertThat(out.toString().split("kill switch is engaged", -1).length).isLessThan(5);
  }

  @Test
  void haltingAllRunsNeedsAReason() {
    assertThat(execute("halt", "--all")).isEqualTo(ExitCode.USAGE);
    assertThat(home.resolve("kill-switch")).doesNotExist();
  }

  @Test
  void whatNoFileMayAskForIsRefusedBeforeAnythingIsTouched() throws Exception {
    write("prod", 2);

    assertThat(execute("run", file.toString())).isEqualTo(5);
    assertThat(out.toString())
        .contains("looks like production")
        .contains("faults-at-once allows 1")
        .doesNotContain("no sight");
    assertThat(execute("plan", file.toString())).isEqualTo(5);
    assertThat(out.toString()).contains("would be refused");
  }

  @Test
  void recoverSaysThatNothingIsLeft() {
    assertThat(execute("recover")).isEqualTo(ExitCode.HELD);
    assertThat(out.toString()).contains("nothing is left");
  }

  @Test
  void anAcknowledgementNeedsARunAndAReason() {
    assertThat(execute("recover", "--acknowledge", "x", "--reason", "y")).isEqualTo(ExitCode.USAGE);
    assertThat(execute("recover", "--acknowledge", "20261123-100000-abcdef"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(execute("recover", "--acknowledge", "20261123-100000-abcdef", "--reason", "looked"))
        .isEqualTo(ExitCode.USAGE);
  }

  private void write(String environment, int faults) throws Exception {
    Files.writeString(
        file,
        """
        metadata: {environment: ENVIRONMENT}
        telemetry: {scrape: [http://127.0.0.1:1/metrics]}
        experiments:
          - blast-radius: {inject: stock}
            method:
        """
                .replace("ENVIRONMENT", environment)
            + "      - {fault: placebo, for: 1s}\n".repeat(faults));
  }

  private int execute(String... arguments) {
    PrintWriter writer = new PrintWriter(out);
    Terminal terminal = Terminal.of(writer, writer, false, Map.of());
    try (Wiring wiring = wiring(terminal)) {
      return FirebreakCommand.over(wiring).execute(arguments);
    }
  }

  private Wiring wiring(Terminal terminal) {
    try {
      Settings settings = Settings.from(Map.of("FIREBREAK_HOME", home.toString()), directory);
      return new Wiring(settings, Map.of(), terminal, new Interruption());
    } catch (Settings.SettingsException e) {
      throw new IllegalStateException(e);
    }
  }
}

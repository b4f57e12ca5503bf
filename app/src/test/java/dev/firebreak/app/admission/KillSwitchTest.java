package dev.firebreak.app.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KillSwitchTest {
  private static final Instant AT = Instant.parse("2026-11-23T10:00:00Z");

  @TempDir private Path home = Path.of("");
  private KillSwitch killSwitch = new KillSwitch(home);

  @BeforeEach
  void open() {
    killSwitch = new KillSwitch(home);
  }

  @Test
  void isTheFileThatThePublicIsTold() throws IOException {
    assertThat(killSwitch.isEngaged()).isFalse();
    assertThat(killSwitch.reason()).isEmpty();

    Files.createFile(home.resolve("kill-switch"));
    assertThat(killSwitch.isEngaged()).isTrue();
    assertThat(killSwitch.file()).isEqualTo(home.resolve("kill-switch"));
    assertThat(killSwitch.reason()).hasValue("no reason is given");
  }

  @Test
  void theReasonOfTheFirstStays() throws IOException {
    killSwitch.engage("an incident", "ann", AT);
    killSwitch.engage("another", "bob", AT.plusSeconds(1));

    assertThat(killSwitch.reason()).hasValue("2026-11-23T10:00:00Z engaged by ann: an incident");
    assertThat(log()).isEqualTo("2026-11-23T10:00:00Z engaged by ann: an incident\n");
  }

  @Test
  void aReasonIsOneLineWithoutControlCharacters() throws IOException {
    killSwitch.engage("an\u001b[31m incident\nof today", "ann", AT);

    assertThat(killSwitch.reason())
        .hasValue("2026-11-23T10:00:00Z engaged by ann: an [31m incident");
  }

  @Test
  void releasingIsWrittenDownAndToldApartFromNothingToRelease() throws IOException {
    assertThat(killSwitch.release("it is over", "ann", AT)).isFalse();
    assertThat(home.resolve("kill-switch.log")).doesNotExist();

    killSwitch.engage("an incident", "ann", AT);
    assertThat(killSwitch.release("it is over", "bob", AT.plusSeconds(9))).isTrue();
    assertThat(killSwitch.isEngaged()).isFalse();
    assertThat(killSwitch.reason()).isEmpty();
    assertThat(log()).endsWith("2026-11-23T10:00:09Z released by bob: it is over\n");
  }

  @Test
  void oneThatCannotBeReadIsEngaged() throws IOException {
    Files.createDirectory(killSwitch.file());

    assertThat(killSwitch.isEngaged()).isTrue();
    assertThat(killSwitch.reason())
        .hasValueSatisfying(why -> assertThat(why).startsWith("its file cannot be read: "));
  }

  @Test
  void nobodyButTheOwnerReadsIt() throws IOException {
    killSwitch.engage("an incident", "ann", AT);

    for (Path file : new Path[] {killSwitch.file(), home.resolve("kill-switch.log")}) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
  }

  private String log() throws IOException {
    return Files.readString(home.resolve("kill-switch.log"));
  }
}

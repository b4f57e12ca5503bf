package dev.firebreak.injector.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.firebreak.injector.process.ProcessEntry.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProcessTableTest {
  private Path proc;

  @BeforeEach
  void boot(@TempDir Path directory) throws IOException {
    proc = directory;
    Files.createDirectories(proc.resolve("sys/kernel/random"));
    Files.writeString(proc.resolve("sys/kernel/random/boot_id"), "b00t\n");
    Files.writeString(proc.resolve("uptime"), "1234.56 9999.00\n");
  }

  @Test
  void readsACommandWithBlanksAndParentheses() throws IOException {
    process(4711, "cat) R 1 (x", 'S', 500);

    ProcessEntry entry = new ProcFiles(proc).find(4711).orElseThrow();

    assertThat(entry)
        .isEqualTo(
            new ProcessEntry(
                new ProcessIdentity(4711, 5000, "b00t"), 17, "1000", State.RUNNING, "cat -n x"));
  }

  @ParameterizedTest
  @CsvSource({
    "R, RUNNING",
    "S, RUNNING",
    "I, RUNNING",
    "T, STOPPED",
    "t, TRACED",
    "D, UNINTERRUPTIBLE",
    "Z, DEAD",
    "X, DEAD",
  })
  void readsTheState(char letter, State state) throws IOException {
    process(4711, "cat", letter, 500);

    assertThat(new ProcFiles(proc).find(4711).orElseThrow().state()).isEqualTo(state);
  }

  @Test
  void aPidThatWasUsedAgainIsAnotherProcess() throws IOException {
    process(4711, "cat", 'S', 501);

    assertThat(new ProcFiles(proc).find(new ProcessIdentity(4711, 5000, "b00t"))).isEmpty();
    assertThat(new ProcFiles(proc).find(new ProcessIdentity(4711, 5010, "other"))).isEmpty();
    assertThat(new ProcFiles(proc).find(new ProcessIdentity(4711, 5010, "b00t"))).isPresent();
  }

  @Test
  void aZombieIsDead() throws IOException {
    process(4711, "cat", 'Z', 500);

    assertThat(new ProcFiles(proc).find(new ProcessIdentity(4711, 5000, "b00t"))).isEmpty();
  }

  @Test
  void whatCannotBeReadIsNotAbsent() throws IOException {
    Files.createDirectories(proc.resolve("4711"));

    assertThatThrownBy(() -> new ProcFiles(proc).find(4711)).isInstanceOf(IOException.class);
    assertThat(new ProcFiles(proc).find(4712)).isEmpty();
  }

  @Test
  void tellsTheTimeSinceTheBoot() throws IOException {
    assertThat(new ProcFiles(proc).nowMillis()).isEqualTo(1_234_560);
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void seesThisProcessWithoutProc() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/bin/ps")), "ps is not installed");
    ProcessTable table = new PortableTable(InstantSource.system());
    long self = ProcessHandle.current().pid();

    ProcessEntry entry = table.find(self).orElseThrow();

    assertThat(entry.state()).isEqualTo(State.RUNNING);
    assertThat(entry.parent()).isEqualTo(ProcessHandle.current().parent().orElseThrow().pid());
    assertThat(entry.identity()).isEqualTo(table.find(self).orElseThrow().identity());
    assertThat(table.find(4_194_305)).isEmpty();
  }

  private void process(long pid, String command, char state, long startTicks) throws IOException {
    Path directory = Files.createDirectories(proc.resolve(Long.toString(pid)));
    Files.writeString(
        directory.resolve("stat"),
        "%d (%s) %c 17 1 1 0 -1 4194560 9 0 0 0 1 2 3 4 20 0 1 0 %d 5 6 7\n"
            .formatted(pid, command, state, startTicks));
    Files.writeString(directory.resolve("status"), "Name:\tcat\nUid:\t1000\t1000\t1000\t1000\n");
    Files.writeString(directory.resolve("cmdline"), "cat\0-n\0x\0");
  }
}

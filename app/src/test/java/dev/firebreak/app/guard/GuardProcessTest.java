package dev.firebreak.app.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.firebreak.app.journal.JsonEventCodec;
import dev.firebreak.app.run.HomeLocks;
import dev.firebreak.app.run.ProcessIdentity;
import dev.firebreak.app.run.RunDirectory;
import dev.firebreak.fault.FaultId;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.Undo;
import dev.firebreak.journal.EventCodec;
import dev.firebreak.journal.FileJournal;
import dev.firebreak.journal.JournalFile;
import dev.firebreak.run.Guard;
import dev.firebreak.run.GuardException;
import dev.firebreak.run.JournalException;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.FaultArmed;
import dev.firebreak.run.RunEvent.InjectionSent;
import dev.firebreak.run.RunEvent.RollbackRequested;
import dev.firebreak.run.RunId;
import dev.firebreak.service.ServiceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardProcessTest {
  private static final RunId RUN = new RunId("20261123-100000-abcdef");
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private final EventCodec codec = new JsonEventCodec();

  @TempDir private Path home = Path.of("");
  private RunDirectory directory = new RunDirectory(Path.of(""));

  @BeforeEach
  void makeDirectory() throws Exception {
    directory = RunDirectory.create(home.resolve("runs"), RUN);
  }

  @Test
  void holdsARecordOnItsDiskBeforeItSaysSoAndEndsOnceItIsReleased() throws Exception {
    FaultArmed record = armed(FaultKind.PLACEBO);
    try (Guard guard = start()) {
      guard.arm(record);

      assertThat(JournalFile.read(directory.guardJournal(), codec).events())
          .containsExactly(record);
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(directory.guardJournal())))
          .isEqualTo("rw-------");
      assertThat(guard.lost(Duration.ofSeconds(1))).isEmpty();
      guard.release(record.fault());
    }
    await(this::guardHasEnded);
  }

  @Test
  void thatItWasKilledIsNoticedAtOnceAndNothingIsArmedAnyMore() throws Exception {
    try (Guard guard = start()) {
      guard.arm(armed(FaultKind.PLACEBO));
      assertThat(process().destroyForcibly()).isTrue();

      await(() -> guard.lost(Duration.ZERO).isPresent());
      assertThatThrownBy(() -> guard.arm(armed(FaultKind.PLACEBO)))
          .isInstanceOf(GuardException.class);
    }
  }

  @Test
  void isDeafToTheSignalsThatEndItsRun() throws Exception {
    try (Guard guard = start()) {
      guard.arm(armed(FaultKind.PLACEBO));
      for (String signal : List.of("HUP", "INT", "QUIT", "TERM")) {
        int unused =
            new ProcessBuilder("kill", "-" + signal, Long.toString(process().pid()))
                .start()
                .waitFor();
      }

      guard.arm(armed(FaultKind.PLACEBO));
      assertThat(guard.lost(Duration.ZERO)).isEmpty();
      guard.release(armed(FaultKind.PLACEBO).fault());
    }
  }

  @Test
  void residesInNoMoreThan80MegabytesAlsoWhileItRollsBack() throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/self/status")), "no /proc to ask for memory");
    long pid;
    try (Guard guard = start()) {
      guard.arm(armed(FaultKind.PLACEBO));
      pid = process().pid();
    }
    await(this::guardRolledBack);
    long highestKib = highestResidentKib(pid);
    System.out.printf("guard: %.1f MB resident at most%n", highestKib / 1024.0);
    assertThat(highestKib).isPositive().isLessThanOrEqualTo(80 * 1024L);
    await(this::guardHasEnded);
  }

  private boolean guardRolledBack() {
    try {
      return JournalFile.read(directory.guardJournal(), codec).events().stream()
          .anyMatch(RunEvent.RollbackVerified.class::isInstance);
    } catch (JournalException e) {
      return false;
    }
  }

  /** The high-water mark that the kernel keeps of a process. */
  private static long highestResidentKib(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0);
  }

  @Test
  void aRunWhoseGuardHasTakenOverCanNoLongerWriteThatItInjectsButThatItRollsBack()
      throws Exception {
    FaultArmed record = armed(FaultKind.PLACEBO);
    try (FileJournal journal = FileJournal.create(directory.journal(), codec)) {
      try (Guard guard = start()) {
        guard.arm(record);
        journal.append(record);
      }
      await(this::guardRolledBack);

      assertThatThrownBy(() -> journal.append(new InjectionSent(Instant.EPOCH, record.fault())))
          .isInstanceOf(JournalException.class)
          .hasMessageContaining("another process rolls this run back");
      journal.append(new RollbackRequested(Instant.EPOCH, record.fault(), 1));
    }
    await(this::guardHasEnded);
  }

  @Test
  void takesNoRecordThatItCouldNotExecute() throws Exception {
    try (Guard guard = start()) {
      assertThatThrownBy(() -> guard.arm(armed(FaultKind.of("no/such"))))
          .isInstanceOf(GuardException.class)
          .hasMessageContaining("no injector for no/such");
    }
  }

  @Test
  void aGuardThatCannotBeStartedSaysSo() {
    RunDirectory nowhere = new RunDirectory(home.resolve("missing"));
    try (Guard guard = new Guards(home, List.of(), codec).start(RUN, nowhere)) {
      assertThat(guard.lost(Duration.ZERO).orElse("")).contains("could not be started");
    }
  }

  private Guard start() {
    return new Guards(home, List.of(), codec).start(RUN, directory);
  }

  private ProcessHandle process() throws IOException {
    return ProcessIdentity.of(Files.readString(directory.guardProcess())).find().orElseThrow();
  }

  private boolean guardHasEnded() {
    try {
      return new HomeLocks(home)
          .tryGuard(RUN)
          .map(
              held -> {
                held.close();
                return true;
              })
          .orElse(false);
    } catch (IOException e) {
      return false;
    }
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - end).as("deadline").isNegative();
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private static FaultArmed armed(FaultKind kind) {
    FaultId id = FaultId.of(RUN + ".f1");
    return new FaultArmed(
        Instant.EPOCH,
        id,
        kind,
        ServiceName.of("stock"),
        "nothing",
        Duration.ofMinutes(1),
        new Undo(id, kind, Map.of()));
  }
}

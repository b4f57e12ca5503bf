package dev.firebreak.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.app.Wiring;
import dev.firebreak.app.config.Settings;
import dev.firebreak.app.journal.JsonEventCodec;
import dev.firebreak.app.run.ActiveRuns;
import dev.firebreak.app.run.Interruption;
import dev.firebreak.app.run.ProcessIdentity;
import dev.firebreak.app.run.RunDirectory;
import dev.firebreak.fault.FaultId;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.Undo;
import dev.firebreak.journal.Epoch;
import dev.firebreak.journal.FileJournal;
import dev.firebreak.run.HaltCause;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.FaultArmed;
import dev.firebreak.run.RunEvent.Halted;
import dev.firebreak.run.RunEvent.RollbackVerified;
import dev.firebreak.run.RunId;
import dev.firebreak.service.ServiceName;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardCommandTest {
  private static final Instant AT = Instant.parse("2026-11-23T10:00:00Z");
  private static final RunId RUN = new RunId("20261123-100000-abcdef");
  private static final FaultArmed ARMED = armed();

  private final StringWriter out = new StringWriter();

  @TempDir private Path home = Path.of("");

  @Test
  void withoutRunsThereAreNoGuards() {
    assertThat(execute("guard")).isEqualTo(ExitCode.HELD);
    assertThat(out.toString()).contains("no run is going on").contains(home.toString());
  }

  @Test
  void showsTheRunItsGuardTheLeaseAndTheUndoRecordsThatAreHeld() throws Exception {
    guard(aRun(), true, ARMED);

    assertThat(execute("guard")).isEqualTo(ExitCode.HELD);
    String pid = "pid " + ProcessHandle.current().pid();
    assertThat(out.toString())
        .contains("run      " + RUN + ", " + pid)
        .contains("guard    " + pid)
        .contains("the run has it, 10 s from its last sign")
        .contains(
            "the undo of process/pause on stock (pid 7), armed 2026-11-23T10:00:00Z for 60 s");
  }

  @Test
  void aGuardThatHasTakenOverSaysSinceWhenAndWhy() throws Exception {
    HaltCause cause = new HaltCause(HaltCause.Kind.INTERNAL, "the guard rolled back: silence", AT);
    RollbackVerified verified = new RollbackVerified(AT, ARMED.fault(), "it runs");
    guard(aRun(), true, ARMED, new Halted(AT, cause), verified);

    assertThat(execute("guard", RUN.value())).isEqualTo(ExitCode.HELD);
    assertThat(out.toString())
        .contains("over since 2026-11-23T10:00:00Z: the guard rolled back: silence")
        .doesNotContain("holds");
  }

  @Test
  void aGuardThatIsGoneWithWhatItHeldIsAFailure() throws Exception {
    guard(aRun(), false, ARMED);

    assertThat(execute("guard")).isEqualTo(ExitCode.FAILED);
    assertThat(out.toString()).contains("guard    no process").contains("firebreak recover");
  }

  @Test
  void aGuardThatIsGoneAndHeldNothingIsNone() throws Exception {
    guard(aRun(), false, ARMED, new RollbackVerified(AT, ARMED.fault(), "it runs"));

    assertThat(execute("guard")).isEqualTo(ExitCode.HELD);
  }

  @Test
  void servingRecoversWhatAProcessLeftBeforeAnythingElse() throws Exception {
    RunDirectory directory = RunDirectory.create(home.resolve("runs"), RUN);
    new ActiveRuns(home).enter(RUN, directory).close();
    FileJournal.create(directory.journal(), new JsonEventCodec()).close();

    assertThat(execute("serve", home.resolve("none.yaml").toString())).isEqualTo(ExitCode.USAGE);
    assertThat(out.toString()).contains("run " + RUN + " was left by its process: recovering it");
    assertThat(new ActiveRuns(home).left()).isEmpty();
  }

  @Test
  void aRunThatIsUnknownIsAMistake() throws Exception {
    guard(aRun(), true, ARMED);

    assertThat(execute("guard", "20261123-100000-zzzzzz")).isEqualTo(ExitCode.USAGE);
    assertThat(out.toString()).contains("no run 20261123-100000-zzzzzz is going on");
  }

  private RunDirectory aRun() throws Exception {
    RunDirectory directory = RunDirectory.create(home.resolve("runs"), RUN);
    assertThat(new ActiveRuns(home).enter(RUN, directory).haltRequested()).isFalse();
    return directory;
  }

  private static void guard(RunDirectory directory, boolean alive, RunEvent... events)
      throws Exception {
    if (alive) {
      Files.writeString(directory.guardProcess(), ProcessIdentity.self() + "\n");
    }
    try (FileJournal journal =
        FileJournal.create(directory.guardJournal(), new JsonEventCodec(), Epoch.GUARD)) {
      for (RunEvent event : events) {
        journal.append(event);
      }
    }
  }

  private static FaultArmed armed() {
    FaultId id = FaultId.of(RUN + ".f1");
    FaultKind kind = FaultKind.of("process/pause");
    Undo undo = new Undo(id, kind, Map.of());
    return new FaultArmed(
        AT, id, kind, ServiceName.of("stock"), "pid 7", Duration.ofMinutes(1), undo);
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
      Settings settings = Settings.from(Map.of("FIREBREAK_HOME", home.toString()), home);
      return new Wiring(settings, Map.of(), terminal, new Interruption());
    } catch (Settings.SettingsException e) {
      throw new IllegalStateException(e);
    }
  }
}

package dev.firebreak.injector.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.FaultPlan;
import dev.firebreak.fault.InjectionException;
import dev.firebreak.fault.Observation.Presence;
import dev.firebreak.fault.Undo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PauseTest extends ProcessContract {
  @Override
  FaultKind kind() {
    return ProcessInjector.PAUSE;
  }

  @Override
  protected Object targetState() throws IOException {
    return table().find(victim().pid()).orElseThrow().state() == ProcessEntry.State.STOPPED;
  }

  @Test
  void theEffectIsThatTheProcessIsStopped() throws Exception {
    Undo undo = start(request());

    assertThat(injector().look(undo).evidence()).isEqualTo("pid " + victim().pid() + " is stopped");
  }

  @Test
  void findsTheProcessByItsPidFile(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("run.pid"), victim().pid() + "\n");

    injector().rollBack(start(request(Map.of("pidFile", file.toString()))));

    assertThat(victim().alive()).isTrue();
  }

  @Test
  void findsTheProcessByAPartOfItsCommandLine() throws Exception {
    FaultPlan plan = injector().plan(ID, request(Map.of("command", victim().command())));

    assertThat(plan.target()).startsWith("pid " + victim().pid() + " (sleep), up for ");
  }

  @Test
  void refusesACommandLineThatTwoProcessesHave() throws Exception {
    try (Victim twin = victim().replacement()) {
      assertThatThrownBy(() -> injector().plan(ID, request(Map.of("command", victim().command()))))
          .isInstanceOf(InjectionException.class)
          .hasMessageContaining("2 processes")
          .hasMessageContaining(Long.toString(twin.pid()));
    }
  }

  @Test
  void neverTouchesAnotherProcessThatGotThePid() throws Exception {
    Undo undo = start(request());
    Map<String, String> data = new HashMap<>(undo.data());
    data.put("started", "1");
    Undo ofAnother = new Undo(ID, kind(), data);

    injector().rollBack(ofAnother);

    assertThat(targetState()).isEqualTo(true);
    assertThat(injector().look(ofAnother).presence()).isEqualTo(Presence.GONE);
    assertThat(injector().look(ofAnother).evidence()).contains("belongs to another process now");
  }

  @Test
  void neverTouchesAProcessOfAnotherRunOfTheSystem() throws Exception {
    FaultPlan plan = injector().plan(ID, request());
    Map<String, String> data = new HashMap<>(injector().arm(plan).data());
    data.put("boot", "another");

    assertThatThrownBy(() -> injector().start(plan, new Undo(ID, kind(), data)))
        .isInstanceOfSatisfying(InjectionException.class, e -> assertThat(e.ambiguous()).isFalse());
    assertThat(targetState()).isEqualTo(false);
  }

  @Test
  void aProcessThatIsGoneHasNoFault() throws Exception {
    Undo undo = start(request());
    victim().end();

    injector().rollBack(undo);

    assertThat(injector().look(undo).presence()).isEqualTo(Presence.GONE);
  }

  @Test
  void refusesAProcessThatSomebodyElseHasStopped() throws Exception {
    FaultPlan plan = injector().plan(ID, request());
    Signals.ofSystem().send(victim().pid(), Signals.Signal.STOP);
    while (targetState().equals(false)) {
      Thread.onSpinWait();
    }

    assertThatThrownBy(() -> injector().arm(plan)).hasMessageContaining("already");
  }

  @Test
  void refusesItselfAndWhatStartedIt() {
    ProcessHandle self = ProcessHandle.current();

    for (long pid : new long[] {self.pid(), self.parent().orElseThrow().pid(), 1}) {
      assertThatThrownBy(() -> injector().plan(ID, request(Map.of("pid", Long.toString(pid)))))
          .isInstanceOf(InjectionException.class)
          .hasMessageContaining("pid " + pid);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "pid, -1, allowed is the number of a process",
    "pid, '4711; reboot', allowed is the number of a process",
    "pid, 4194305, no process has the pid",
    "pidFile, /no/such/file, there is no pid file /no/such/file",
    "command, '', is empty",
    "comand, sleep, 'exactly one of pid, pidFile, command'",
  })
  void aMistakeIsRefusedWithWhatIsAllowed(String word, String value, String allowed) {
    assertThatThrownBy(() -> injector().plan(ID, request(Map.of(word, value))))
        .isInstanceOf(InjectionException.class)
        .hasMessageContaining(allowed);
  }

  @Test
  void refusesTwoWaysToFindAProcess() {
    assertThatThrownBy(() -> injector().plan(ID, request(Map.of("pid", "1", "command", "sleep"))))
        .hasMessageContaining("pid and command; give exactly one");
  }
}

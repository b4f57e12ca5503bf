package dev.firebreak.injector.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.fault.Observation;
import dev.firebreak.fault.Observation.Presence;
import dev.firebreak.fault.Undo;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KillTest extends ProcessContract {
  @Override
  FaultKind kind() {
    return ProcessInjector.KILL;
  }

  @Override
  protected Object targetState() throws IOException {
    return table().find(victim().pid()).filter(ProcessEntry::alive).isPresent();
  }

  @Test
  void isDeclaredIrreversible() {
    assertThat(injector().faults())
        .filteredOn(fault -> fault.kind().equals(kind()))
        .allMatch(fault -> !fault.reversible());
  }

  @Test
  void theEffectIsThatNothingHasReplacedTheProcess() throws Exception {
    Observation seen = injector().look(start(request()));

    assertThat(seen.presence()).isEqualTo(Presence.PRESENT);
    assertThat(seen.evidence()).endsWith("is gone and nothing has replaced it");
  }

  @ParameterizedTest
  @CsvSource({"100, PRESENT, for 0.1 s", "4999, PRESENT, for 5.0 s", "5000, GONE, for 5.0 s"})
  void aReplacementMustLiveForAWhile(long ageMillis, Presence expected, String evidence)
      throws Exception {
    Undo undo = start(request());
    try (Victim next = victim().replacement()) {
      long started = table().find(next.pid()).orElseThrow().identity().startedMillis();
      ProcessTable later = at(started + ageMillis);

      Observation seen = new ProcessInjector(later, Signals.ofSystem()).look(undo);

      assertThat(seen.presence()).isEqualTo(expected);
      assertThat(seen.evidence()).contains("pid " + next.pid()).endsWith(evidence);
    }
  }

  @Test
  void aTwinThatRanBeforeIsNoReplacement() throws Exception {
    try (Victim twin = victim().replacement()) {
      // Starts are told in steps of 10 ms: the twin must be older than that.
      long started = table().find(twin.pid()).orElseThrow().identity().startedMillis();
      while (table().nowMillis() <= started + 10) {
        Thread.onSpinWait();
      }

      assertThat(injector().look(start(request())).presence()).isEqualTo(Presence.PRESENT);
    }
  }

  @Test
  void theUndoRecordDoesNotHoldTheCommandLine() throws Exception {
    Undo undo = injector().arm(injector().plan(ID, request()));

    assertThat(undo.data().values()).noneMatch(value -> value.contains("sleep"));
  }

  @Test
  void asksPolitelyWhenToldTo() throws Exception {
    FaultRequest request = request();
    start(
        new FaultRequest(
            kind(),
            request.service(),
            request.target(),
            Map.of("signal", "TERM"),
            request.duration()));

    while (victim().alive()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void knowsNoOtherSignal() {
    FaultRequest request = request();

    assertThatThrownBy(
            () ->
                injector()
                    .plan(
                        ID,
                        new FaultRequest(
                            kind(),
                            request.service(),
                            request.target(),
                            Map.of("signal", "SEGV"),
                            request.duration())))
        .hasMessageContaining("allowed are KILL and TERM");
  }

  private ProcessTable at(long nowMillis) {
    return new ProcessTable() {
      @Override
      public Optional<ProcessEntry> find(long pid) throws IOException {
        return table().find(pid);
      }

      @Override
      public List<ProcessEntry> all() throws IOException {
        return table().all();
      }

      @Override
      public long nowMillis() {
        return nowMillis;
      }
    };
  }
}

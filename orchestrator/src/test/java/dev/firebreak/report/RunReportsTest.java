package dev.firebreak.report;

import static dev.firebreak.report.SampleRuns.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.firebreak.report.RunReport.FaultReport;
import dev.firebreak.report.RunReport.FindingReport;
import dev.firebreak.report.RunReport.PhaseSpan;
import dev.firebreak.report.RunReport.Probe;
import dev.firebreak.report.RunReport.Rollback.Proof;
import dev.firebreak.run.Outcome;
import dev.firebreak.run.Phase;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.FaultArmed;
import dev.firebreak.run.RunEvent.InjectionSent;
import dev.firebreak.run.RunEvent.ProbeJudged.Verdict;
import dev.firebreak.run.RunEvent.RollbackVerified;
import dev.firebreak.run.RunEvent.RunClosed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunReportsTest {
  private final RunReport cascaded = RunReports.from(SampleRuns.cascaded());

  @Test
  void saysInOneSentenceThatFailureEscapedAndIsUndone() {
    assertThat(cascaded.conclusion().verdict())
        .isEqualTo(
            "CASCADED: latency in payments escaped the blast radius: gateway degraded 5.2 s after"
                + " the injection and catalog 7.1 s; halted after 9 s, undone in 410 ms, rollback verified.");
  }

  @Test
  void saysInOneSentenceThatNothingEscaped() {
    assertThat(RunReports.from(SampleRuns.held()).conclusion().verdict())
        .isEqualTo(
            "HELD: latency in payments stayed inside the blast radius: the hypothesis held and"
                + " none of 4 services outside degraded; undone in 100 ms, rollback verified.");
  }

  @Test
  void saysWhichProbeBroke() {
    assertThat(RunReports.from(SampleRuns.deviated()).conclusion().verdict())
        .isEqualTo(
            "DEVIATED: latency in payments stayed inside the blast radius, but the steady state"
                + " broke: \"checkout is fast enough\": http.latency.p95 of checkout reached 938 ms"
                + " (tolerated: at most 800 ms); halted after 5.1 s, undone in 800 ms, rollback verified.");
  }

  @Test
  void saysThatNothingWasInjectedAndWhy() {
    RunReport refused = RunReports.from(SampleRuns.refused());
    assertThat(refused.conclusion().verdict())
        .isEqualTo(
            "REFUSED: nothing was injected: the steady state does not hold before the injection:"
                + " 8 % of orders fail.");
    assertThat(refused.rollback().proof()).isEqualTo(Proof.NOTHING_INJECTED);
    assertThat(refused.hypothesis().probes().get(0).before()).contains(Verdict.BREACHED);
    assertThat(refused.hypothesis().probes().get(0).during()).isEmpty();
  }

  @Test
  void saysLoudlyThatAFaultMayStillBeThere() {
    RunReport report = RunReports.from(SampleRuns.notUndone());
    assertThat(report.conclusion().verdict())
        .endsWith(
            "; halted after 3.6 s, latency in payments may still be in place: look at it now.");
    assertThat(report.rollback().proof()).isEqualTo(Proof.UNVERIFIED);
    assertThat(report.faults().get(0).problem()).contains("HTTP 503");
    assertThat(report.faults().get(0).rollbackAttempts()).isEqualTo(2);
  }

  @Test
  void tellsTheWayOfTheFailure() {
    assertThat(cascaded.conclusion().way())
        .isEqualTo(
            "payments → checkout (+2.9 s) → gateway (+5.2 s, not declared);"
                + " catalog (+7.1 s, not declared, way unknown)");
  }

  @Test
  void tellsNoWayWhenNothingEscaped() {
    assertThat(RunReports.from(SampleRuns.held()).conclusion().way()).isEmpty();
  }

  @Test
  void measuresFromTheBreachToTheFirstUndo() {
    assertThat(cascaded.rollback().breachToRollbackSeconds().orElseThrow())
        .isCloseTo(0.012, within(1e-9));
    assertThat(RunReports.from(SampleRuns.notUndone()).rollback().breachToRollbackSeconds())
        .hasValue(0.01);
    assertThat(RunReports.from(SampleRuns.held()).rollback().breachToRollbackSeconds()).isEmpty();
  }

  @Test
  void takesRecoveryAfterTheRollbackAsConfirmation() {
    assertThat(confirmed("gateway")).contains(true);
    assertThat(confirmed("inventory")).contains(false);
  }

  @Test
  void saysWhetherTheRollbackConfirmsAnEscape() {
    Instant undo = at(70);

    assertThat(new Confirmation(Optional.of(undo), Optional.of(at(73.1)), true).inWords())
        .isEqualTo("confirmed by the rollback: recovered 3.1 s after");
    assertThat(new Confirmation(Optional.of(undo), Optional.of(at(69)), true).inWords())
        .isEqualTo("not confirmed: already recovering before the undo");
    assertThat(new Confirmation(Optional.of(undo), Optional.empty(), true).inWords())
        .isEqualTo("not confirmed: still degraded when the run ended");
    assertThat(new Confirmation(Optional.of(undo), Optional.empty(), false).byRollback()).isEmpty();
    assertThat(new Confirmation(Optional.empty(), Optional.of(at(69)), true).byRollback())
        .isEmpty();
  }

  @Test
  void callsTheHaltOfAPlaceboAFalseHalt() {
    RunReport placebo = RunReports.from(SampleRuns.asPlacebo(SampleRuns.cascaded()));

    assertThat(placebo.isFalseHalt()).isTrue();
    assertThat(placebo.conclusion().verdict())
        .startsWith(
            "CASCADED: placebo: nothing was injected; a false halt: gateway degraded 5.2 s after"
                + " the placebo")
        .doesNotContain("escaped the blast radius");
    assertThat(placebo.conclusion().way()).isEmpty();
    assertThat(cascaded.isPlacebo()).isFalse();
    assertThat(cascaded.isFalseHalt()).isFalse();
  }

  @Test
  void aPlaceboThatNothingHaltedIsNoFalseHalt() {
    RunReport placebo = RunReports.from(SampleRuns.asPlacebo(SampleRuns.held()));

    assertThat(placebo.isPlacebo()).isTrue();
    assertThat(placebo.isFalseHalt()).isFalse();
    assertThat(placebo.conclusion().verdict())
        .startsWith("HELD: placebo: nothing was injected; the hypothesis held");
  }

  @Test
  void ordersFindingsByOnset() {
    assertThat(cascaded.findings())
        .extracting(FindingReport::service)
        .containsExactly("inventory", "payments", "checkout", "gateway", "catalog");
  }

  @Test
  void tellsTheLifeOfAFault() {
    FaultReport fault = cascaded.faults().get(0);
    assertThat(fault.injector()).isEqualTo("chaos-monkey");
    assertThat(fault.injectedAt()).contains(at(60.42));
    assertThat(fault.confirmedAt()).contains(at(62.01));
    assertThat(fault.rollbackRequestedAt()).contains(at(69.412));
    assertThat(fault.rolledBackAt()).contains(at(69.81));
    assertThat(fault.verifiedAt()).contains(at(72.3));
    assertThat(fault.mayBeInPlace()).isFalse();
  }

  @Test
  void endsEachPhaseWhereTheNextBegins() {
    assertThat(cascaded.phases())
        .extracting(PhaseSpan::name)
        .containsExactly(
            Phase.PREFLIGHT,
            Phase.BASELINE,
            Phase.INJECT,
            Phase.OBSERVE,
            Phase.ROLLBACK,
            Phase.RECOVERY);
    assertThat(cascaded.phases().get(0).end()).contains(cascaded.phases().get(1).start());
    assertThat(cascaded.phases().get(5).end()).contains(at(92.5));
  }

  @Test
  void judgesProbesBeforeDuringAndAfterTheFault() {
    Probe fast = RunReports.from(SampleRuns.deviated()).hypothesis().probes().get(1);
    assertThat(fast.before()).contains(Verdict.WITHIN);
    assertThat(fast.during()).contains(Verdict.BREACHED);
    assertThat(fast.after()).contains(Verdict.WITHIN);
    assertThat(fast.broke()).isTrue();
    assertThat(fast.tolerated()).isEqualTo("at most 800 ms");
  }

  @Test
  void countsTheLooksThatBroughtNothing() {
    RunReport blind = RunReports.from(SampleRuns.blind());
    assertThat(blind.coverage().looks()).isEqualTo(19);
    assertThat(blind.coverage().looksWithoutEvidence()).isEqualTo(14);
    assertThat(blind.coverage().blind()).hasSize(1);
    assertThat(blind.coverage().blind().get(0).until()).contains(at(84));
    assertThat(cascaded.coverage().looksWithoutEvidence()).isZero();
  }

  @Test
  void namesWhatCouldNotBeSeen() {
    assertThat(cascaded.coverage().servicesWithoutData()).containsExactly("search");
    assertThat(cascaded.coverage().unseen()).containsEntry("search", "connection refused");
    assertThat(cascaded.coverage().unwatchable()).hasSize(1);
  }

  @Test
  void givesAnHonestReportOfAJournalCutAfterAnyEvent() {
    for (List<RunEvent> whole :
        List.of(SampleRuns.cascaded(), SampleRuns.held(), SampleRuns.notUndone())) {
      for (int length = 1; length < whole.size(); length++) {
        isHonest(RunReports.from(whole.subList(0, length)), whole.subList(0, length));
      }
    }
  }

  private static void isHonest(RunReport report, List<RunEvent> cut) {
    boolean sent = cut.stream().anyMatch(InjectionSent.class::isInstance);
    boolean gone = cut.stream().anyMatch(RollbackVerified.class::isInstance);
    assertThat(report.conclusion().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(report.conclusion().verdict()).contains("before the run was closed");
    assertThat(report.end()).isEmpty();
    assertThat(report.conclusion().verdict().contains("may still be in place"))
        .isEqualTo(sent && !gone);
    assertThat(report.rollback().proof())
        .isEqualTo(!sent ? Proof.NOTHING_INJECTED : gone ? Proof.VERIFIED : Proof.UNVERIFIED);
  }

  @Test
  void survivesAJournalThatLacksAnyOneEvent() {
    List<RunEvent> whole = SampleRuns.cascaded();
    List<String> damage = List.of("line 7 is damaged");
    for (int missing = 1; missing < whole.size(); missing++) {
      List<RunEvent> rest = new ArrayList<>(whole);
      rest.remove(missing);
      assertThat(RunReports.from(rest, damage).conclusion().verdict())
          .endsWith("; the journal is damaged: line 7 is damaged.");
    }
  }

  @Test
  void listsAFaultWhoseUndoRecordWasLost() {
    List<RunEvent> rest =
        SampleRuns.cascaded().stream().filter(event -> !(event instanceof FaultArmed)).toList();
    assertThat(RunReports.from(rest).faults())
        .extracting(FaultReport::kind)
        .containsExactly("unknown");
  }

  @Test
  void refusesAJournalWithoutARun() {
    assertThatThrownBy(() -> RunReports.from(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("none of the 0 events opens a run");
  }

  @Test
  void givesEqualReportsOfEqualEvents() {
    assertThat(RunReports.from(SampleRuns.cascaded())).isEqualTo(cascaded);
  }

  @Test
  void keepsTheReasonOfARunThatAPersonEnded() {
    List<RunEvent> events = new ArrayList<>(SampleRuns.held());
    events.remove(events.size() - 1);
    events.add(new RunClosed(at(98.1), Outcome.ABORTED, "Ctrl-C"));
    assertThat(RunReports.from(events).conclusion().verdict())
        .startsWith("ABORTED: a person ended the run: Ctrl-C; undone in");
  }

  private Optional<Boolean> confirmed(String service) {
    return cascaded.findingOf(service).orElseThrow().confirmedByRollback();
  }
}

package dev.firebreak.report;

import static dev.firebreak.report.SampleRuns.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.probe.Change;
import dev.firebreak.report.RunReport.ChangeReport;
import dev.firebreak.report.RunReport.FindingReport;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.SystemChanged;
import dev.firebreak.service.ServiceName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The run injects into payments at 60.42 s; gateway's onset is at 65.62 s. */
class CircumstancesTest {
  private static SystemChanged changed(double seconds, String service, Change.Kind kind) {
    return new SystemChanged(
        at(seconds), new Change(ServiceName.of(service), kind, "version 1 → version 2"));
  }

  private static SystemChanged restarted(double seconds, String service) {
    return changed(seconds, service, Change.Kind.RESTART);
  }

  private static List<RunEvent> with(List<RunEvent> run, SystemChanged... changes) {
    List<RunEvent> events = new ArrayList<>(run);
    events.addAll(List.of(changes));
    events.sort(Comparator.comparing(RunEvent::at));
    return events;
  }

  private static Optional<String> beside(String service, SystemChanged... changes) {
    return RunReports.from(with(SampleRuns.cascaded(), changes))
        .findingOf(service)
        .flatMap(FindingReport::change);
  }

  @Test
  void aChangeAfterTheInjectionMayBeTheCauseAndMayComeOfTheFault() {
    assertThat(beside("gateway", restarted(62.62, "gateway")))
        .contains(
            "gateway restarted 3 s before it degraded, 2.2 s after the injection:"
                + " that may explain it, and may itself come of the fault");
  }

  @Test
  void aChangeBeforeTheInjectionMayExplainItWithoutTheFault() {
    assertThat(beside("gateway", restarted(58.42, "gateway")))
        .contains(
            "gateway restarted 7.2 s before it degraded, 2 s before the injection:"
                + " that may explain it without the fault");
  }

  @Test
  void anInjectedServiceIsNamedAsSuch() {
    assertThat(beside("payments", restarted(60.8, "payments")).orElseThrow())
        .startsWith("payments (injected) restarted 200 ms before it degraded, 380 ms after")
        .endsWith("that may be the fault's own doing");
    assertThat(beside("payments", restarted(50, "payments")).orElseThrow())
        .endsWith("what looks like the fault may come of that");
  }

  @Test
  void aNewProcessIsOftenSeenOnlyAfterTheOldOneFailed() {
    assertThat(beside("gateway", restarted(69.62, "gateway")).orElseThrow())
        .startsWith("gateway restarted 4 s after it began to degrade: ");
    assertThat(beside("gateway", restarted(65.62, "gateway")).orElseThrow())
        .startsWith("gateway restarted just as it degraded, ");
  }

  @Test
  void aDeployTellsMoreThanTheRestartThatComesWithIt() {
    assertThat(
            beside(
                "gateway",
                changed(62.62, "gateway", Change.Kind.RESTART),
                changed(62.62, "gateway", Change.Kind.DEPLOY)))
        .hasValueSatisfying(
            words ->
                assertThat(words)
                    .startsWith(
                        "gateway was deployed (version 1 → version 2) 3 s before it degraded"));
  }

  @Test
  void whatWasLongAgoOrOfAnotherServiceIsNotToldBesideIt() {
    assertThat(beside("gateway", restarted(5, "gateway"), restarted(62, "catalog"))).isEmpty();
  }

  @Test
  void aPlaceboHasNoInjectionToComeFrom() {
    RunReport report =
        RunReports.from(
            with(SampleRuns.asPlacebo(SampleRuns.cascaded()), restarted(62.62, "gateway")));
    assertThat(report.findingOf("gateway").orElseThrow().change())
        .contains("gateway restarted 3 s before it degraded: that may explain it");
  }

  @Test
  void changesAlterNoClassAndNoVerdict() {
    RunReport without = RunReports.from(SampleRuns.cascaded());
    RunReport with =
        RunReports.from(
            with(SampleRuns.cascaded(), restarted(58, "gateway"), restarted(62, "payments")));
    assertThat(with.conclusion()).isEqualTo(without.conclusion());
    assertThat(with.findings())
        .extracting(FindingReport::degradation)
        .isEqualTo(without.findings().stream().map(FindingReport::degradation).toList());
    assertThat(with.changes())
        .extracting(ChangeReport::inWords)
        .containsExactly("gateway restarted", "payments (injected) restarted");
    assertThat(without.changes()).isEmpty();
  }
}

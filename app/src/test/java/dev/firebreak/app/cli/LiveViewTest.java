package dev.firebreak.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.experiment.Experiment;
import dev.firebreak.experiment.HaltPolicy;
import dev.firebreak.experiment.SteadyStateHypothesis;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.probe.Change;
import dev.firebreak.report.SampleRuns;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.Halted;
import dev.firebreak.run.RunEvent.ServiceDegraded;
import dev.firebreak.run.RunEvent.SystemChanged;
import dev.firebreak.service.ServiceName;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LiveViewTest {
  private final StringWriter out = new StringWriter();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

  @AfterEach
  void stopTimer() {
    timer.shutdownNow();
  }

  @Test
  void tellsWhatHappenedAndKeepsTheStateBelowIt() {
    show(SampleRuns.cascaded(), true);

    assertThat(out.toString())
        .contains("OBSERVE")
        .contains("inside")
        .contains("outside")
        .contains("ESCAPED")
        .contains("HALTED")
        .contains("Ctrl-C halts the run and rolls back");
  }

  @Test
  void leavesNothingButTheLinesOnceItIsClosed() {
    show(SampleRuns.cascaded(), true);

    String last = out.toString().substring(out.toString().lastIndexOf("[J"));
    assertThat(last).doesNotContain("Ctrl-C").doesNotContain("worst outside");
  }

  @Test
  void wherePlainLinesAreWantedThereAreNoEscapes() {
    PlainView view = new PlainView(terminal(false));
    SampleRuns.cascaded().forEach(view::on);

    assertThat(out.toString()).contains("HALTED").doesNotContain("\u001b");
  }

  @Test
  void aHaltIsToldInOneLine() {
    PlainView view = new PlainView(terminal(false));
    SampleRuns.cascaded().stream().filter(Halted.class::isInstance).forEach(view::on);

    assertThat(out.toString().lines()).hasSize(1);
  }

  @Test
  void theRollbackConfirmsAnEscapeOrDoesNot() {
    PlainView view = new PlainView(terminal(false));
    SampleRuns.cascaded().forEach(view::on);

    assertThat(out.toString()).contains("gateway recovered, confirmed by the rollback: recovered ");
  }

  @Test
  void restartsAndDeploysAreToldAndOnceMoreBesideWhatTheyMayExplain() {
    PlainView view = new PlainView(terminal(false));
    for (RunEvent event : SampleRuns.cascaded()) {
      if (event instanceof ServiceDegraded degraded && degraded.at().equals(SampleRuns.at(69.4))) {
        view.on(changed(62.62, "gateway", Change.Kind.DEPLOY));
        view.on(changed(62.62, "payments", Change.Kind.RESTART));
      }
      view.on(event);
    }

    assertThat(out.toString())
        .contains("62.6 s  gateway was deployed: version 1 → version 2")
        .contains("payments (injected) restarted: version 1 → version 2")
        .containsPattern(
            "gateway degraded \\(ESCAPED\\): .*; gateway was deployed .* 3 s before it degraded");
  }

  private static SystemChanged changed(double seconds, String service, Change.Kind kind) {
    return new SystemChanged(
        SampleRuns.at(seconds), new Change(ServiceName.of(service), kind, "version 1 → version 2"));
  }

  @Test
  void aPlaceboIsToldAsOne() {
    PlainView view = new PlainView(terminal(false));
    SampleRuns.asPlacebo(SampleRuns.cascaded()).forEach(view::on);

    assertThat(out.toString())
        .contains("a placebo: nothing was injected")
        .contains("HALTED, a false halt of a placebo: ")
        .doesNotContain("is in place");
  }

  private void show(List<RunEvent> events, boolean live) {
    LiveView view =
        new LiveView(
            terminal(live), experiment(), () -> Instant.parse("2026-11-23T10:00:00Z"), timer);
    events.forEach(view::on);
    view.close();
  }

  private Terminal terminal(boolean interactive) {
    return Terminal.of(
        new PrintWriter(out),
        new PrintWriter(new StringWriter()),
        interactive,
        Map.of("TERM", "xterm"));
  }

  private static Experiment experiment() {
    FaultRequest fault =
        new FaultRequest(
            FaultKind.PLACEBO,
            ServiceName.of("payments"),
            Map.of(),
            Map.of(),
            Duration.ofMinutes(1));
    return new Experiment(
        "payments answers slowly",
        SteadyStateHypothesis.none(),
        BlastRadius.of(ServiceName.of("payments")),
        List.of(fault),
        List.of(),
        HaltPolicy.DEFAULT,
        Experiment.Timing.DEFAULT);
  }
}

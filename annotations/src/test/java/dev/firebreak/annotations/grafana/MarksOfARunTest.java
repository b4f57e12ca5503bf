package dev.firebreak.annotations.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.annotations.Story;
import dev.firebreak.annotations.grafana.FakeAnnotations.Stored;
import dev.firebreak.annotations.grafana.FakeGrafana.Trouble;
import dev.firebreak.cascade.DegradationClass;
import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.fault.FaultId;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.run.Outcome;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.InjectionAcknowledged;
import dev.firebreak.run.RunEvent.InjectionFailed;
import dev.firebreak.run.RunEvent.InjectionSent;
import dev.firebreak.run.RunEvent.RollbackAbandoned;
import dev.firebreak.run.RunEvent.RollbackVerified;
import dev.firebreak.run.RunEvent.RunClosed;
import dev.firebreak.service.ServiceName;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a run leaves in Grafana when all goes well. */
class MarksOfARunTest extends MarkedGrafana {
  private static final FaultKind LATENCY = FaultKind.of("chaos-monkey/latency");

  @Test
  void aRunLeavesOneRegionAndThePointsOfWhatHappened() throws IOException {
    run(Story.cascaded());
    theMarksOfTheCascadeAreThereOnce();
    assertThat(grafana.requests()).anyMatch(request -> request.startsWith("PATCH"));
  }

  @Test
  void aRunThatIsOverBeforeGrafanaWasAskedIsMarkedInOneGo() throws IOException {
    grafana.troubled(Trouble.UNAVAILABLE, "", 1);
    try (GrafanaOutbox outbox = outbox()) {
      tell(new GrafanaAnnotator(outbox, MarkLinks.none()), Story.cascaded());
      assertThat(outbox.flush(SOON)).isZero();
    }
    theMarksOfTheCascadeAreThereOnce();
  }

  @Test
  void aRunThatHeldLeavesItsRegionAndItsRollbackAlone() throws IOException {
    run(Story.held());
    assertThat(grafana.annotations()).hasSize(2);
    assertThat(region("payments").timeEnd()).isEqualTo(Story.at(94).toEpochMilli());
    assertThat(grafana.annotations("role:rollback")).hasSize(1);
  }

  @Test
  void theRegionIsOpenAsAPointAsSoonAsTheFaultIsAcknowledged() throws IOException {
    try (GrafanaOutbox outbox = outbox()) {
      GrafanaAnnotator annotator = new GrafanaAnnotator(outbox, MarkLinks.none());
      tell(annotator, until(Story.cascaded(), InjectionAcknowledged.class));
      assertThat(outbox.flush(SOON)).isZero();
      Stored open = grafana.annotations("role:injected").get(0);
      assertThat(open.isRegion()).isFalse();
      assertThat(open.time()).isEqualTo(Story.at(31).toEpochMilli());
    }
  }

  @Test
  void tagsAreFewAndHaveOneColonEach() throws IOException {
    run(Story.cascaded());
    assertThat(region("payments").tags())
        .containsExactly(
            "chaos",
            "firebreak",
            "gameday:checkout-weekly",
            "run:20261123-100000-abc123",
            "role:injected",
            "service:payments",
            "env:staging");
  }

  @Test
  void textsSayExperimentOutcomeFaultAndTrace() throws IOException {
    run(Story.cascaded());
    assertThat(region("payments").text())
        .contains("chaos-monkey/latency in payments for 60 s")
        .contains("CASCADED, escaped to gateway")
        .contains("payments answers slowly")
        .contains(Story.TRACE);
    assertThat(grafana.annotations("role:escaped").get(0).text())
        .contains("went from 0.0400 s to 1.20 s")
        .contains("payments → gateway");
    assertThat(grafana.annotations("role:halt").get(0).text())
        .contains("Halted (CASCADE): gateway degraded outside the radius");
  }

  @Test
  void namesThatGrafanaWouldCutOrEscapeAreFoundAgain() throws IOException {
    ServiceName odd = ServiceName.of("a+b c&d=é,ü:8080/" + "x".repeat(150));
    grafana.troubled(Trouble.COMMITS_THEN_DROPS, "POST", 5);
    try (GrafanaOutbox outbox = outbox()) {
      GrafanaAnnotator annotator = new GrafanaAnnotator(outbox, MarkLinks.none());
      annotator.on(Story.opened("a:b  \"c\" <d>\n" + "é".repeat(300), " ", BlastRadius.of(odd)));
      tell(annotator, Story.injected(Story.FAULT, LATENCY, odd, 1));
      tell(annotator, Story.rolledBack(Story.FAULT, 20));
      assertThat(outbox.flush(SOON)).isZero();
    }
    assertThat(grafana.annotations("role:injected")).hasSize(1);
    assertThat(grafana.annotations("role:injected").get(0).isRegion()).isTrue();
  }

  @Test
  void aServiceWithTwoFaultsHasOneRegionThatEndsWithTheLast() throws IOException {
    FaultId second = FaultId.of(Story.RUN + ".f2");
    try (GrafanaOutbox outbox = outbox()) {
      GrafanaAnnotator annotator = new GrafanaAnnotator(outbox, MarkLinks.none());
      annotator.on(Story.opened());
      tell(annotator, Story.injected(Story.FAULT, LATENCY, Story.PAYMENTS, 10));
      tell(annotator, Story.injected(second, LATENCY, Story.PAYMENTS, 15));
      tell(annotator, Story.rolledBack(Story.FAULT, 30));
      assertThat(outbox.flush(SOON)).isZero();
      assertThat(grafana.annotations("role:injected").get(0).isRegion()).isFalse();
      tell(annotator, Story.rolledBack(second, 40));
      assertThat(outbox.flush(SOON)).isZero();
    }
    assertThat(region("payments").time()).isEqualTo(Story.at(10).toEpochMilli());
    assertThat(region("payments").timeEnd()).isEqualTo(Story.at(43).toEpochMilli());
  }

  @Test
  void anInjectionWithoutACertainAnswerIsMarkedFromWhenItWasSent() throws IOException {
    try (GrafanaOutbox outbox = outbox()) {
      GrafanaAnnotator annotator = new GrafanaAnnotator(outbox, MarkLinks.none());
      annotator.on(Story.opened());
      annotator.on(Story.armed(Story.FAULT, LATENCY, Story.PAYMENTS, 5));
      annotator.on(new InjectionSent(Story.at(5), Story.FAULT));
      annotator.on(new InjectionFailed(Story.at(9), Story.FAULT, "timed out", true));
      tell(annotator, Story.rolledBack(Story.FAULT, 9));
      assertThat(outbox.flush(SOON)).isZero();
    }
    assertThat(region("payments").time()).isEqualTo(Story.at(5).toEpochMilli());
  }

  @Test
  void anAbandonedRollbackIsSaidInTheRegion() throws IOException {
    try (GrafanaOutbox outbox = outbox()) {
      GrafanaAnnotator annotator = new GrafanaAnnotator(outbox, MarkLinks.none());
      tell(annotator, until(Story.cascaded(), RunEvent.RollbackRequested.class));
      annotator.on(new RollbackAbandoned(Story.at(110), Story.FAULT, "HTTP 503"));
      assertThat(outbox.flush(SOON)).isZero();
    }
    assertThat(region("payments").text()).contains("NOT verified").contains("HTTP 503");
  }

  @Test
  void anEscapeThatTurnsOutToBeUnrelatedIsTakenBack() throws IOException {
    try (GrafanaOutbox outbox = outbox()) {
      GrafanaAnnotator annotator = new GrafanaAnnotator(outbox, MarkLinks.none());
      annotator.on(Story.opened());
      annotator.on(
          Story.degraded(40, Story.GATEWAY, DegradationClass.ESCAPED, 35, Optional.empty()));
      assertThat(outbox.flush(SOON)).isZero();
      assertThat(grafana.annotations("role:escaped")).hasSize(1);
      annotator.on(
          Story.degraded(50, Story.GATEWAY, DegradationClass.UNRELATED, 35, Optional.empty()));
      assertThat(outbox.flush(SOON)).isZero();
    }
    assertThat(grafana.annotations()).isEmpty();
  }

  @Test
  void anEscapeIsAPointUntilTheServiceRecoversAndThenARegion() throws IOException {
    try (GrafanaOutbox outbox = outbox()) {
      GrafanaAnnotator annotator = new GrafanaAnnotator(outbox, MarkLinks.none());
      annotator.on(Story.opened());
      annotator.on(escaped(40, Optional.empty()));
      assertThat(outbox.flush(SOON)).isZero();
      assertThat(escape().isRegion()).isFalse();
      annotator.on(escaped(52, Optional.of(Story.at(51))));
      assertThat(outbox.flush(SOON)).isZero();
    }
    assertThat(escape().time()).isEqualTo(Story.at(35).toEpochMilli());
    assertThat(escape().timeEnd()).isEqualTo(Story.at(51).toEpochMilli());
  }

  @Test
  void anEscapeThatNobodySawRecoverStaysAPointAndSaysSo() throws IOException {
    try (GrafanaOutbox outbox = outbox()) {
      GrafanaAnnotator annotator = new GrafanaAnnotator(outbox, MarkLinks.none());
      annotator.on(Story.opened());
      annotator.on(escaped(40, Optional.empty()));
      annotator.on(new RunClosed(Story.at(90), Outcome.CASCADED, "escaped to gateway"));
      assertThat(outbox.flush(SOON)).isZero();
    }
    assertThat(escape().isRegion()).isFalse();
    assertThat(escape().text()).containsIgnoringCase("not recovered when the run ended");
  }

  @Test
  void aServiceThatDegradesAgainIsNotShownAsRecovered() throws IOException {
    try (GrafanaOutbox outbox = outbox()) {
      GrafanaAnnotator annotator = new GrafanaAnnotator(outbox, MarkLinks.none());
      annotator.on(Story.opened());
      annotator.on(escaped(52, Optional.of(Story.at(51))));
      assertThat(outbox.flush(SOON)).isZero();
      annotator.on(escaped(60, Optional.empty()));
      assertThat(outbox.flush(SOON)).isZero();
      assertThat(escape().isRegion()).isFalse();
      annotator.on(escaped(80, Optional.of(Story.at(79))));
      assertThat(outbox.flush(SOON)).isZero();
    }
    assertThat(escape().timeEnd()).isEqualTo(Story.at(79).toEpochMilli());
  }

  @Test
  void aRunThatWasKilledIsClosedByTheNextProcessWithItsRealEndAndAsInterrupted()
      throws IOException {
    List<RunEvent> begun = until(Story.interrupted(), RunEvent.ServiceDegraded.class);
    try (GrafanaOutbox killed = outbox()) {
      tell(new GrafanaAnnotator(killed, MarkLinks.none()), begun);
      assertThat(killed.flush(SOON)).isZero();
    }
    assertThat(grafana.annotations("role:injected").get(0).isRegion()).isFalse();
    try (GrafanaOutbox next = outbox()) {
      next.resume();
      tell(new GrafanaAnnotator(next, MarkLinks.none()), Story.interrupted());
      assertThat(next.flush(SOON)).isZero();
    }
    assertThat(grafana.annotations()).hasSize(4);
    assertThat(region("payments").timeEnd()).isEqualTo(Story.at(55).toEpochMilli());
    assertThat(region("payments").text())
        .containsIgnoringCase("interrupted")
        .contains("the run's process ended in OBSERVE; its guard rolled back, verified");
    assertThat(escape().isRegion()).isFalse();
    assertThat(escape().text()).containsIgnoringCase("interrupted");
  }

  private static RunEvent escaped(int second, Optional<Instant> recoveredAt) {
    return Story.degraded(second, Story.GATEWAY, DegradationClass.ESCAPED, 35, recoveredAt);
  }

  @Test
  void clocksThatWentBackMakeNoRegionThatEndsBeforeItBegins() throws IOException {
    try (GrafanaOutbox outbox = outbox()) {
      GrafanaAnnotator annotator = new GrafanaAnnotator(outbox, MarkLinks.none());
      annotator.on(Story.opened());
      tell(annotator, Story.injected(Story.FAULT, LATENCY, Story.PAYMENTS, 30));
      annotator.on(new RollbackVerified(Story.at(10), Story.FAULT, "gone"));
      assertThat(outbox.flush(SOON)).isZero();
    }
    assertThat(region("payments").time()).isEqualTo(Story.at(30).toEpochMilli());
  }
}

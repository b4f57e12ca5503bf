package dev.firebreak.annotations.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.annotations.Story;
import dev.firebreak.annotations.grafana.FakeAnnotations.Stored;
import dev.firebreak.annotations.grafana.FakeGrafana.Trouble;
import dev.firebreak.annotations.grafana.OperationListener.Operation;
import dev.firebreak.cascade.DegradationClass;
import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.fault.FaultId;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.run.Outcome;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.Halted;
import dev.firebreak.run.RunEvent.InjectionAcknowledged;
import dev.firebreak.run.RunEvent.InjectionFailed;
import dev.firebreak.run.RunEvent.InjectionSent;
import dev.firebreak.run.RunEvent.RollbackAbandoned;
import dev.firebreak.run.RunEvent.RollbackAcknowledged;
import dev.firebreak.run.RunEvent.RollbackVerified;
import dev.firebreak.run.RunEvent.RunClosed;
import dev.firebreak.service.ServiceName;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GrafanaAnnotatorTest {
  /** Long enough for a busy machine; nothing waits for all of it. */
  private static final Duration SOON = Duration.ofSeconds(30);

  private static final FaultKind LATENCY = FaultKind.of("chaos-monkey/latency");
  private static final Pace QUICK =
      new Pace(
          Duration.ofMillis(5),
          Duration.ofMillis(50),
          Duration.ofMillis(300),
          Duration.ofDays(7),
          Duration.ofDays(30),
          500);

  private final Queue<String> operations = new ConcurrentLinkedQueue<>();
  private FakeGrafana grafana;
  private Path directory;

  @BeforeEach
  void start(@TempDir Path temporary) throws IOException {
    grafana = FakeGrafana.start();
    directory = temporary;
  }

  @AfterEach
  void nothingWasSentThatGrafanaMisreads() {
    grafana.close();
    assertThat(grafana.violations()).isEmpty();
  }

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

  private Stored escape() {
    assertThat(grafana.annotations("role:escaped")).hasSize(1);
    return grafana.annotations("role:escaped").get(0);
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

  // ---- troubles

  @ParameterizedTest
  @CsvSource({
    "COMMITS_THEN_DROPS, POST",
    "COMMITS_THEN_DROPS, PATCH",
    "COMMITS_THEN_DROPS, GET",
    "DROPS, POST",
    "DROPS, PATCH",
    "UNAVAILABLE, POST",
    "UNAVAILABLE, PATCH",
    "UNAVAILABLE, GET",
    "UNAUTHORIZED, POST",
    "FORBIDDEN, PATCH",
    "HTML, GET",
    "HTML, POST",
    "ID_ZERO, POST",
    "PATCH_IGNORED, PATCH"
  })
  void whateverFailsForAWhileEachMarkIsThereOnce(Trouble trouble, String method)
      throws IOException {
    grafana.troubled(trouble, method, 3);
    run(Story.cascaded());
    theMarksOfTheCascadeAreThereOnce();
  }

  @ParameterizedTest
  @EnumSource(
      value = Trouble.class,
      names = {"COMMITS_THEN_DROPS", "DROPS", "UNAVAILABLE"})
  void whateverFailsNowAndThenEachMarkIsThereOnce(Trouble trouble) throws IOException {
    for (String method : List.of("POST", "PATCH", "GET", "DELETE", "POST", "PATCH")) {
      grafana.troubled(trouble, method, 1);
    }
    run(Story.cascaded());
    theMarksOfTheCascadeAreThereOnce();
  }

  @Test
  void aGrafanaThatAlwaysIgnoresNewEndsGetsTheRegionAnew() throws IOException {
    grafana.troubled(Trouble.PATCH_IGNORED, "PATCH", 1000);
    run(Story.cascaded());
    theMarksOfTheCascadeAreThereOnce();
    assertThat(grafana.requests()).anyMatch(request -> request.startsWith("DELETE"));
  }

  @Test
  void aGrafanaThatNeverSaysAnIdAndIgnoresNewEndsStillHasEachMarkOnce() throws IOException {
    grafana.troubled(Trouble.ID_ZERO, "POST", 1000);
    grafana.troubled(Trouble.PATCH_IGNORED, "PATCH", 1000);
    run(Story.cascaded());
    theMarksOfTheCascadeAreThereOnce();
  }

  @Test
  void anAnswerAfterOurPatienceMakesNoDouble() throws IOException {
    grafana.troubled(Trouble.COMMITS_THEN_HANGS, "POST", 1);
    run(Story.cascaded(), Duration.ofMillis(300));
    theMarksOfTheCascadeAreThereOnce();
  }

  @Test
  void aRequestThatArrivesAfterWeGaveItUpIsFoundAndItsDoubleDeleted() throws Exception {
    grafana.troubled(Trouble.HANGS_THEN_COMMITS, "POST", 1);
    AtomicReference<Instant> now = new AtomicReference<>(Story.at(60));
    try (GrafanaOutbox outbox =
        outbox(grafana.url(), directory, now::get, Duration.ofMillis(300))) {
      GrafanaAnnotator annotator = new GrafanaAnnotator(outbox, MarkLinks.none());
      tell(annotator, Story.cascaded());
      assertThat(outbox.flush(SOON)).isZero();
      grafana.letGo();
      waitFor(() -> grafana.annotations("role:injected").size() == 2);
      now.set(Story.at(80));
      waitFor(() -> grafana.annotations("role:injected").size() == 1);
    }
    theMarksOfTheCascadeAreThereOnce();
  }

  @Test
  void aChangeThatArrivesAfterTheNextOneIsUndone() throws IOException {
    grafana.troubled(Trouble.HANGS_THEN_COMMITS, "PATCH", 1);
    AtomicReference<Instant> now = new AtomicReference<>(Story.at(60));
    try (GrafanaOutbox outbox =
        outbox(grafana.url(), directory, now::get, Duration.ofMillis(300))) {
      GrafanaAnnotator annotator = new GrafanaAnnotator(outbox, MarkLinks.none());
      for (RunEvent event : Story.cascaded()) {
        annotator.on(event);
        if (event instanceof InjectionAcknowledged || event instanceof RollbackVerified) {
          assertThat(outbox.flush(SOON)).isZero();
        }
      }
      assertThat(outbox.flush(SOON)).isZero();
      assertThat(region("payments").text()).contains("CASCADED");
      grafana.letGo();
      waitFor(() -> !region("payments").text().contains("CASCADED"));
      now.set(Story.at(80));
      waitFor(() -> region("payments").text().contains("CASCADED"));
    }
    theMarksOfTheCascadeAreThereOnce();
  }

  @Test
  void aBodyThatNeverEndsIsGivenUp() throws IOException {
    grafana.troubled(Trouble.HANGS_IN_THE_BODY, "GET", 1);
    run(Story.cascaded(), Duration.ofMillis(300));
    theMarksOfTheCascadeAreThereOnce();
  }

  @Test
  void aRegionThatSomebodyDeletedIsMadeAnewInWhole() throws IOException {
    deletedBeforeItsEnd();
    theMarksOfTheCascadeAreThereOnce();
  }

  @Test
  void aRegionThatIsGoneFromAnOldGrafanaIsMadeAnewInWhole() throws IOException {
    grafana.beforeVersion9();
    deletedBeforeItsEnd();
    theMarksOfTheCascadeAreThereOnce();
  }

  private void deletedBeforeItsEnd() throws IOException {
    try (GrafanaOutbox outbox = outbox()) {
      GrafanaAnnotator annotator = new GrafanaAnnotator(outbox, MarkLinks.none());
      List<RunEvent> begun = until(Story.cascaded(), RollbackAcknowledged.class);
      tell(annotator, begun);
      assertThat(outbox.flush(SOON)).isZero();
      grafana.deleteByHand(grafana.annotations("role:injected").get(0).id());
      tell(annotator, Story.cascaded().subList(begun.size(), Story.cascaded().size()));
      assertThat(outbox.flush(SOON)).isZero();
    }
  }

  @Test
  void anIdThatBelongsToAnotherAnnotationByNowIsNotTouched() throws IOException {
    try (GrafanaOutbox outbox = outbox()) {
      GrafanaAnnotator annotator = new GrafanaAnnotator(outbox, MarkLinks.none());
      List<RunEvent> begun = until(Story.cascaded(), RollbackAcknowledged.class);
      tell(annotator, begun);
      assertThat(outbox.flush(SOON)).isZero();
      grafana.loseDatabase();
      Stored foreign = grafana.addForeign("a deployment", Story.START.toEpochMilli(), "deploy");
      tell(annotator, Story.cascaded().subList(begun.size(), Story.cascaded().size()));
      assertThat(outbox.flush(SOON)).isZero();
      assertThat(grafana.annotations("deploy")).containsExactly(foreign);
    }
    assertThat(region("payments").timeEnd()).isEqualTo(Story.at(46).toEpochMilli());
  }

  @Test
  void otherRunsAndOthersAnnotationsAreLeftAlone() throws IOException {
    long time = Story.START.toEpochMilli();
    Stored deploy = grafana.addForeign("deploy", time, "deploy", "service:payments");
    Stored other = grafana.addForeign("x", time, "firebreak", "run:other", "service:payments");
    grafana.troubled(Trouble.PATCH_IGNORED, "PATCH", 1000);
    run(Story.cascaded());
    assertThat(grafana.annotations()).contains(deploy, other);
  }

  @Test
  void aGrafanaThatIsBusyIsLeftAloneAsLongAsItAsks() throws IOException {
    grafana.askingToRetryAfter(60).troubled(Trouble.UNAVAILABLE, "POST", 1);
    try (GrafanaOutbox outbox = outbox()) {
      tell(new GrafanaAnnotator(outbox, MarkLinks.none()), Story.held());
      waitFor(() -> !grafana.requests().isEmpty());
      assertThat(grafana.requests()).containsExactly("POST /api/annotations");
    }
  }

  // ---- Grafana down, restarts

  @Test
  void aGrafanaThatIsDownForTheWholeRunHasEverythingAfterAFlush() throws IOException {
    URI url = grafana.url();
    grafana.close();
    try (GrafanaOutbox outbox = outbox(url)) {
      tell(new GrafanaAnnotator(outbox, MarkLinks.none()), Story.cascaded());
      assertThat(outbox.flush(Duration.ofMillis(50))).isEqualTo(4);
      grafana = FakeGrafana.startAt(url);
      assertThat(outbox.flush(SOON)).isZero();
    }
    theMarksOfTheCascadeAreThereOnce();
    assertThat(grafana.requests()).filteredOn(request -> request.startsWith("PATCH")).isEmpty();
  }

  @Test
  void aGrafanaThatComesBackLaterIsToldByAnotherProcess() throws IOException {
    URI url = grafana.url();
    grafana.close();
    try (GrafanaOutbox outbox = outbox(url)) {
      tell(new GrafanaAnnotator(outbox, MarkLinks.none()), Story.cascaded());
      assertThat(outbox.flush(Duration.ofMillis(20))).isEqualTo(4);
    }
    grafana = FakeGrafana.startAt(url);
    try (GrafanaOutbox outbox = outbox(url)) {
      outbox.resume();
      assertThat(outbox.flush(SOON)).isZero();
    }
    theMarksOfTheCascadeAreThereOnce();
  }

  @Test
  void afterAnyInterruptionTheEventsToldAgainLeaveEachMarkOnce() throws IOException {
    List<RunEvent> events = Story.cascaded();
    for (int died = 1; died < events.size(); died++) {
      grafana.loseDatabase();
      Path home = directory.resolve("died-after-" + died);
      try (GrafanaOutbox outbox = outbox(grafana.url(), home)) {
        tell(new GrafanaAnnotator(outbox, MarkLinks.none()), events.subList(0, died));
        if (died % 2 == 0) {
          outbox.flush(SOON);
        }
      }
      try (GrafanaOutbox outbox = outbox(grafana.url(), home)) {
        outbox.resume();
        tell(new GrafanaAnnotator(outbox, MarkLinks.none()), events);
        assertThat(outbox.flush(SOON)).isZero();
      }
      theMarksOfTheCascadeAreThereOnce();
    }
  }

  @Test
  void aProcessThatDiedBetweenRequestAndAnswerMakesNoDouble() throws IOException {
    grafana.troubled(Trouble.COMMITS_THEN_HANGS, "POST", 1);
    try (GrafanaOutbox outbox = outbox()) {
      tell(new GrafanaAnnotator(outbox, MarkLinks.none()), Story.cascaded());
      waitFor(() -> !grafana.annotations().isEmpty());
    }
    try (GrafanaOutbox outbox = outbox()) {
      outbox.resume();
      assertThat(outbox.flush(SOON)).isZero();
    }
    theMarksOfTheCascadeAreThereOnce();
  }

  @Test
  void twoProcessesNeverSendTheMarksOfOneRun() throws IOException {
    try (GrafanaOutbox first = outbox();
        GrafanaOutbox second = outbox()) {
      GrafanaAnnotator annotator = new GrafanaAnnotator(first, MarkLinks.none());
      List<RunEvent> begun = until(Story.cascaded(), RollbackAcknowledged.class);
      tell(annotator, begun);
      second.resume();
      assertThat(second.flush(SOON)).isZero();
      tell(annotator, Story.cascaded().subList(begun.size(), Story.cascaded().size()));
      assertThat(first.flush(SOON)).isZero();
    }
    theMarksOfTheCascadeAreThereOnce();
  }

  @Test
  void eventsToldAgainOfARunThatIsDoneSendNothingNew() throws IOException {
    run(Story.cascaded());
    List<Stored> before = grafana.annotations();
    run(Story.cascaded());
    assertThat(grafana.annotations()).hasSameSizeAs(before);
    theMarksOfTheCascadeAreThereOnce();
  }

  @Test
  void aDamagedFileIsPutAsideAndTheOthersGoOn() throws IOException {
    Path damaged = directory.resolve("20261123-090000-aaaaaa.json");
    Files.writeString(damaged, "{\"version\":1,\"run\"");
    try (GrafanaOutbox outbox = outbox()) {
      outbox.resume();
      tell(new GrafanaAnnotator(outbox, MarkLinks.none()), Story.cascaded());
      assertThat(outbox.flush(SOON)).isZero();
    }
    theMarksOfTheCascadeAreThereOnce();
    assertThat(directory.resolve("20261123-090000-aaaaaa.json.damaged")).exists();
  }

  @Test
  void marksNobodyCanWantAnyMoreAreGivenUp() throws IOException {
    grafana.troubled(Trouble.UNAVAILABLE, "", 1000);
    try (GrafanaOutbox outbox = outbox()) {
      tell(new GrafanaAnnotator(outbox, MarkLinks.none()), Story.cascaded());
      assertThat(outbox.flush(Duration.ofMillis(20))).isEqualTo(4);
    }
    Instant later = InstantSource.system().instant().plus(Duration.ofDays(8));
    try (GrafanaOutbox outbox = outbox(grafana.url(), directory, () -> later)) {
      outbox.resume();
      assertThat(outbox.flush(SOON)).isZero();
    }
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void telling100RunsWhileGrafanaHangsTakesNoTimeOfTheListener() throws IOException {
    grafana.troubled(Trouble.COMMITS_THEN_HANGS, "", 1000);
    try (GrafanaOutbox outbox = outbox()) {
      // Would take minutes if a listener waited for Grafana: the fake holds each answer.
      for (int i = 0; i < 100; i++) {
        tell(new GrafanaAnnotator(outbox, MarkLinks.none()), Story.cascaded());
      }
      assertThat(outbox.unsent()).isEqualTo(4);
    }
  }

  @Test
  void everyRequestIsCounted() throws IOException {
    grafana.troubled(Trouble.UNAVAILABLE, "POST", 1);
    run(Story.cascaded());
    assertThat(operations).contains("CREATE failed", "CREATE ok", "UPDATE ok", "SEARCH ok");
  }

  private void theMarksOfTheCascadeAreThereOnce() {
    assertThat(grafana.annotations()).hasSize(4);
    assertThat(region("payments").time()).isEqualTo(Story.at(31).toEpochMilli());
    assertThat(region("payments").timeEnd()).isEqualTo(Story.at(46).toEpochMilli());
    assertThat(region("payments").text()).contains("CASCADED");
    assertThat(escape().has("service:gateway")).isTrue();
    assertThat(escape().time()).isEqualTo(Story.at(39).toEpochMilli());
    assertThat(escape().timeEnd()).isEqualTo(Story.at(51).toEpochMilli());
    assertPoint("role:halt", "env:staging", 43);
    assertPoint("role:rollback", "service:payments", 43);
    assertThat(grafana.annotations("role:rollback").get(0).text()).contains("verified");
  }

  private void assertPoint(String role, String tag, int second) {
    assertThat(grafana.annotations(role)).hasSize(1);
    Stored point = grafana.annotations(role).get(0);
    assertThat(point.tags()).contains(tag, "firebreak");
    assertThat(point.time()).isEqualTo(point.timeEnd()).isEqualTo(Story.at(second).toEpochMilli());
  }

  private Stored region(String service) {
    List<Stored> regions =
        grafana.annotations("role:injected").stream()
            .filter(stored -> stored.has("service:" + service))
            .toList();
    assertThat(regions).hasSize(1);
    assertThat(regions.get(0).isRegion()).isTrue();
    return regions.get(0);
  }

  private void run(List<RunEvent> events) throws IOException {
    run(events, GrafanaSettings.DEFAULT_READ_TIMEOUT);
  }

  /** As a run goes: the region and the halt are in Grafana before the next things happen. */
  private void run(List<RunEvent> events, Duration readTimeout) throws IOException {
    try (GrafanaOutbox outbox = outbox(readTimeout)) {
      GrafanaAnnotator annotator = new GrafanaAnnotator(outbox, MarkLinks.none());
      for (RunEvent event : events) {
        annotator.on(event);
        if (event instanceof InjectionAcknowledged || event instanceof Halted) {
          assertThat(outbox.flush(SOON)).isZero();
        }
      }
      assertThat(outbox.flush(SOON)).isZero();
    }
  }

  private static void tell(GrafanaAnnotator annotator, List<RunEvent> events) {
    events.forEach(annotator::on);
  }

  private static List<RunEvent> until(List<RunEvent> events, Class<? extends RunEvent> last) {
    for (int i = 0; i < events.size(); i++) {
      if (last.isInstance(events.get(i))) {
        return events.subList(0, i + 1);
      }
    }
    throw new AssertionError("no " + last);
  }

  private static void waitFor(BooleanSupplier condition) {
    long deadline = System.nanoTime() + SOON.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited in vain");
      }
      Thread.onSpinWait();
    }
  }

  private GrafanaOutbox outbox() throws IOException {
    return outbox(grafana.url());
  }

  private GrafanaOutbox outbox(URI url) throws IOException {
    return outbox(url, directory);
  }

  private GrafanaOutbox outbox(Duration readTimeout) throws IOException {
    return outbox(grafana.url(), directory, InstantSource.system(), readTimeout);
  }

  private GrafanaOutbox outbox(URI url, Path home) throws IOException {
    return outbox(url, home, InstantSource.system());
  }

  private GrafanaOutbox outbox(URI url, Path home, InstantSource clock) throws IOException {
    return outbox(url, home, clock, GrafanaSettings.DEFAULT_READ_TIMEOUT);
  }

  private GrafanaOutbox outbox(URI url, Path home, InstantSource clock, Duration readTimeout)
      throws IOException {
    GrafanaSettings settings =
        new GrafanaSettings(
            url,
            FakeGrafana.TOKEN,
            OptionalLong.empty(),
            readTimeout,
            Optional.empty(),
            AnnotationApi.LEGACY);
    return new GrafanaOutbox(settings, home, clock, this::count, QUICK);
  }

  private void count(Operation operation, boolean succeeded) {
    operations.add(operation + (succeeded ? " ok" : " failed"));
  }
}

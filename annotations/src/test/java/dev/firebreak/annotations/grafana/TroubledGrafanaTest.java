package dev.firebreak.annotations.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.annotations.Story;
import dev.firebreak.annotations.grafana.FakeAnnotations.Stored;
import dev.firebreak.annotations.grafana.FakeGrafana.Trouble;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.InjectionAcknowledged;
import dev.firebreak.run.RunEvent.RollbackAcknowledged;
import dev.firebreak.run.RunEvent.RollbackVerified;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever Grafana answers, or does not: each mark is there once in the end. */
class TroubledGrafanaTest extends MarkedGrafana {
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
}

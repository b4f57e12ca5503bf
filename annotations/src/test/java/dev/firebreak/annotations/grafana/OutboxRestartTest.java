package dev.firebreak.annotations.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.annotations.Story;
import dev.firebreak.annotations.grafana.FakeAnnotations.Stored;
import dev.firebreak.annotations.grafana.FakeGrafana.Trouble;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.RollbackAcknowledged;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Marks that one process could not send, and what another makes of them. */
class OutboxRestartTest extends MarkedGrafana {
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
}

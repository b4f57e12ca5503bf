package dev.firebreak.annotations.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.firebreak.annotations.Story;
import dev.firebreak.annotations.grafana.FakeAnnotations.Stored;
import dev.firebreak.annotations.grafana.FakeGrafana.Trouble;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.RunOpened;
import dev.firebreak.run.RunId;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the outbox does when only a person can help, and when it has to wait for very long. */
class OutboxRefusalTest extends MarkedGrafana {
  private static final Duration BRIEFLY = Duration.ofMillis(100);

  private final Logger log = (Logger) LoggerFactory.getLogger(Refusals.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void listen() {
    lines.start();
    log.setLevel(Level.WARN);
    log.addAppender(lines);
  }

  @AfterEach
  void listenNoMore() {
    log.detachAppender(lines);
    log.setLevel(null);
  }

  @Test
  void aRefusedTokenParksTheMarksWithOneAlarmUntilItIsTaken() throws IOException {
    grafana.troubled(Trouble.UNAUTHORIZED, "", 1000);
    try (GrafanaOutbox outbox = outbox(Optional.empty(), 500)) {
      tell(outbox, Story.cascaded());
      for (int i = 0; i < 3; i++) {
        flushUntilRefused(outbox);
      }
      assertThat(outbox.refusal()).hasValueSatisfying(why -> assertThat(why).contains("API key"));
      assertThat(warnings()).singleElement().asString().contains("parked", "firebreak doctor");
      grafana.recover();
      assertThat(outbox.flush(SOON)).isZero();
      assertThat(outbox.refusal()).isEmpty();
    }
    assertThat(grafana.annotations()).hasSize(4);
  }

  @Test
  void aMissingRightIsNamedAndDoesNotHoldUpMarksThatNeedOthers() throws IOException {
    grafana.denying("annotations:read");
    try (GrafanaOutbox outbox = outbox(Optional.empty(), 500)) {
      tell(outbox, Story.cascaded().subList(0, 7));
      assertThat(outbox.flush(SOON)).isZero();
      tell(outbox, Story.cascaded());
      flushUntilRefused(outbox);
      // What was there as a point needs a search before it is ended; the rest needs none.
      assertThat(outbox.unsent()).isPositive();
      assertThat(outbox.refusal())
          .hasValueSatisfying(why -> assertThat(why).contains("the token lacks annotations:read"));
    }
    assertThat(grafana.annotations("role:halt")).hasSize(1);
    assertThat(grafana.annotations("role:injected")).noneMatch(Stored::isRegion);
  }

  @Test
  void marksOfOneDashboardAreFoundThere() throws IOException {
    grafana.withDashboard("chaos-gd");
    try (GrafanaOutbox outbox = outbox(Optional.of(DashboardPlace.parse("chaos-gd/7")), 500)) {
      tell(outbox, Story.cascaded());
      assertThat(outbox.flush(SOON)).isZero();
    }
    assertThat(grafana.annotations())
        .hasSize(4)
        .allMatch(mark -> "chaos-gd".equals(mark.dashboard()) && mark.panel() == 7);
    assertThat(grafana.requests()).startsWith("GET /api/dashboards/uid/chaos-gd");
  }

  @Test
  void aWrongDashboardIsFoundBeforeAnythingIsWritten() throws IOException {
    try (GrafanaOutbox outbox = outbox(Optional.of(DashboardPlace.parse("typo")), 500)) {
      tell(outbox, Story.cascaded());
      flushUntilRefused(outbox);
      assertThat(outbox.unsent()).isEqualTo(4);
      assertThat(outbox.refusal())
          .hasValueSatisfying(why -> assertThat(why).contains("no dashboard with the UID typo"));
      assertThat(grafana.requests()).noneMatch(request -> request.startsWith("POST"));
      grafana.withDashboard("typo");
      assertThat(outbox.flush(SOON)).isZero();
    }
    assertThat(grafana.annotations()).hasSize(4);
  }

  @Test
  void manyRunsWaitOnDiskAndNotInMemoryAndAreAllSent() throws IOException {
    grafana.troubled(Trouble.UNAVAILABLE, "", 1_000_000);
    try (GrafanaOutbox outbox = outbox(Optional.empty(), 4)) {
      for (int run = 0; run < 20; run++) {
        tell(outbox, Story.held(), new RunId("20261123-1000%02d-abc123".formatted(run)));
        outbox.flush(Duration.ofMillis(5));
      }
      assertThat(outbox.inMemory()).isLessThanOrEqualTo(5);
      assertThat(outbox.unsent()).isEqualTo(40);
      grafana.recover();
      assertThat(outbox.flush(SOON)).isZero();
    }
    assertThat(grafana.annotations()).hasSize(40);
  }

  @Test
  void whatWaitsOnDiskAloneIsAlsoSentByTheNextProcess() throws IOException {
    grafana.troubled(Trouble.UNAVAILABLE, "", 1_000_000);
    try (GrafanaOutbox outbox = outbox(Optional.empty(), 500)) {
      for (int run = 0; run < 20; run++) {
        tell(outbox, Story.held(), new RunId("20261123-1000%02d-abc123".formatted(run)));
      }
    }
    grafana.recover();
    try (GrafanaOutbox outbox = outbox(Optional.empty(), 4)) {
      outbox.resume();
      assertThat(outbox.inMemory()).isLessThanOrEqualTo(4);
      assertThat(outbox.flush(SOON)).isZero();
    }
    assertThat(grafana.annotations()).hasSize(40);
  }

  /** A pass is whole once its refusal is told. */
  private static void flushUntilRefused(GrafanaOutbox outbox) {
    waitFor(
        () -> {
          outbox.flush(BRIEFLY);
          return outbox.refusal().isPresent();
        });
    // One whole pass more, for what was wanted during that one.
    outbox.flush(BRIEFLY);
  }

  private List<String> warnings() {
    return lines.list.stream()
        .filter(line -> line.getLevel() == Level.WARN)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  private static void tell(GrafanaOutbox outbox, List<RunEvent> events) {
    tell(outbox, events, Story.RUN);
  }

  private static void tell(GrafanaOutbox outbox, List<RunEvent> events, RunId run) {
    GrafanaAnnotator annotator = new GrafanaAnnotator(outbox, MarkLinks.none());
    events.stream()
        .map(event -> event instanceof RunOpened opened ? Story.as(run, opened) : event)
        .forEach(annotator::on);
  }

  private GrafanaOutbox outbox(Optional<DashboardPlace> place, int mostRuns) throws IOException {
    return new GrafanaOutbox(
        GrafanaSettings.of(grafana.url(), FakeGrafana.TOKEN).at(place),
        directory,
        InstantSource.system(),
        OperationListener.none(),
        quick(mostRuns));
  }
}

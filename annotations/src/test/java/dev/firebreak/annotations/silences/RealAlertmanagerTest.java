package dev.firebreak.annotations.silences;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firebreak.annotations.Story;
import dev.firebreak.annotations.Trial;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.Halted;
import dev.firebreak.run.RunEvent.RollbackRequested;
import dev.firebreak.run.RunEvent.RollbackVerified;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people on call get from a real Alertmanager while a run goes on. */
class RealAlertmanagerTest {
  private static final Map<String, String> INJECTED_IS_QUIET =
      Map.of("payments", "suppressed", "catalog", "active");
  private static final Map<String, String> NOTHING_IS_QUIET =
      Map.of("payments", "active", "catalog", "active");
  private static final Duration LONGEST_FLUSH = Duration.ofSeconds(30);

  private final InstantSource clock = InstantSource.system();

  @TempDir private Path home = Path.of("");

  private RealAlertmanager alertmanager;
  private AlertmanagerSettings settings;
  private SilenceKeeper keeper;
  private RunSilencer silencer;

  @BeforeEach
  void start() throws Exception {
    alertmanager = RealAlertmanager.startOrSkip(Files.createDirectory(home.resolve("am")));
    settings = AlertmanagerSettings.of(alertmanager.url());
    keeper = SilenceKeeper.open(settings, home.resolve("silences"), clock);
    silencer = Silencing.by(keeper, settings);
  }

  @AfterEach
  void stop() throws Exception {
    if (keeper != null) {
      keeper.close();
    }
    if (alertmanager != null) {
      alertmanager.close();
    }
  }

  @Test
  void onlyTheInjectedServiceIsQuietAndOnlyWhileTheRunGoesOn() throws Exception {
    List<RunEvent> events = Story.held();
    List<RunEvent> rest = tellUntil(RollbackRequested.class, events);
    alertsOfTwoServices();

    rest.forEach(silencer::on);
    assertThat(keeper.flush(LONGEST_FLUSH)).isZero();
    everybodyIsHeard();
    assertThat(home.resolve("silences")).isEmptyDirectory();
  }

  @Test
  void afterAHaltEverybodyIsHeardOnceTheRollbackIsVerified() throws Exception {
    List<RunEvent> rest = tellUntil(Halted.class, Story.cascaded());
    alertsOfTwoServices();

    int verified = indexOf(RollbackVerified.class, rest);
    rest.subList(0, verified + 1).forEach(silencer::on);
    assertThat(keeper.flush(LONGEST_FLUSH)).isZero();
    everybodyIsHeard();
  }

  @Test
  void whatAProcessLeftThatWasKilledIsEndedByTheNextOne() throws Exception {
    Path left = home.resolve("left");
    Process killed = KilledRun.start(alertmanager.url(), left);
    try {
      oneSilenceIsActive();
      alertsOfTwoServices();
    } finally {
      killed.destroyForcibly().waitFor();
    }
    assertThat(killed.exitValue()).as("killed by the signal 9").isEqualTo(128 + 9);
    assertThat(alertmanager.alerts()).isEqualTo(INJECTED_IS_QUIET);

    try (SilenceKeeper next = SilenceKeeper.open(settings, left, clock)) {
      next.resume();
      assertThat(next.flush(LONGEST_FLUSH)).isZero();
      everybodyIsHeard();
    }
  }

  @Test
  void oneThatWasMadeBeforeItsIdCouldBeWrittenDownIsFoundAndEnded() throws Exception {
    var unused = tellUntil(RollbackRequested.class, Story.held());
    alertsOfTwoServices();

    Path left = Files.createDirectory(home.resolve("left"));
    String file = Story.RUN + ".json";
    String kept = Files.readString(home.resolve("silences").resolve(file));
    Files.writeString(
        left.resolve(file),
        kept.replaceAll("\"id\":\"[^\"]*\"", "\"id\":null").replace("\"MADE\"", "\"SENT\""));
    try (SilenceKeeper next = SilenceKeeper.open(settings, left, clock)) {
      next.resume();
      assertThat(next.flush(LONGEST_FLUSH)).isZero();
      everybodyIsHeard();
    }
  }

  @Test
  void theDoctorFindsNothingWrongAndLeavesNothing() throws Exception {
    assertThat(AlertmanagerCheck.of(settings, clock)).hasSize(4).allMatch(Trial::well);
    assertThat(alertmanager.silences()).containsOnly("expired");
    URI prefixed = URI.create(alertmanager.url() + "/alertmanager");
    assertThat(AlertmanagerCheck.of(AlertmanagerSettings.of(prefixed), clock))
        .singleElement()
        .asString()
        .contains("404 page not found", "with its path prefix?");
  }

  @Test
  void whatAlertmanagerRefusesIsToldInItsOwnWords() {
    AlertmanagerClient client = new AlertmanagerClient(settings);
    SilenceWish late =
        new SilenceWish(
            "payments",
            List.of(AlertmanagerApi.Match.equal("service", "payments")),
            clock.instant().minusSeconds(60).toEpochMilli(),
            "run x",
            "run x");
    assertThatThrownBy(() -> client.create(late, clock.instant().minusSeconds(90)))
        .hasMessageContaining("HTTP 400: Failed to create silence: end time can't be in the past");
    client.expire("00000000-0000-0000-0000-000000000000");
  }

  /** Tells the run up to there, injected now; returns the rest once the silence is there. */
  private List<RunEvent> tellUntil(Class<? extends RunEvent> stop, List<RunEvent> events)
      throws Exception {
    int end = indexOf(stop, events);
    events.subList(0, end).stream()
        .map(event -> Silencing.sentAt(clock.instant(), event))
        .forEach(silencer::on);
    oneSilenceIsActive();
    return events.subList(end, events.size());
  }

  private void oneSilenceIsActive() throws Exception {
    alertmanager.await("a silence", () -> alertmanager.silences().equals(List.of("active")));
  }

  private static int indexOf(Class<? extends RunEvent> type, List<RunEvent> events) {
    int index = 0;
    while (!type.isInstance(events.get(index))) {
      index++;
    }
    return index;
  }

  private void alertsOfTwoServices() throws Exception {
    alertmanager.fire("payments", "catalog");
    alertmanager.await("one is quiet", () -> alertmanager.alerts().equals(INJECTED_IS_QUIET));
    alertmanager.await("a page for catalog", () -> alertmanager.notified().contains("catalog"));
    assertThat(alertmanager.notified()).doesNotContain("payments");
  }

  private void everybodyIsHeard() throws Exception {
    assertThat(alertmanager.silences()).containsExactly("expired");
    alertmanager.await("none is quiet", () -> alertmanager.alerts().equals(NOTHING_IS_QUIET));
    alertmanager.await("a page for payments", () -> alertmanager.notified().contains("payments"));
  }
}

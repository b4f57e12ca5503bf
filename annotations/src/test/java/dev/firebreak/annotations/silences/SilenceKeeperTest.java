package dev.firebreak.annotations.silences;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.annotations.Story;
import dev.firebreak.annotations.grafana.SimulatedTime;
import dev.firebreak.annotations.silences.FakeAlertmanager.Trouble;
import dev.firebreak.annotations.silences.FakeSilences.Match;
import dev.firebreak.annotations.silences.FakeSilences.Stored;
import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.fault.FaultId;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.run.Run;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.InjectionFailed;
import dev.firebreak.run.RunEvent.RollbackAbandoned;
import dev.firebreak.run.RunId;
import dev.firebreak.service.ServiceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SilenceKeeperTest {
  private final SimulatedTime time = new SimulatedTime(Story.START);

  @TempDir private Path home = Path.of("");

  private FakeAlertmanager alertmanager;
  private AlertmanagerSettings settings;
  private SilenceKeeper keeper;
  private RunSilencer silencer;

  @BeforeEach
  void start() throws IOException {
    alertmanager = new FakeAlertmanager(time);
    settings = AlertmanagerSettings.of(alertmanager.url());
    keeper = keeper(home.resolve("silences"));
    silencer = Silencing.by(keeper, settings);
  }

  private SilenceKeeper keeper(Path directory) throws IOException {
    return new SilenceKeeper(settings, directory, time, time.worker());
  }

  @AfterEach
  void nothingWasSentThatSilencesTooMuch() {
    keeper.close();
    alertmanager.close();
    assertThat(alertmanager.violations()).isEmpty();
  }

  @Test
  void theInjectedServiceIsSilencedAndNothingElse() {
    tell(Story.cascaded(), 42);
    assertThat(alertmanager.silences())
        .singleElement()
        .satisfies(
            silence -> {
              assertThat(silence.matchers()).containsExactly(new Match("service", "payments"));
              assertThat(silence.createdBy()).isEqualTo("firebreak");
              assertThat(silence.comment())
                  .contains("checkout-weekly", Story.RUN.value(), "staging", "on purpose")
                  .contains("https://reports.example/" + Story.RUN);
            });
  }

  @Test
  void itEndsByItselfWhenTheRunMustHaveEndedWhateverHappens() {
    tell(Story.held(), 40);
    assertThat(alertmanager.active().get(0).endsAt())
        .isEqualTo(
            Story.at(31).plus(Silencing.FAULT).plus(Run.LONGEST_ROLLBACK).plus(Silencing.RECOVERY));
  }

  @Test
  void itLastsFromTheInjectionToTheVerifiedRollback() {
    tell(Story.held(), 30);
    assertThat(alertmanager.silences()).isEmpty();
    tell(Story.held(), 31, 93);
    assertThat(alertmanager.active()).hasSize(1);
    tell(Story.held(), 94, 94);
    assertThat(alertmanager.active()).isEmpty();
    assertNothingIsKept();
  }

  @Test
  void aHaltEndsItOnceItsRollbackIsVerified() {
    tell(Story.cascaded(), 45);
    assertThat(alertmanager.active()).hasSize(1);
    tell(Story.cascaded(), 46, 46);
    assertThat(alertmanager.active()).isEmpty();
  }

  @Test
  void aRollbackThatIsNotVerifiedEndsItWithTheRunSoThatPeopleHearOfTheFault() {
    tell(Story.held(), 91);
    silencer.on(new RollbackAbandoned(Story.at(95), Story.FAULT, "HTTP 503"));
    time.runUntil(Story.at(96).toEpochMilli());
    assertThat(alertmanager.active()).hasSize(1);
    tell(Story.held(), 100, 100);
    assertThat(alertmanager.active()).isEmpty();
  }

  @Test
  void aPlaceboSilencesNothing() {
    silencer.on(Story.opened());
    Story.injected(Story.FAULT, FaultKind.PLACEBO, Story.PAYMENTS, 31).forEach(silencer::on);
    time.runUntil(Story.at(60).toEpochMilli());
    assertThat(alertmanager.requests()).isEmpty();
  }

  @Test
  void aServiceOutsideTheRadiusIsNeverSilenced() {
    silencer.on(Story.opened());
    FaultKind latency = FaultKind.of("chaos-monkey/latency");
    Story.injected(Story.FAULT, latency, Story.GATEWAY, 31).forEach(silencer::on);
    time.runUntil(Story.at(60).toEpochMilli());
    assertThat(alertmanager.requests()).isEmpty();
  }

  @Test
  void aFaultThatWasCertainlyNotInjectedIsNoLongerSilenced() {
    tell(Story.held(), 31);
    silencer.on(new InjectionFailed(Story.at(32), Story.FAULT, "HTTP 404", false));
    time.runUntil(Story.at(33).toEpochMilli());
    assertThat(alertmanager.active()).isEmpty();
  }

  @Test
  void twoFaultsInOneServiceAreOneSilenceUntilBothAreGone() {
    FaultKind latency = FaultKind.of("chaos-monkey/latency");
    FaultId second = FaultId.of(Story.RUN + ".f2");
    tell(Story.held(), 40);
    Story.injected(second, latency, Story.PAYMENTS, 41).forEach(silencer::on);
    tell(Story.held(), 94, 94);
    assertThat(alertmanager.active()).hasSize(1);
    Story.rolledBack(second, 95).forEach(silencer::on);
    time.runUntil(Story.at(99).toEpochMilli());
    assertThat(alertmanager.active()).isEmpty();
    assertThat(alertmanager.silences()).hasSize(1);
  }

  @Test
  void namesAreMatchedAsTheyAreAndTheEnvironmentTooIfItsLabelIsKnown() throws IOException {
    settings =
        new AlertmanagerSettings(alertmanager.url(), Optional.empty(), "app", Optional.of("env"));
    keeper.close();
    keeper = keeper(home.resolve("silences"));
    silencer = Silencing.by(keeper, settings);
    ServiceName odd = ServiceName.of("pay.*&=+ \"x\\");
    alertmanager.troubled(Trouble.COMMITS_THEN_DROPS, "POST", 1);

    silencer.on(Story.opened("weekly", "staging", BlastRadius.of(odd)));
    FaultKind latency = FaultKind.of("chaos-monkey/latency");
    Story.injected(Story.FAULT, latency, odd, 31).forEach(silencer::on);
    time.runUntil(Story.at(40).toEpochMilli());

    assertThat(alertmanager.silences()).hasSize(1);
    assertThat(alertmanager.active().get(0).matchers())
        .containsExactly(new Match("app", odd.value()), new Match("env", "staging"));
  }

  @Test
  void itIsWrittenDownBeforeItIsMadeForItsOwnerAlone() {
    Path file = home.resolve("silences").resolve(Story.RUN + ".json");
    alertmanager.beforePost(() -> assertOwnerOnly(file));
    tell(Story.held(), 40);
    assertThat(alertmanager.active()).hasSize(1);
  }

  private static void assertOwnerOnly(Path file) {
    try {
      assertThat(Files.readString(file)).contains("SENT").contains("payments");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Trouble.class,
      names = {"COMMITS_THEN_DROPS", "DROPS", "UNAVAILABLE", "UNAUTHORIZED", "HTML"})
  void whateverFailsThereIsOneSilenceInTheEndAndThenNone(Trouble trouble) {
    alertmanager.troubled(trouble, "POST", 3).troubled(trouble, "GET", 1);
    alertmanager.troubled(trouble, "DELETE", 2);
    tell(Story.held(), 90);
    assertThat(alertmanager.active()).hasSize(1);
    tell(Story.held(), 91, 100);
    time.runUntil(Story.at(130).toEpochMilli());
    assertThat(alertmanager.active()).isEmpty();
    assertNothingIsKept();
  }

  @Test
  void aRequestThatArrivesLateIsLookedForAgain() throws IOException {
    alertmanager.troubled(Trouble.COMMITS_THEN_DROPS, "POST", 1);
    tell(Story.held(), 97);
    assertThat(alertmanager.active()).isEmpty();
    Stored made = alertmanager.silences().get(0);
    alertmanager.add(body(made.comment(), "firebreak"));
    alertmanager.add(body("sure", "somebody else"));
    time.runUntil(Story.at(120).toEpochMilli());
    assertThat(alertmanager.active())
        .singleElement()
        .matches(silence -> silence.createdBy().equals("somebody else"));
    assertNothingIsKept();
  }

  private static String body(String comment, String creator) {
    return """
        {"matchers": [{"name": "service", "value": "payments", "isRegex": false, "isEqual": true}],
         "startsAt": "%s", "endsAt": "%s", "createdBy": "%s", "comment": "%s"}
        """
        .formatted(Story.at(95), Story.at(500), creator, comment);
  }

  @Test
  void anAlertmanagerThatIsAwayForTheWholeFaultIsAskedForNoSilenceAnyMore() {
    alertmanager.troubled(Trouble.DROPS, "", 1000);
    tell(Story.held(), 100);
    alertmanager.recover();
    time.runUntil(Story.at(150).toEpochMilli());
    assertThat(alertmanager.silences()).isEmpty();
    assertNothingIsKept();
  }

  @Test
  void aRunThatCannotBeWrittenDownHoldsUpNoOther() throws IOException {
    RunId other = new RunId("20260101-100000-abc123");
    Files.createDirectories(home.resolve("silences").resolve(other + ".json.next"));
    keeper.silence(
        other,
        new SilenceWish(
            "stock",
            List.of(AlertmanagerApi.Match.equal("service", "stock")),
            Story.at(600).toEpochMilli(),
            "run " + other,
            "never made, run " + other));

    tell(Story.held(), 93);
    assertThat(alertmanager.active())
        .singleElement()
        .satisfies(
            made -> assertThat(made.matchers()).containsExactly(new Match("service", "payments")));
    tell(Story.held(), 94, 100);
    time.runUntil(Story.at(120).toEpochMilli());
    assertThat(alertmanager.active()).isEmpty();
  }

  @Test
  void afterItsEndNobodyTriesAnyMore() {
    tell(Story.held(), 90);
    alertmanager.troubled(Trouble.UNAVAILABLE, "", 1000);
    tell(Story.held(), 91, 100);
    time.runUntil(Story.at(400).toEpochMilli());
    assertNothingIsKept();
    assertThat(alertmanager.active()).isEmpty();
    int before = alertmanager.requests().size();
    time.runUntil(Story.at(900).toEpochMilli());
    assertThat(alertmanager.requests()).hasSize(before);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatAKilledProcessLeftIsEndedByTheNextOne(boolean killedBeforeTheAnswer) throws IOException {
    if (killedBeforeTheAnswer) {
      alertmanager.troubled(Trouble.COMMITS_THEN_DROPS, "POST", 1).troubled(Trouble.DROPS, "", 1);
    }
    tell(Story.held(), 31);
    assertThat(alertmanager.active()).hasSize(1);
    Path left = copied(home.resolve("silences"));

    alertmanager.recover();
    try (SilenceKeeper next = keeper(left)) {
      next.resume();
      time.runUntil(Story.at(50).toEpochMilli());
      assertThat(alertmanager.active()).isEmpty();
      assertThat(left).isEmptyDirectory();
    }
  }

  /** What is on the disk, without the locks of a process that lives. */
  private Path copied(Path directory) throws IOException {
    Path copy = Files.createDirectory(home.resolve("left"));
    try (var files = Files.newDirectoryStream(directory, "*.json")) {
      for (Path file : files) {
        Files.copy(file, copy.resolve(String.valueOf(file.getFileName())));
      }
    }
    return copy;
  }

  @Test
  void theSilencesOfARunThatLivesInAnotherProcessStay() throws IOException {
    tell(Story.held(), 60);
    try (SilenceKeeper other = keeper(home.resolve("silences"))) {
      other.resume();
      other.ended(Story.RUN);
      time.runUntil(Story.at(80).toEpochMilli());
      assertThat(alertmanager.active()).hasSize(1);
    }
  }

  @Test
  void aFileThatIsDamagedIsPutAside() throws IOException {
    Path file = home.resolve("silences").resolve(Story.RUN + ".json");
    Files.writeString(file, "{\"version\":1,");
    keeper.resume();
    time.runUntil(Story.at(10).toEpochMilli());
    assertThat(file).doesNotExist();
    assertThat(file.resolveSibling(file.getFileName() + ".damaged")).exists();
  }

  private void tell(List<RunEvent> events, int until) {
    tell(events, 0, until);
  }

  /** What happened from one second to the other, each at its time. */
  private void tell(List<RunEvent> events, int from, int until) {
    for (RunEvent event : events) {
      if (!event.at().isBefore(Story.at(from)) && !event.at().isAfter(Story.at(until))) {
        time.runUntil(event.at().toEpochMilli());
        silencer.on(event);
      }
    }
    time.runUntil(Story.at(until).toEpochMilli());
  }

  private void assertNothingIsKept() {
    assertThat(home.resolve("silences")).isEmptyDirectory();
  }
}

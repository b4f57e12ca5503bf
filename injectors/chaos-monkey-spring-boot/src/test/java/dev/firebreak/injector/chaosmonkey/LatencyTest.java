package dev.firebreak.injector.chaosmonkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.FaultPlan;
import dev.firebreak.fault.InjectionException;
import dev.firebreak.fault.Observation;
import dev.firebreak.fault.Observation.Presence;
import dev.firebreak.fault.RollbackException;
import dev.firebreak.fault.Undo;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LatencyTest extends ChaosMonkeyContract {
  @Override
  FaultKind kind() {
    return Assault.LATENCY;
  }

  @Override
  Map<String, String> with() {
    return Map.of("latency", "800ms..1200ms", "watcher", "restController");
  }

  private Map<String, String> url() {
    return Map.of("url", monkey().url());
  }

  @Test
  void aCanarySlowerThanTheLeastLatencyIsTheEffect() throws Exception {
    Observation seen = injector().look(start(request()));

    assertThat(seen.presence()).isEqualTo(Presence.PRESENT);
    assertThat(seen.evidence())
        .isEqualTo(monkey().url() + "/hello took 800 ms, slowed it takes at least 800 ms");
  }

  @Test
  void withoutACanaryTheFaultIsOnlyKnownToBeInPlace() throws Exception {
    Observation seen = injector().look(start(request(url(), Map.of())));

    assertThat(seen.presence()).isEqualTo(Presence.IN_PLACE);
  }

  @Test
  void aCanaryThatTheFaultDoesNotHitProvesNoEffect() throws Exception {
    Undo undo =
        start(
            request(
                Map.of("url", monkey().url(), "canary", "/hello"),
                Map.of("watcher", "repository")));

    assertThat(injector().look(undo).presence()).isEqualTo(Presence.IN_PLACE);
  }

  @Test
  void everyThirdRequestIsMetByThreeCanaries() throws Exception {
    Undo undo =
        start(request(Map.of("url", monkey().url(), "canary", "/hello"), Map.of("level", "3")));

    assertThat(injector().look(undo).presence()).isEqualTo(Presence.PRESENT);
  }

  @Test
  void onlyTheWatchersThatWereAskedForAreOnWhileItLasts() throws Exception {
    monkey().with("{\"service\":true,\"beans\":[\"clock\"]}");
    String before = monkey().settings();

    Undo undo = start(request(url(), Map.of("watcher", "restController, repository")));

    assertThat(monkey().settings())
        .contains("\"service\":false", "\"beans\":[]")
        .contains("\"restController\":true", "\"repository\":true");
    injector().rollBack(undo);
    assertThat(monkey().settings()).isEqualTo(before);
  }

  @Test
  void dormantAssaultsOfOthersAreNeverWoken() throws Exception {
    monkey().with("{\"killApplicationActive\":true,\"exceptionsActive\":true}");
    String before = monkey().settings();

    Undo undo = start(request(url(), Map.of()));

    assertThat(monkey().settings())
        .contains("\"killApplicationActive\":false", "\"exceptionsActive\":false");
    injector().rollBack(undo);
    assertThat(monkey().settings()).isEqualTo(before);
  }

  @Test
  void aChaosMonkeyThatWasEnabledIsLeftEnabled() throws Exception {
    monkey().enabled().with("{\"restController\":true}");
    String before = monkey().settings();

    injector().rollBack(start(request()));

    assertThat(monkey().settings()).isEqualTo(before).startsWith("true");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"latencyActive\":true,\"restController\":true}",
        "{\"exceptionsActive\":true,\"beans\":[\"clock\"]}",
        "{\"cpuActive\":true}",
      })
  void refusesWhileSomebodyElsesAssaultIsActive(String settings) throws Exception {
    monkey().enabled().with(settings);
    FaultPlan plan = injector().plan(ID, request());

    assertThatThrownBy(() -> injector().arm(plan))
        .isInstanceOf(InjectionException.class)
        .hasMessageContaining("somebody else's assault is active");
    assertThat(monkey().updates()).isEmpty();
  }

  @Test
  void refusesWhileAFaultOfFirebreakIsNotRolledBack() throws Exception {
    start(request());
    FaultPlan plan = injector().plan(ID, request());

    assertThatThrownBy(() -> injector().arm(plan))
        .hasMessageContaining("still carry the fault run-1.f1");
  }

  @Test
  void refusesACanaryThatIsAsSlowWithoutTheFault() throws Exception {
    monkey().slowByItself(true);
    FaultPlan plan = injector().plan(ID, request());

    assertThatThrownBy(() -> injector().arm(plan))
        .hasMessageContaining("the canary cannot show the fault");
  }

  @Test
  void theRollbackTurnsTheEffectOffFirstAndRemovesTheMarkLast() throws Exception {
    Undo undo = start(request());
    int sent = monkey().updates().size();

    injector().rollBack(undo);

    assertThat(monkey().updates().subList(sent, monkey().updates().size()))
        .containsExactly("/disable", "/watchers", "/assaults", "/assaults");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/disable", "/watchers", "/assaults"})
  void aRollbackThatIsCutShortIsFinishedByTheNextOne(String broken) throws Exception {
    String before = monkey().settings();
    Undo undo = start(request());
    monkey().fail(broken, 500);
    assertThatThrownBy(() -> injector().rollBack(undo)).isInstanceOf(RollbackException.class);
    assertThat(injector().look(undo).presence()).isNotEqualTo(Presence.GONE);
    monkey().recover();

    injector().rollBack(undo);

    assertThat(monkey().settings()).isEqualTo(before);
    assertThat(injector().look(undo).presence()).isEqualTo(Presence.GONE);
  }

  @Test
  void whereDisableDoesNotWorkTheAssaultIsTurnedOff() throws Exception {
    Undo undo = start(request());
    monkey().fail("/disable", 500);

    assertThatThrownBy(() -> injector().rollBack(undo)).hasMessageContaining("answered 500");

    assertThat(monkey().settings()).contains("\"latencyActive\":false");
  }

  @Test
  void theSettingsOfTheNextOneAreNotTouched() throws Exception {
    Undo undo = start(request());
    monkey().restart();
    monkey().enabled().with("{\"latencyActive\":true,\"service\":true}");
    String theirs = monkey().settings();

    injector().rollBack(undo);

    assertThat(monkey().settings()).isEqualTo(theirs);
    assertThat(injector().look(undo).presence()).isEqualTo(Presence.GONE);
  }

  @Test
  void aRestartedServiceIsFreeSinceTheFaultLivedInItsMemory() throws Exception {
    Undo undo = start(request());
    monkey().restart();

    assertThat(injector().look(undo).presence()).isEqualTo(Presence.GONE);
  }

  @Test
  void notFoundIsNotGone() throws Exception {
    Undo undo = start(request());
    monkey().restartWithoutChaosMonkey();

    assertThat(injector().look(undo).presence()).isEqualTo(Presence.UNKNOWN);
    assertThat(injector().look(undo).evidence()).contains("answered 404");
    assertThatThrownBy(() -> injector().rollBack(undo)).isInstanceOf(RollbackException.class);
  }

  @Test
  void aServiceThatCannotBeReachedIsNotFree() throws Exception {
    Undo undo = start(request());
    monkey().close();

    assertThat(injector().look(undo).presence()).isEqualTo(Presence.UNKNOWN);
    assertThatThrownBy(() -> injector().rollBack(undo)).isInstanceOf(RollbackException.class);
  }

  @Test
  void restoredSettingsAreNotEnoughWhileTheServiceIsStillSlow() throws Exception {
    Undo undo = start(request());
    injector().rollBack(undo);
    monkey().slowByItself(true);

    assertThat(injector().look(undo).presence()).isEqualTo(Presence.UNKNOWN);
    monkey().slowByItself(false);
    assertThat(injector().look(undo).presence()).isEqualTo(Presence.GONE);
  }

  @Test
  void aLostAnswerMayMeanInjectedAndCanBeRolledBack() throws Exception {
    String before = monkey().settings();
    FaultPlan plan = injector().plan(ID, request());
    Undo undo = injector().arm(plan);
    monkey().loseAnswersToAssaults(true);

    assertThatThrownBy(() -> injector().start(plan, undo))
        .isInstanceOfSatisfying(InjectionException.class, e -> assertThat(e.ambiguous()).isTrue());
    assertThat(injector().look(undo).presence()).isEqualTo(Presence.PRESENT);

    injector().rollBack(undo);
    assertThat(monkey().settings()).isEqualTo(before);
  }

  @Test
  void aServerErrorMayMeanInjected() throws Exception {
    String before = monkey().settings();
    FaultPlan plan = injector().plan(ID, request());
    Undo undo = injector().arm(plan);
    monkey().fail("/enable", 503);

    assertThatThrownBy(() -> injector().start(plan, undo))
        .isInstanceOfSatisfying(InjectionException.class, e -> assertThat(e.ambiguous()).isTrue());
    assertThat(monkey().settings()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "/actuator", "/actuator/", "/actuator/chaosmonkey"})
  void theEndpointIsFoundFromTheAddressOfTheServiceOrItsActuator(String path) throws Exception {
    FaultPlan plan = injector().plan(ID, request(Map.of("url", monkey().url() + path), Map.of()));

    assertThat(plan.target())
        .isEqualTo(monkey().url() + "/actuator/chaosmonkey, 800 to 1200 ms in restController");
  }

  @Test
  void aServiceWithoutChaosMonkeyIsToldWhatItNeeds() {
    monkey().restartWithoutChaosMonkey();

    assertThatThrownBy(() -> injector().plan(ID, request()))
        .hasMessageContaining("answered 404")
        .hasMessageContaining("profile chaos-monkey");
  }

  @ParameterizedTest
  @CsvSource({
    "latency, 800, 800ms..1200ms",
    "latency, '', 800ms..1200ms",
    "latency, 2s..1s, begins above its end",
    "latency, 0ms, between 1ms and 10m",
    "latency, 99999999s, in ms",
    "watcher, restControler, restController",
    "watcher, 'service,', separated by commas",
    "level, 0, 1 (every request)",
    "level, 99999, 1 (every request)",
  })
  void aMistakeIsRefusedWithWhatIsAllowed(String word, String value, String allowed) {
    assertThatThrownBy(() -> injector().plan(ID, request(url(), Map.of(word, value))))
        .isInstanceOf(InjectionException.class)
        .hasMessageContaining(word)
        .hasMessageContaining(allowed);
  }

  @Test
  void secretsStayOutOfTheUndoRecord() throws Exception {
    Undo undo =
        start(request(Map.of("url", monkey().url(), "headersFrom", "FIREBREAK_TOKEN"), Map.of()));

    assertThat(undo.data().values()).noneMatch(value -> value.contains("sesame"));
    injector().rollBack(undo);
  }
}

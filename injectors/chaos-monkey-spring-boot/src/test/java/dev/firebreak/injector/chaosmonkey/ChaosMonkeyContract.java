package dev.firebreak.injector.chaosmonkey;

import dev.firebreak.fault.FaultInjector;
import dev.firebreak.fault.FaultInjectorContract;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.FaultPlan;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.fault.InjectionException;
import dev.firebreak.fault.Observation.Presence;
import dev.firebreak.fault.Undo;
import dev.firebreak.injector.http.HttpCalls;
import dev.firebreak.service.ServiceName;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Both faults of Chaos Monkey are held to the same. */
abstract class ChaosMonkeyContract extends FaultInjectorContract {
  private FakeChaosMonkey monkey;

  @BeforeEach
  void startService() throws IOException {
    monkey = new FakeChaosMonkey();
  }

  @AfterEach
  void stopService() {
    monkey.close();
  }

  FakeChaosMonkey monkey() {
    return monkey;
  }

  abstract FaultKind kind();

  abstract Map<String, String> with();

  @Override
  protected FaultInjector injector() {
    return new ChaosMonkeyInjector(
        new HttpCalls(monkey::nanoTime),
        name -> name.equals("FIREBREAK_TOKEN") ? "Authorization: Bearer sesame" : null);
  }

  @Override
  protected FaultRequest request() {
    return request(Map.of("url", monkey.url(), "canary", "/hello"), Map.of());
  }

  final FaultRequest request(Map<String, String> target, Map<String, String> changes) {
    Map<String, String> words = new HashMap<>(with());
    words.putAll(changes);
    return new FaultRequest(
        kind(), ServiceName.of("payments"), target, words, Duration.ofSeconds(30));
  }

  @Override
  protected FaultRequest requestForUnknownTarget() {
    return request(Map.of("url", "http://localhost:1"), Map.of());
  }

  @Override
  protected String unknownTarget() {
    return "http://localhost:1/actuator/chaosmonkey: no connection";
  }

  @Override
  protected Object targetState() {
    return monkey.settings();
  }

  @Override
  protected void letStartFail() {
    monkey.fail("/enable", 403);
  }

  @Override
  protected boolean behave(Behaviour behaviour) {
    monkey.claim(behaviour == Behaviour.CLAIMS_STARTS || behaviour == Behaviour.CLAIMS_UNDOS);
    monkey.loseAnswersToAssaults(behaviour == Behaviour.LOSES_THE_ANSWER_TO_A_START);
    return true;
  }

  @Override
  protected void restartTarget() {
    monkey.restart();
  }

  @Override
  protected void removeTarget() {
    monkey.close();
  }

  /** A service that does not answer may be there all the same. */
  @Override
  protected Presence presenceWithoutTarget() {
    return Presence.UNKNOWN;
  }

  /** There is one set of settings for all: what others left in it is dormant. */
  @Override
  protected void placeForeignState() {
    monkey.with(
        "{\"exceptionsActive\":true,\"latencyRangeStart\":7,\"latencyRangeEnd\":9,"
            + "\"beans\":[\"clock\"],\"service\":true}");
  }

  @Override
  protected Object foreignState() {
    return monkey.settings();
  }

  final Undo start(FaultRequest request) throws InjectionException {
    FaultInjector injector = injector();
    FaultPlan plan = injector.plan(ID, request);
    Undo undo = injector.arm(plan);
    injector.start(plan, undo);
    return undo;
  }
}

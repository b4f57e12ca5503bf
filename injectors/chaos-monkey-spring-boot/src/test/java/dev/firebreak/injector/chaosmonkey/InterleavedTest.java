package dev.firebreak.injector.chaosmonkey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.fault.FaultId;
import dev.firebreak.fault.FaultInjector;
import dev.firebreak.fault.FaultPlan;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.fault.InjectionException;
import dev.firebreak.fault.Observation;
import dev.firebreak.fault.Observation.Presence;
import dev.firebreak.fault.RollbackException;
import dev.firebreak.fault.Undo;
import dev.firebreak.injector.http.HttpCalls;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A run that was paused wakes up and starts its fault while its guard rolls it back. In whichever
 * order their requests arrive: what is left is known to be ours, and the next rollback restores
 * what was found.
 */
class InterleavedTest {
  private static final String START = "start";
  private static final String UNDO = "undo";

  /** More requests than either of them sends. */
  private static final int MOST = 9;

  private static final int RANDOM_ORDERS = 100;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void howeverStartAndRollbackInterleaveTheNextRollbackRestoresWhatWasFound(boolean enabled)
      throws Exception {
    List<String> broken = new ArrayList<>();
    for (List<String> order : orders()) {
      String left = leftAfter(order, enabled);
      if (!left.isEmpty()) {
        broken.add(order + " leaves " + left);
      }
    }
    assertThat(broken).isEmpty();
  }

  /** All with at most three changes of hands, and some others. */
  private static List<List<String>> orders() {
    List<List<String>> orders = new ArrayList<>();
    for (int started = 0; started < MOST; started++) {
      for (int undone = 1; undone < MOST; undone++) {
        List<String> order = new ArrayList<>(Collections.nCopies(started, START));
        order.addAll(Collections.nCopies(undone, UNDO));
        order.addAll(Collections.nCopies(MOST, START));
        order.addAll(Collections.nCopies(MOST, UNDO));
        orders.add(order);
      }
    }
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < RANDOM_ORDERS; i++) {
      orders.add(random.ints(2 * MOST, 0, 2).mapToObj(n -> n == 0 ? START : UNDO).toList());
    }
    return orders;
  }

  /** Empty if all is as it was found. */
  private static String leftAfter(List<String> order, boolean enabled) throws Exception {
    try (FakeChaosMonkey monkey =
        enabled ? new FakeChaosMonkey().enabled() : new FakeChaosMonkey()) {
      String found = monkey.settings();
      FaultPlan plan = caller(monkey, START).plan(FaultId.of("f1"), request(monkey));
      Undo undo = caller(monkey, START).arm(plan);
      Turns turns = new Turns(order);
      monkey.takingTurns(turns);
      ExecutorService pool = Executors.newFixedThreadPool(2);
      try {
        Future<?> start = pool.submit(() -> start(caller(monkey, START), plan, undo, turns));
        Future<?> rollback = pool.submit(() -> rollBack(caller(monkey, UNDO), undo, turns));
        start.get(20, TimeUnit.SECONDS);
        rollback.get(20, TimeUnit.SECONDS);
      } finally {
        pool.shutdownNow();
      }
      caller(monkey, "next").rollBack(undo);
      Observation seen = caller(monkey, "next").look(undo);
      boolean asFound = monkey.settings().equals(found) && seen.presence() == Presence.GONE;
      return asFound ? "" : monkey.settings() + ", seen as " + seen.presence();
    }
  }

  private static FaultInjector caller(FakeChaosMonkey monkey, String who) {
    return new ChaosMonkeyInjector(new HttpCalls(monkey::nanoTime), name -> "X-Who: " + who);
  }

  private static FaultRequest request(FakeChaosMonkey monkey) {
    return new FaultRequest(
        Assault.LATENCY,
        ServiceName.of("payments"),
        Map.of("url", monkey.url(), "headersFrom", "FIREBREAK_WHO"),
        Map.of("latency", "800ms..1200ms"),
        Duration.ofSeconds(30));
  }

  private static void start(FaultInjector injector, FaultPlan plan, Undo undo, Turns turns) {
    try {
      injector.start(plan, undo);
    } catch (InjectionException e) {
      // That a rollback came in between is an answer; what counts is what is left.
      assertThat(e).hasMessageNotContaining("broke");
    } finally {
      turns.leave(START);
    }
  }

  private static void rollBack(FaultInjector injector, Undo undo, Turns turns) {
    try {
      injector.rollBack(undo);
    } catch (RollbackException e) {
      assertThat(e).hasMessageContaining("the settings are not as they were found");
    } finally {
      turns.leave(UNDO);
    }
  }
}

package dev.firebreak.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.fault.FaultKind;
import dev.firebreak.run.RunEvent.FaultConfirmed;
import dev.firebreak.run.RunEvent.RunClosed;
import dev.firebreak.service.CallGraph;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What shows that a fault bites, and what does not. */
class ConfirmationTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final RunBench bench = new RunBench();
  private final FakeCluster cluster = bench.cluster;

  @Test
  void itsInjectorSeesTheEffect() {
    assertThat(bench.outcomeOf(Experiments.slow("stock"))).isEqualTo(Outcome.HELD);
    assertThat(bench.only(FaultConfirmed.class).evidence()).isEqualTo("p95 is 1.5 s");
  }

  @Test
  void onceItIsConfirmedNobodyLooksUntilItIsRolledBack() {
    bench.outcomeOf(Experiments.slow("stock"));

    assertThat(looksBeforeTheUndo()).isEqualTo(1);
  }

  @Test
  void itIsLookedForOnceASecondAsLongAsItIsNotSeen() {
    cluster.withToothlessFaults();

    assertThat(bench.outcomeOf(Experiments.slow("stock"))).isEqualTo(Outcome.INVALID);
    assertThat(bench.only(RunClosed.class).reason())
        .isEqualTo("no effect was seen of fake/slow on stock");
    assertThat(looksBeforeTheUndo()).isBetween(58L, 61L);
  }

  @Test
  void theMovementOfItsServiceIsAnEffect() {
    cluster.withBlindInjector();

    assertThat(bench.outcomeOf(Experiments.slow("stock"))).isEqualTo(Outcome.HELD);
    assertThat(bench.only(FaultConfirmed.class).evidence())
        .matches("http.latency.p95 went from 3\\d(\\.\\d+)? ms to 1\\.5\\d* s");
  }

  @Test
  void servicesThatDoNotCallEachOtherConfirmTheirFaultsByTheirOwnMovement() {
    cluster.withBlindInjector();
    cluster.withCallGraph(
        new CallGraph(Set.of(new CallGraph.Edge(ServiceName.of("web"), ServiceName.of("cart")))));

    assertThat(both("stock", "search")).isEqualTo(Outcome.HELD);
    assertThat(bench.journal.events(FaultConfirmed.class)).hasSize(2);
  }

  @Test
  void theMovementOfACallerMayBeTheFaultOfTheCallee() {
    cluster.withBlindInjector();

    assertThat(both("stock", "search")).isEqualTo(Outcome.INVALID);
    assertThat(bench.only(FaultConfirmed.class).fault().value()).endsWith(".f2");
    assertThat(bench.only(RunClosed.class).reason())
        .isEqualTo("no effect was seen of fake/slow on stock");
  }

  @Test
  void withoutACallGraphTwoFaultsMayBeFeltAnywhere() {
    cluster.withBlindInjector();
    cluster.withCallGraph(new CallGraph(Set.of()));

    assertThat(both("stock", "search")).isEqualTo(Outcome.INVALID);
    assertThat(bench.journal.events(FaultConfirmed.class)).isEmpty();
  }

  @Test
  void aPlaceboInACalleeTakesNothingAway() {
    cluster.withBlindInjector();
    Run run =
        bench.run(
            Experiments.injecting(
                Experiments.fault("stock", MINUTE),
                Experiments.fault(FaultKind.PLACEBO, "search", MINUTE)));

    assertThat(run.execute()).isEqualTo(Outcome.HELD);
    assertThat(bench.only(FaultConfirmed.class).fault().value()).endsWith(".f1");
  }

  private Outcome both(String first, String second) {
    return bench
        .run(
            Experiments.injecting(
                Experiments.fault(first, MINUTE), Experiments.fault(second, MINUTE)))
        .execute();
  }

  private long looksBeforeTheUndo() {
    return cluster.calls().stream()
        .takeWhile(call -> !call.startsWith("undo"))
        .filter(call -> call.startsWith("look"))
        .count();
  }
}

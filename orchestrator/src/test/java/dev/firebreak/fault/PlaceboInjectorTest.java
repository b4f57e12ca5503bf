package dev.firebreak.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.fault.Observation.Presence;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PlaceboInjectorTest {
  private final PlaceboInjector injector = new PlaceboInjector();

  @Test
  void offersThePlaceboAndNothingElse() {
    assertThat(injector.faults())
        .extracting(FaultDescription::kind)
        .containsExactly(FaultKind.PLACEBO);
  }

  @Test
  void isFoundByItsKind() {
    assertThat(new Injectors(List.of(injector)).find(FaultKind.PLACEBO)).containsSame(injector);
  }

  @Test
  void hasNoEffectWhetherStartedOrRolledBack() {
    FaultPlan plan = injector.plan(FaultId.of("run.f1"), request());
    Undo undo = injector.arm(plan);

    injector.start(plan, undo);
    assertThat(injector.look(undo).presence()).isEqualTo(Presence.GONE);

    injector.rollBack(undo);
    injector.rollBack(undo);
    assertThat(injector.look(undo).presence()).isEqualTo(Presence.GONE);
  }

  @Test
  void leavesAnUndoThatAnyProcessCanUse() {
    Undo undo = injector.arm(injector.plan(FaultId.of("run.f1"), request()));

    assertThat(new PlaceboInjector().look(undo).presence()).isEqualTo(Presence.GONE);
    assertThat(undo).isEqualTo(new Undo(FaultId.of("run.f1"), FaultKind.PLACEBO, Map.of()));
  }

  private static FaultRequest request() {
    return new FaultRequest(
        FaultKind.PLACEBO, ServiceName.of("cart"), Map.of(), Map.of(), Duration.ofMinutes(1));
  }
}

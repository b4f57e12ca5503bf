package dev.firebreak.cascade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.firebreak.cascade.Topology.Tie;
import dev.firebreak.service.CallGraph;
import dev.firebreak.service.ServiceName;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TopologyTest {
  private final Topology shop = new Topology(Shop.callGraph(), Optional.of(Shop.payments()));

  private static Set<ServiceName> names(String... names) {
    return Stream.of(names).map(ServiceName::of).collect(Collectors.toSet());
  }

  @Test
  void knowsWhoCallsTheRadiusAndWhoOnlySharesSomethingWithIt() {
    assertThat(shop.tie(ServiceName.of("checkout"))).isEqualTo(Tie.CALLER);
    assertThat(shop.tie(ServiceName.of("gateway"))).isEqualTo(Tie.CALLER);
    assertThat(shop.tie(ServiceName.of("inventory"))).isEqualTo(Tie.NEIGHBOUR);
    assertThat(shop.tie(ServiceName.of("nobody-knows"))).isEqualTo(Tie.NEIGHBOUR);
  }

  @Test
  void givesMostOfTheBudgetToTheNearestCallerAndNeverMoreThanThereIs() {
    Set<ServiceName> outside =
        names("catalog", "checkout", "gateway", "inventory", "recommendations");
    Map<ServiceName, Double> weights = shop.weights(outside, Tuning.DEFAULT);

    assertThat(weights.get(ServiceName.of("checkout"))).isCloseTo(0.5, within(1e-9));
    assertThat(weights.get(ServiceName.of("gateway"))).isCloseTo(0.25, within(1e-9));
    assertThat(weights.values().stream().mapToDouble(w -> w).sum()).isLessThanOrEqualTo(1 + 1e-9);
  }

  @Test
  void sharesTheBudgetEvenlyWithoutACallGraph() {
    Topology blind = new Topology(CallGraph.empty(), Optional.of(Shop.payments()));

    assertThat(blind.weights(names("a", "b", "c", "d"), Tuning.DEFAULT).values())
        .containsOnly(0.25);
  }

  @Test
  void findsNoWayAgainstTheOrderOfTheOnsets() {
    TreeMap<ServiceName, Long> onsets = new TreeMap<>();
    onsets.put(ServiceName.of("checkout"), 50_000L);
    onsets.put(ServiceName.of("gateway"), 10_000L);

    assertThat(shop.way(ServiceName.of("gateway"), onsets, 0, 1000)).isEmpty();
    assertThat(shop.way(ServiceName.of("checkout"), onsets, 0, 1000))
        .extracting(ServiceName::value)
        .containsExactly("payments", "checkout");
  }
}

package dev.firebreak.cascade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.firebreak.cascade.Topology.Tie;
import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.service.CallGraph;
import dev.firebreak.service.ServiceName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
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
  void knowsWhoCallsTheRadiusThroughWhatMayPassAFailureOn() {
    ServiceName gateway = ServiceName.of("gateway");

    assertThat(shop.callsThrough(gateway, between -> false)).isFalse();
    assertThat(shop.callsThrough(gateway, ServiceName.of("checkout")::equals)).isTrue();
    assertThat(shop.callsThrough(ServiceName.of("checkout"), between -> false)).isTrue();
    assertThat(shop.callsThrough(ServiceName.of("inventory"), between -> true)).isFalse();
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

    assertThat(shop.ways(onsets, 0, 1000).to(ServiceName.of("gateway"))).isEmpty();
    assertThat(shop.ways(onsets, 0, 1000).to(ServiceName.of("checkout")))
        .extracting(ServiceName::value)
        .containsExactly("payments", "checkout");
  }

  private static SortedMap<ServiceName, Long> allAt(long onset, String... services) {
    TreeMap<ServiceName, Long> onsets = new TreeMap<>();
    names(services).forEach(service -> onsets.put(service, onset));
    return onsets;
  }

  private static List<String> way(
      Topology topology, String to, SortedMap<ServiceName, Long> onsets) {
    return topology.ways(onsets, 0, 1000).to(ServiceName.of(to)).stream()
        .map(ServiceName::value)
        .toList();
  }

  @Test
  void whoWaitsForADegradedCalleeIsExplainedByItAndNotByItsOwnCaller() {
    var onsets = allAt(5000, "catalog", "checkout", "gateway", "inventory");
    onsets.put(ServiceName.of("catalog"), 4500L);

    assertThat(way(shop, "catalog", onsets))
        .containsExactly("payments", "checkout", "inventory", "catalog");
    assertThat(way(shop, "inventory", onsets)).containsExactly("payments", "checkout", "inventory");
    assertThat(way(shop, "gateway", onsets)).containsExactly("payments", "checkout", "gateway");
  }

  @Test
  void aCalleeThatDegradedLaterExplainsNothing() {
    var onsets = allAt(5000, "catalog", "checkout", "gateway");
    onsets.put(ServiceName.of("inventory"), 9000L);

    assertThat(way(shop, "catalog", onsets))
        .containsExactly("payments", "checkout", "gateway", "catalog");
  }

  @Test
  void whatTheInjectedServiceCallsIsExplainedByIt() {
    Topology flood =
        new Topology(Shop.callGraph(), Optional.of(BlastRadius.of(ServiceName.of("gateway"))));
    var onsets = allAt(5000, "catalog", "checkout", "inventory");

    assertThat(way(flood, "catalog", onsets)).containsExactly("gateway", "catalog");
    assertThat(way(flood, "inventory", onsets)).hasSize(3);
  }
}

package dev.firebreak.cascade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.service.CallGraph;
import dev.firebreak.service.CallGraph.Edge;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OnlineCascadeDetectorTest {
  @Test
  void haltsWithinEightSamplesWhenACallerOfTheRadiusTakesTenTimesAsLong() {
    Shop shop = new Shop(Shop.payments()).learnAndInject().times("checkout", Shop.P95, 10);

    assertThat(shop.secondsToHalt(30)).isBetween(2, 8);
    assertThat(shop.finding("checkout").degradation()).isEqualTo(DegradationClass.ESCAPED);
    assertThat(shop.finding("checkout").baseline()).isBetween(0.04, 0.06);
    assertThat(shop.finding("checkout").observed()).isGreaterThan(0.4);
  }

  @Test
  void haltsWhenRequestsFail() {
    Shop shop = new Shop(Shop.payments()).learnAndInject().at("checkout", Shop.ERRORS, 0.3);

    assertThat(shop.secondsToHalt(30)).isBetween(2, 10);
  }

  @Test
  void staysQuietWhenNothingButTheInjectedServiceDegrades() {
    Shop shop = new Shop(Shop.payments()).learnAndInject().times("payments", Shop.P95, 20);

    shop.judge(60);

    assertThat(shop.detector().escaped()).isFalse();
    assertThat(shop.detector().findings())
        .extracting(Finding::service, Finding::degradation)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                ServiceName.of("payments"), DegradationClass.INJECTED));
  }

  @Test
  void doesNotHaltForWhatIsNotWorthHaltingFor() {
    Shop shop = new Shop(Shop.payments()).learnAndInject().times("checkout", Shop.P95, 1.25);

    assertThat(shop.secondsToHalt(60)).isEqualTo(-1);
  }

  @Test
  void doesNotHaltForOneSampleHoweverHigh() {
    Shop shop = new Shop(Shop.payments()).learnAndInject();

    shop.times("checkout", Shop.P95, 1000).judge(1).backToUsual().judge(30);

    assertThat(shop.detector().findings()).isEmpty();
  }

  @Test
  void neverHaltsForResources() {
    Shop shop = new Shop(Shop.payments()).learnAndInject().at("checkout", Shop.CPU, 100);

    assertThat(shop.secondsToHalt(60)).isEqualTo(-1);
  }

  @Test
  void datesTheOnsetBackToTheBeginningOfTheDegradation() {
    Shop shop = new Shop(Shop.payments()).learnAndInject().judge(5);
    var began = shop.now();

    shop.times("checkout", Shop.P95, 10).judge(20);

    assertThat(shop.finding("checkout").onset())
        .isBetween(began.minusSeconds(1), began.plusSeconds(2));
    assertThat(shop.finding("checkout").flaggedAt()).isAfter(began.plusSeconds(1));
  }

  @Test
  void whatBeganWithOneSampleIsDatedInTheOrderOfTheWay() {
    Shop shop = new Shop(Shop.payments()).learnAndInject();
    for (String service : List.of("payments", "checkout", "gateway")) {
      shop.times(service, Shop.P95, 10);
    }

    shop.judge(30);

    Instant checkout = shop.finding("checkout").onset();
    assertThat(shop.finding("gateway").onset()).isEqualTo(checkout.plusMillis(1));
    assertThat(checkout).isEqualTo(shop.finding("payments").onset());
  }

  @Test
  void tellsTheWayOfTheFailureAlsoThroughASharedCallee() {
    Shop shop = new Shop(Shop.payments()).learnAndInject().times("payments", Shop.P95, 10);

    shop.times("checkout", Shop.P95, 10).judge(4);
    shop.times("inventory", Shop.P95, 10).judge(4);
    shop.times("catalog", Shop.P95, 10).judge(20);

    assertThat(shop.finding("catalog").path())
        .extracting(ServiceName::value)
        .containsExactly("payments", "checkout", "inventory", "catalog");
    assertThat(shop.finding("catalog").note())
        .contains("payments → checkout → inventory → catalog");
  }

  @Test
  void whatOnlyBeginsWithAFaultThatNobodySeesIsNotTiedToIt() {
    Shop shop = new Shop(Shop.payments()).learnAndInject();

    assertThat(shop.times("recommendations", Shop.P95, 10).secondsToHalt(30)).isEqualTo(-1);
    assertThat(shop.finding("recommendations").degradation()).isEqualTo(DegradationClass.UNRELATED);

    assertThat(shop.times("payments", Shop.P95, 10).secondsToHalt(30)).isPositive();
  }

  @Test
  void aCallerOfACallerThatIsWellDoesNotFeelAFaultThatNobodySees() {
    Shop shop = new Shop(Shop.payments()).learnAndInject();

    assertThat(shop.times("gateway", Shop.P95, 10).secondsToHalt(30)).isEqualTo(-1);
    assertThat(shop.finding("gateway").degradation()).isEqualTo(DegradationClass.UNRELATED);

    assertThat(shop.times("checkout", Shop.P95, 10).secondsToHalt(30)).isPositive();
    assertThat(shop.finding("gateway").degradation()).isEqualTo(DegradationClass.ESCAPED);
  }

  @Test
  void whatACallerFeelsLateDoesNotComeFromAFaultThatNobodySees() {
    Shop shop = new Shop(Shop.payments()).learnAndInject().judge(200);

    assertThat(shop.times("checkout", Shop.P95, 10).secondsToHalt(30)).isEqualTo(-1);
    assertThat(shop.finding("checkout").degradation()).isEqualTo(DegradationClass.UNRELATED);

    assertThat(shop.times("payments", Shop.P95, 10).secondsToHalt(30)).isPositive();
    assertThat(shop.finding("checkout").degradation()).isEqualTo(DegradationClass.ESCAPED);
  }

  @Test
  void whereNobodyCouldSeeTheFaultOnlyCallersAreTiedToIt() {
    Shop shop = new Shop(Shop.payments()).withoutData("payments").learnAndInject();

    assertThat(shop.times("recommendations", Shop.P95, 10).secondsToHalt(30)).isEqualTo(-1);
    assertThat(shop.finding("recommendations").degradation()).isEqualTo(DegradationClass.UNRELATED);

    assertThat(shop.times("checkout", Shop.P95, 10).secondsToHalt(30)).isPositive();
  }

  @Test
  void whatTheGraphDoesNotKnowMayReachAnything() {
    CallGraph others =
        new CallGraph(
            Set.of(new Edge(ServiceName.of("gateway"), ServiceName.of("recommendations"))));
    Shop shop =
        new Shop(Shop.payments(), others, CascadeDetectors.online())
            .withoutData("payments")
            .learnAndInject();

    assertThat(shop.times("recommendations", Shop.P95, 10).secondsToHalt(30)).isPositive();
  }

  @Test
  void aWobbleAfterMoreUsersWereThereIsNotWhatTheyCameOf() {
    Shop shop = new Shop(Shop.payments());
    for (int second = 0; second < 30; second++) {
      shop.times("checkout", Shop.P95, second % 3 == 0 ? 1.8 : 1).learn(1);
    }
    shop.inject().times("checkout", Shop.P95, 1).times("checkout", Shop.RATE, 4).judge(15);
    assertThat(shop.finding("checkout").degradation()).isEqualTo(DegradationClass.UNRELATED);

    shop.times("checkout", Shop.RATE, 1).times("checkout", Shop.P95, 1.8);

    assertThat(shop.secondsToHalt(8)).isEqualTo(-1);
  }

  @Test
  void whatDegradesWhenMoreUsersHaveGoneIsTiedLikeAnythingElse() {
    Shop shop = new Shop(Shop.payments()).learnAndInject();
    shop.times("checkout", Shop.RATE, 4).judge(20).backToUsual().judge(20);
    assertThat(shop.detector().escaped()).isFalse();

    assertThat(shop.times("checkout", Shop.P95, 10).secondsToHalt(30)).isPositive();
  }

  @Test
  void moreLoadAloneDoesNotComeFromAFaultThatNobodySees() {
    Shop shop = new Shop(Shop.payments()).learnAndInject().times("checkout", Shop.RATE, 4);

    assertThat(shop.secondsToHalt(30)).isEqualTo(-1);
    assertThat(shop.finding("checkout").degradation()).isEqualTo(DegradationClass.UNRELATED);

    assertThat(shop.times("checkout", Shop.P95, 10).secondsToHalt(30)).isPositive();
  }

  @Test
  void thatTheInjectedServiceIsOnlyAskedMoreDoesNotShowTheFault() {
    Shop shop = new Shop(Shop.payments()).learnAndInject().times("payments", Shop.RATE, 4);

    assertThat(shop.times("recommendations", Shop.P95, 10).secondsToHalt(30)).isEqualTo(-1);
    assertThat(shop.finding("payments").degradation()).isEqualTo(DegradationClass.INJECTED);
    assertThat(shop.finding("recommendations").degradation()).isEqualTo(DegradationClass.UNRELATED);

    assertThat(shop.times("payments", Shop.P95, 10).secondsToHalt(30)).isPositive();
  }

  @Test
  void leavesAnExpectedServiceAloneWithinItsBound() {
    Shop shop = new Shop(Shop.paymentsExpecting("checkout", 4)).learnAndInject();

    shop.times("checkout", Shop.P95, 3).judge(40);

    assertThat(shop.detector().escaped()).isFalse();
    assertThat(shop.finding("checkout").degradation()).isEqualTo(DegradationClass.EXPECTED);
  }

  @Test
  void haltsWhenAnExpectedServiceGoesBeyondItsBound() {
    Shop shop = new Shop(Shop.paymentsExpecting("checkout", 4)).learnAndInject();
    shop.times("checkout", Shop.P95, 3).judge(20);

    shop.times("checkout", Shop.P95, 8);

    assertThat(shop.secondsToHalt(30)).isPositive();
    assertThat(shop.finding("checkout").note()).contains("beyond the bound");
  }

  @Test
  void callsUnrelatedWhatWasDegradedBeforeTheInjection() {
    Shop shop = new Shop(Shop.payments()).learn(40);

    shop.times("checkout", Shop.P95, 10).learn(12).inject().judge(40);

    assertThat(shop.detector().escaped()).isFalse();
    assertThat(shop.finding("checkout").degradation()).isEqualTo(DegradationClass.UNRELATED);
    assertThat(shop.finding("checkout").note()).contains("before the injection");
  }

  @Test
  void callsItUnrelatedAlsoIfTheLastSampleIsFromTheInstantOfTheInjection() {
    Shop shop = new Shop(Shop.payments()).learn(40);

    shop.times("checkout", Shop.P95, 10).learn(12);
    shop.detector().injected(shop.now().minusSeconds(1));
    shop.judge(40);

    assertThat(shop.detector().escaped()).isFalse();
    assertThat(shop.finding("checkout").degradation()).isEqualTo(DegradationClass.UNRELATED);
  }

  @Test
  void takesAServiceThatDisappearsForABreach() {
    Shop shop = new Shop(Shop.payments()).learnAndInject();
    for (var signal : List.of(Shop.P95, Shop.ERRORS, Shop.RATE)) {
      shop.at("catalog", signal, Double.NaN);
    }

    assertThat(shop.at("catalog", Shop.UP, 0).secondsToHalt(10)).isEqualTo(3);
    assertThat(shop.finding("catalog").signal()).isEqualTo(Shop.UP);
  }

  @Test
  void takesAServiceWhoseAvailabilityIsNoLongerToldForGoneIfOthersAreSeen() {
    Shop shop = new Shop(Shop.payments()).learnAndInject();

    assertThat(shop.at("catalog", Shop.UP, Double.NaN).secondsToHalt(10)).isEqualTo(3);
  }

  @Test
  void concludesNothingFromSilence() {
    Shop shop = new Shop(Shop.payments()).learnAndInject();
    for (String service : List.of("catalog", "checkout", "gateway", "inventory", "payments")) {
      for (var signal : List.of(Shop.P95, Shop.ERRORS, Shop.RATE, Shop.UP)) {
        shop.at(service, signal, Double.NaN);
      }
    }

    assertThat(shop.secondsToHalt(30)).isEqualTo(-1);
  }

  @Test
  void tellsWhenAServiceIsBackWithinItsBaseline() {
    Shop shop = new Shop(Shop.payments()).learnAndInject().times("checkout", Shop.P95, 10);
    shop.judge(15);
    assertThat(shop.finding("checkout").recoveredAt()).isEmpty();
    shop.detector().rolledBack(shop.now());
    var rolledBack = shop.now();

    shop.backToUsual().judge(10);

    assertThat(shop.finding("checkout").recoveredAt())
        .hasValueSatisfying(at -> assertThat(at).isBetween(rolledBack, rolledBack.plusSeconds(3)));
    assertThat(shop.news().get(shop.news().size() - 1).recoveredAt()).isPresent();
  }

  @Test
  void whatBeginsLongAfterTheRollbackIsNotTiedToTheFault() {
    Shop shop = new Shop(Shop.payments()).learnAndInject();
    shop.judge(5);
    shop.detector().rolledBack(shop.now());

    shop.judge(10);
    shop.times("checkout", Shop.P95, 10).judge(30);

    assertThat(shop.finding("checkout").degradation()).isEqualTo(DegradationClass.UNRELATED);
  }

  @Test
  void tellsEachFindingOnceUntilSomethingAboutItChanges() {
    Shop shop = new Shop(Shop.payments()).learnAndInject().times("checkout", Shop.P95, 10);

    shop.judge(60);

    assertThat(shop.news())
        .extracting(Finding::service)
        .containsOnlyOnce(ServiceName.of("checkout"));
  }

  @Test
  void countsLostTrafficOfACallerButNotOfAServiceThatTheRadiusCalls() {
    BlastRadius checkout = BlastRadius.of(ServiceName.of("checkout"));
    Shop downstream = new Shop(checkout).learnAndInject();
    Shop upstream = new Shop(checkout).learnAndInject();

    assertThat(downstream.times("inventory", Shop.RATE, 0.1).secondsToHalt(60)).isEqualTo(-1);
    assertThat(upstream.times("gateway", Shop.RATE, 0.01).secondsToHalt(60)).isPositive();
  }

  @Test
  void isOfUseWithoutACallGraph() {
    Shop shop = new Shop(Shop.payments(), CallGraph.empty(), CascadeDetectors.online());

    shop.learnAndInject().times("checkout", Shop.P95, 10);

    assertThat(shop.secondsToHalt(30)).isBetween(2, 12);
    assertThat(shop.finding("checkout").path()).isEmpty();
  }

  @Test
  void aSmallerBudgetOfTheWatchNeedsMoreEvidence() {
    Shop usual = new Shop(Shop.payments(), Shop.callGraph(), withBudget(0.1)).learnAndInject();
    Shop strict = new Shop(Shop.payments(), Shop.callGraph(), withBudget(1e-300)).learnAndInject();

    assertThat(usual.times("checkout", Shop.P95, 2).secondsToHalt(20)).isPositive();
    assertThat(strict.times("checkout", Shop.P95, 2).secondsToHalt(20)).isEqualTo(-1);
  }

  private static CascadeDetectorFactory withBudget(double budget) {
    return watch ->
        CascadeDetectors.online()
            .create(
                new Watch(
                    watch.series(),
                    watch.radius(),
                    watch.callGraph(),
                    watch.smallestEffect(),
                    watch.step(),
                    watch.horizon(),
                    budget));
  }

  @Test
  void callsUnrelatedWhatMostServicesBeyondTheFaultsReachShare() {
    SyntheticSystem.Setting setting = new SyntheticSystem.Setting(12, 5, 60, 0.1, 0);
    SyntheticSystem system = new SyntheticSystem(7, setting);
    ServiceName target = system.names.get(11);
    CascadeDetector detector =
        CascadeDetectors.online().create(system.watch(Set.of(target), Duration.ofMinutes(5)));
    while (system.second() < 600) {
      detector.learn(system.now(), system.next());
    }
    detector.injected(system.now());
    for (ServiceName name : system.names) {
      system.feels(new SyntheticSystem.Effect(name, 6, 0, system.second() + 100));
    }
    while (system.second() < 900) {
      double[] values = system.next();
      detector.judge(system.now(), values);
    }

    List<ServiceName> callers = system.callers(target);
    assertThat(detector.findings())
        .filteredOn(finding -> finding.degradation() == DegradationClass.UNRELATED)
        .extracting(Finding::service)
        .hasSizeGreaterThan(2)
        .doesNotContainAnyElementsOf(List.of(target));
    assertThat(callers).isNotEmpty();
  }

  @Test
  void namesWhatCannotBeWatchedAndWhy() {
    Shop shop = new Shop(Shop.payments()).at("catalog", Shop.P95, Double.NaN);
    shop.at("gateway", Shop.ERRORS, 1).at("inventory", Shop.RATE, 0);

    Coverage coverage = shop.learnAndInject().detector().coverage();

    assertThat(coverage.unwatchable().values())
        .containsExactlyInAnyOrder(
            "0 samples in the baseline, at least 5 are needed",
            "already at its worst in the baseline",
            "no traffic in the baseline");
    assertThat(coverage.withoutData()).isEmpty();
    assertThat(coverage.servicesWatched()).doesNotContain(ServiceName.of("payments")).hasSize(5);
  }

  @Test
  void namesServicesWithoutAnyData() {
    Shop shop = new Shop(Shop.payments());
    for (var signal : List.of(Shop.P95, Shop.ERRORS, Shop.RATE, Shop.UP)) {
      shop.at("catalog", signal, Double.NaN);
    }

    assertThat(shop.learnAndInject().detector().coverage().withoutData())
        .containsExactly(ServiceName.of("catalog"));
  }

  @Test
  void watchesOnlyTheOutsideThatIsNamed() {
    BlastRadius radius =
        new BlastRadius(
            Set.of(ServiceName.of("payments")),
            java.util.Map.of(),
            Optional.of(Set.of(ServiceName.of("gateway"))));
    Shop shop = new Shop(radius).learnAndInject().times("checkout", Shop.P95, 10);

    assertThat(shop.secondsToHalt(30)).isEqualTo(-1);
    assertThat(shop.detector().findings()).isEmpty();
  }

  @Test
  void refusesCallsOutOfOrder() {
    Shop shop = new Shop(Shop.payments()).learnAndInject();

    assertThatThrownBy(() -> shop.learn(1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(shop::inject).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> shop.detector().judge(shop.now(), new double[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 values for 30 series");
  }

  @Test
  void saysTheSameOfTheSameSamples() {
    List<Finding> once = degraded();
    List<Finding> again = degraded();

    assertThat(once).isNotEmpty().isEqualTo(again);
  }

  private static List<Finding> degraded() {
    Shop shop = new Shop(Shop.payments()).learnAndInject().times("payments", Shop.P95, 10);
    shop.times("checkout", Shop.P95, 4).times("gateway", Shop.P95, 3).judge(30);
    return shop.detector().findings();
  }
}

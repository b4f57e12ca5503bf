package dev.firebreak.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.experiment.HaltPolicy;
import dev.firebreak.experiment.HaltPolicy.Condition;
import dev.firebreak.fault.FaultId;
import dev.firebreak.probe.Reading;
import dev.firebreak.probe.Reading.Sample;
import dev.firebreak.probe.Signal;
import dev.firebreak.run.RunEvent.FaultConfirmed;
import dev.firebreak.run.RunEvent.Halted;
import dev.firebreak.run.RunEvent.ProbeJudged;
import dev.firebreak.run.RunEvent.RunClosed;
import dev.firebreak.run.RunEvent.SamplesTaken;
import dev.firebreak.run.RunEvent.ServiceDegraded;
import dev.firebreak.run.RunEvent.SightLost;
import dev.firebreak.run.RunEvent.SightRegained;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What a run counts as evidence, when it is blind, and in which words it says why. */
class SightTest {
  private static final Duration IN_THE_FAULT = Duration.ofSeconds(82);
  private static final String BLIND =
      "no evidence about the services outside the blast radius for 15 s";

  private final RunBench bench = new RunBench();
  private final FakeCluster cluster = bench.cluster;

  @Test
  void thatServicesAnswerIsNoSteadyState() {
    cluster.distorting(only(sample -> isUp(sample)));

    assertThat(bench.outcomeOf(Experiments.slow("stock"))).isEqualTo(Outcome.REFUSED);
    assertThat(reason())
        .isEqualTo(
            "the steady state does not hold before the injection: the last looks at the system gave"
                + " no evidence");
  }

  @Test
  void thatServicesAnswerIsNoEvidenceDuringTheFaultEither() {
    cluster.distorting(from(IN_THE_FAULT, only(sample -> isUp(sample))));

    assertThat(bench.outcomeOf(Experiments.slow("stock"))).isEqualTo(Outcome.INCONCLUSIVE);
    assertThat(reason()).isEqualTo(BLIND);
  }

  @Test
  void thatServicesDoNotAnswerIsEvidenceDuringTheFault() {
    cluster.distorting(from(IN_THE_FAULT, each(sample -> isUp(sample), sample -> with(sample, 0))));

    assertThat(bench.outcomeOf(Experiments.slow("stock"))).isEqualTo(Outcome.CASCADED);
    assertThat(bench.journal.events(SightLost.class)).isEmpty();
    assertThat(bench.only(Halted.class).cause().detail())
        .matches("up of \\w+ went from \\S+ to \\S+ outside the blast radius");
  }

  @Test
  void halfOfTheServicesOutsideAreEnoughToSee() {
    cluster.distorting(from(IN_THE_FAULT, only(sample -> !isOf(sample, "search"))));
    bench.outcomeOf(Experiments.slow("stock"));

    assertThat(bench.journal.events(SightLost.class)).isEmpty();
  }

  @Test
  void lessThanHalfOfTheServicesOutsideAreNotEnough() {
    cluster.distorting(
        from(
            IN_THE_FAULT,
            only(sample -> isUp(sample) || isOf(sample, "web") || isOf(sample, "stock"))));

    assertThat(bench.outcomeOf(Experiments.slow("stock"))).isEqualTo(Outcome.INCONCLUSIVE);
    assertThat(reason()).startsWith(BLIND);
  }

  @Test
  void theSourcesFirstProblemIsTheReason() {
    cluster.blindFrom(IN_THE_FAULT);

    bench.outcomeOf(Experiments.slow("stock"));
    assertThat(reason()).isEqualTo(BLIND + ": connection refused");
  }

  @Test
  void aWarningOfTheSourceIsTheReasonBeforeWhatItDoesNotSee() {
    Map<ServiceName, String> unseen = Map.of(ServiceName.of("web"), "its samples are old");
    cluster.distorting(
        from(
            IN_THE_FAULT,
            reading -> new Reading(reading.at(), List.of(), unseen, List.of("a partial answer"))));
    bench.outcomeOf(Experiments.slow("stock"));

    assertThat(reason()).isEqualTo(BLIND + ": a partial answer");
  }

  @Test
  void theFirstServiceThatIsNotSeenIsTheReason() {
    Map<ServiceName, String> unseen =
        Map.of(
            ServiceName.of("web"), "its samples are old",
            ServiceName.of("cart"), "it has two series");
    cluster.distorting(
        from(IN_THE_FAULT, reading -> new Reading(reading.at(), List.of(), unseen, List.of())));
    bench.outcomeOf(Experiments.slow("stock"));

    assertThat(reason()).isEqualTo(BLIND + ": cart: it has two series");
  }

  @Test
  void aProbeThatIsNotSeenIsNamed() {
    cluster.distorting(
        from(
            IN_THE_FAULT,
            only(
                sample ->
                    !isOf(sample, "web")
                        || sample.series().signal().kind() != Signal.Kind.LATENCY)));
    bench.outcomeOf(Experiments.slow("stock").toleratingLatency(0.2));

    assertThat(reason()).isEqualTo("no evidence about the probe \"fast\" for 15 s");
  }

  @Test
  void losingSightAndFindingItAgainAreEventsOfTheRun() {
    cluster.distorting(
        reading ->
            between(IN_THE_FAULT, IN_THE_FAULT.plusSeconds(22))
                ? new Reading(reading.at(), List.of(), Map.of(), List.of())
                : reading);
    haltingOn(Condition.CASCADE);

    Instant lastSight = RunBench.START.plusSeconds(80);
    SightLost lost = bench.only(SightLost.class);
    assertThat(Duration.between(lastSight, lost.since())).isLessThan(Duration.ofMillis(100));
    assertThat(Duration.between(lost.since(), lost.at())).isGreaterThanOrEqualTo(blindAfter());
    assertThat(lost.detail()).isEqualTo("the services outside the blast radius");
    assertThat(Duration.between(lost.at(), bench.only(SightRegained.class).at()))
        .isBetween(Duration.ofSeconds(5), Duration.ofSeconds(15));
  }

  @Test
  void whatIsNotAConditionDoesNotHaltButIsTold() {
    cluster.spreadingAfter(Duration.ofSeconds(5));

    assertThat(haltingOn(Condition.HYPOTHESIS)).isEqualTo(Outcome.CASCADED);
    assertThat(bench.journal.events(Halted.class)).isEmpty();
    assertThat(bench.journal.events(ServiceDegraded.class)).hasSizeGreaterThanOrEqualTo(3);
  }

  @Test
  void aCascadeIsToldWithServiceSignalAndValues() {
    cluster.spreadingAfter(Duration.ofSeconds(5));
    bench.outcomeOf(Experiments.slow("stock"));

    assertThat(bench.only(Halted.class).cause().detail())
        .matches(
            "http.latency.p95 of cart went from 3\\d(\\.\\d+)? ms to 1\\.\\d+ s outside the blast"
                + " radius");
  }

  @Test
  void eachLookIsWrittenDownOnAFixedGridWithItsValues() {
    bench.outcomeOf(Experiments.slow("stock").toleratingLatency(0.2));

    List<SamplesTaken> looks = bench.journal.events(SamplesTaken.class);
    for (int i = 0; i < looks.size(); i++) {
      assertThat(looks.get(i).values()).hasSize(16).doesNotContain(Double.NaN);
      assertThat(Duration.between(looks.get(0).at(), looks.get(i).at()))
          .isEqualTo(Duration.ofSeconds(5L * i));
    }
    assertThat(looks).hasSizeGreaterThan(24);
    assertThat(bench.only(ProbeJudged.class).verdict()).isEqualTo(ProbeJudged.Verdict.WITHIN);
  }

  @Test
  void aFaultWhoseServiceIsNotHeardOfIsNotConfirmedByThat() {
    cluster.withBlindInjector();
    cluster.distorting(from(IN_THE_FAULT.minusSeconds(22), only(sample -> !isOf(sample, "stock"))));

    assertThat(bench.outcomeOf(Experiments.slow("stock"))).isEqualTo(Outcome.INVALID);
    assertThat(bench.journal.events(FaultConfirmed.class)).isEmpty();
  }

  @Test
  void aFaultWhoseServiceSaysThatItIsDownIsConfirmed() {
    cluster.withBlindInjector();
    cluster.distorting(
        from(
            IN_THE_FAULT.minusSeconds(22),
            each(sample -> isOf(sample, "stock") && isUp(sample), sample -> with(sample, 0))
                    .andThen(only(sample -> !isOf(sample, "stock") || isUp(sample)))
                ::apply));

    assertThat(bench.outcomeOf(Experiments.slow("stock"))).isEqualTo(Outcome.HELD);
    FaultId confirmed = bench.only(FaultConfirmed.class).fault();
    assertThat(confirmed.value()).endsWith(".f1");
  }

  private Outcome haltingOn(Condition only) {
    return bench
        .run(
            Experiments.haltingOn(
                EnumSet.of(only), Experiments.slow("stock").build(FakeCluster.SLOW)))
        .execute();
  }

  private static Duration blindAfter() {
    return HaltPolicy.DEFAULT_BLIND_AFTER;
  }

  private UnaryOperator<Reading> from(Duration begin, UnaryOperator<Reading> change) {
    return reading -> between(begin, Duration.ofDays(1)) ? change.apply(reading) : reading;
  }

  private boolean between(Duration begin, Duration end) {
    Duration now = bench.loop.elapsed();
    return now.compareTo(begin) >= 0 && now.compareTo(end) < 0;
  }

  private static UnaryOperator<Reading> only(Predicate<Sample> kept) {
    return reading ->
        new Reading(
            reading.at(), reading.samples().stream().filter(kept).toList(), Map.of(), List.of());
  }

  private static UnaryOperator<Reading> each(
      Predicate<Sample> chosen, UnaryOperator<Sample> change) {
    return reading ->
        new Reading(
            reading.at(),
            reading.samples().stream()
                .map(sample -> chosen.test(sample) ? change.apply(sample) : sample)
                .toList(),
            Map.of(),
            List.of());
  }

  private static boolean isUp(Sample sample) {
    return sample.series().signal().kind() == Signal.Kind.AVAILABILITY;
  }

  private static boolean isOf(Sample sample, String service) {
    return sample.series().service().equals(ServiceName.of(service));
  }

  private static Sample with(Sample sample, double value) {
    return new Sample(sample.series(), value);
  }

  private String reason() {
    return bench.only(RunClosed.class).reason();
  }
}

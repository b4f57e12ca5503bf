package dev.firebreak.app.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.firebreak.cascade.CascadeDetectors;
import dev.firebreak.cascade.Finding;
import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.experiment.ExpectedBound;
import dev.firebreak.experiment.Experiment;
import dev.firebreak.experiment.GameDay;
import dev.firebreak.experiment.HaltPolicy;
import dev.firebreak.experiment.SmallestEffect;
import dev.firebreak.experiment.SteadyStateHypothesis;
import dev.firebreak.experiment.Telemetry;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.fault.Injectors;
import dev.firebreak.run.FakeCluster;
import dev.firebreak.run.HaltCause;
import dev.firebreak.run.RecordingJournal;
import dev.firebreak.run.Run;
import dev.firebreak.run.RunEvent.Halted;
import dev.firebreak.run.RunEvent.ServiceDegraded;
import dev.firebreak.run.RunId;
import dev.firebreak.run.RunSpec;
import dev.firebreak.run.SimulatedLoop;
import dev.firebreak.run.Trigger;
import dev.firebreak.service.ServiceName;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run decided, its recording must decide again. */
class RunThenReplayTest {
  private static final ServiceName STOCK = ServiceName.of("stock");

  private final SimulatedLoop loop = new SimulatedLoop(Instant.parse("2026-11-23T10:00:00Z"));
  private final RecordingJournal journal = new RecordingJournal();

  @TempDir private Path folder = Path.of("");

  @Test
  void anEscapeHaltsTheReplayAtTheSecondAtWhichItHaltedTheRun() throws Exception {
    run(spreading(), BlastRadius.of(STOCK), HaltPolicy.DEFAULT);

    JsonNode replayed = replay();
    assertThat(journal.events(Halted.class)).hasSize(1);
    HaltCause cause = journal.events(Halted.class).get(0).cause();
    assertThat(cause.kind()).isEqualTo(HaltCause.Kind.CASCADE);
    assertThat(replayed.path("haltAt").asLong()).isEqualTo(seconds(cause.breachAt()));
    assertThat(findings(replayed)).isEqualTo(findingsOfTheRun());
  }

  @Test
  void aRunThatNothingHaltedHaltsNoReplay() throws Exception {
    run(FakeCluster.chain(loop, "web", "cart", "stock"), BlastRadius.of(STOCK), HaltPolicy.DEFAULT);

    JsonNode replayed = replay();
    assertThat(journal.events(Halted.class)).isEmpty();
    assertThat(replayed.path("halted").asBoolean()).isFalse();
    assertThat(findings(replayed)).isEqualTo(findingsOfTheRun());
  }

  @Test
  void theBoundsOfExpectedServicesAreReplayed() throws Exception {
    ExpectedBound tight = new ExpectedBound(OptionalDouble.of(2), OptionalDouble.empty());
    ServiceName cart = ServiceName.of("cart");
    ServiceName web = ServiceName.of("web");
    run(
        spreading(),
        new BlastRadius(Set.of(STOCK), Map.of(cart, tight), Optional.of(Set.of(web))),
        HaltPolicy.DEFAULT);

    assertThat(findings(replay())).isEqualTo(findingsOfTheRun()).containsKey("cart");
    assertThat(findingsOfTheRun().get("cart")).startsWith("ESCAPED");
  }

  @Test
  void theSmallestEffectAndTheBudgetAreReplayed() throws Exception {
    SmallestEffect huge = new SmallestEffect(1e6, Duration.ofHours(1), 1, 1e6);
    run(
        spreading(),
        BlastRadius.of(STOCK),
        new HaltPolicy(HaltPolicy.DEFAULT.on(), HaltPolicy.DEFAULT_BLIND_AFTER, huge, 1e-6));

    JsonNode replayed = replay();
    assertThat(journal.events(Halted.class)).isEmpty();
    assertThat(replayed.path("halted").asBoolean()).isFalse();
    RecordedCase recorded = RecordedCase.read(folder);
    assertThat(recorded.description().smallestEffect()).isEqualTo(huge);
    assertThat(recorded.description().falseHaltBudget()).isEqualTo(1e-6);
  }

  private FakeCluster spreading() {
    return FakeCluster.chain(loop, "web", "cart", "stock").spreadingAfter(Duration.ofSeconds(4));
  }

  private void run(FakeCluster cluster, BlastRadius radius, HaltPolicy halt) {
    FaultRequest slow =
        new FaultRequest(FakeCluster.SLOW, STOCK, Map.of(), Map.of(), Duration.ofSeconds(40));
    Experiment experiment =
        new Experiment(
            "stock is slow",
            SteadyStateHypothesis.none(),
            radius,
            List.of(slow),
            List.of(),
            halt,
            new Experiment.Timing(Duration.ofSeconds(60), Duration.ofSeconds(30)));
    RunSpec spec =
        new RunSpec(
            new RunId("20261123-100000-abc123"),
            new GameDay.Metadata("weekly", "team", "staging"),
            new Telemetry(
                new Telemetry.Scrape(List.of()), Duration.ofSeconds(1), cluster.callGraph()),
            experiment,
            Trigger.MANUAL,
            "4bf92f3577b34da6a3ce929d0e0e4736");
    new Run(
            spec,
            new Injectors(List.of(cluster)),
            cluster,
            CascadeDetectors.online(),
            loop,
            journal,
            event -> {})
        .execute();
  }

  private JsonNode replay() throws Exception {
    CaseWriter.write(journal.events(), folder);
    return new ObjectMapper().readTree(new Replay(CascadeDetectors.online()).replay(folder));
  }

  private static Map<String, String> findings(JsonNode replayed) {
    Map<String, String> findings = new TreeMap<>();
    StreamSupport.stream(replayed.path("findings").spliterator(), false)
        .forEach(
            finding ->
                findings.put(
                    finding.path("service").asText(),
                    "%s by %s, onset %d, flagged %d"
                        .formatted(
                            finding.path("class").asText(),
                            finding.path("signal").asText(),
                            finding.path("onset").asLong(),
                            finding.path("flaggedAt").asLong())));
    return findings;
  }

  private Map<String, String> findingsOfTheRun() {
    Map<String, String> findings = new TreeMap<>();
    for (ServiceDegraded event : journal.events(ServiceDegraded.class)) {
      Finding finding = event.finding();
      findings.put(
          finding.service().value(),
          "%s by %s, onset %d, flagged %d"
              .formatted(
                  finding.degradation(),
                  finding.signal().name(),
                  seconds(finding.onset()),
                  seconds(finding.flaggedAt())));
    }
    return findings;
  }

  private static long seconds(Instant at) {
    return Math.round(at.toEpochMilli() / 1_000.0);
  }
}

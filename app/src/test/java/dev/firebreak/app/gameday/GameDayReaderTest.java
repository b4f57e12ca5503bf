package dev.firebreak.app.gameday;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.experiment.ExpectedBound;
import dev.firebreak.experiment.Experiment;
import dev.firebreak.experiment.GameDay;
import dev.firebreak.experiment.HaltPolicy;
import dev.firebreak.experiment.HaltPolicy.Condition;
import dev.firebreak.experiment.Schedule;
import dev.firebreak.experiment.SmallestEffect;
import dev.firebreak.experiment.SteadyStateHypothesis;
import dev.firebreak.experiment.SteadyStateHypothesis.SteadyStateProbe;
import dev.firebreak.experiment.Telemetry;
import dev.firebreak.experiment.Tolerance;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.service.CallGraph;
import dev.firebreak.service.CallGraph.Edge;
import dev.firebreak.service.ServiceName;
import java.net.URI;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GameDayReaderTest {
  @Test
  void readsTheWeeklyGameDay() {
    GameDay day = accepted(SampleFiles.WEEKLY);

    assertThat(day.metadata())
        .isEqualTo(new GameDay.Metadata("checkout-weekly", "team-checkout", "staging"));
    assertThat(day.schedule())
        .contains(new Schedule("0 10 * * TUE", ZoneId.of("Europe/Berlin"), Duration.ofSeconds(90)));
    assertThat(day.telemetry())
        .isEqualTo(
            new Telemetry(
                new Telemetry.Prometheus(URI.create("http://localhost:9090"), Map.of()),
                Duration.ofSeconds(5),
                CallGraph.empty()));
  }

  @Test
  void readsTheWeeklyExperiment() {
    Experiment experiment = accepted(SampleFiles.WEEKLY).experiments().get(0);

    assertThat(experiment.name()).isEqualTo("payments answers slowly");
    assertThat(experiment.hypothesis().probes())
        .containsExactly(
            probe("orders go through", "http.error-ratio", Tolerance.atMost(0.01)),
            probe("fast enough", "http.latency.p95", Tolerance.atMost(0.8)));
    assertThat(experiment.radius().inject()).containsExactly(service("payments"));
    assertThat(experiment.radius().expected())
        .containsExactly(
            Map.entry(
                service("checkout"),
                new ExpectedBound(OptionalDouble.of(2), OptionalDouble.empty())));
    assertThat(experiment.radius().outside()).isEmpty();
    assertThat(experiment.method())
        .containsExactly(
            new FaultRequest(
                FaultKind.of("chaos-monkey/latency"),
                service("payments"),
                Map.of("url", "http://localhost:8084"),
                Map.of("latency", "800ms..1200ms", "watcher", "restController"),
                Duration.ofMinutes(3)));
    assertThat(experiment.halt()).isEqualTo(HaltPolicy.DEFAULT);
  }

  @Test
  void needsThreeLinesAndHasADefaultForTheRest() {
    GameDay day = accepted(SampleFiles.THREE_LINES);

    assertThat(day.metadata()).isEqualTo(new GameDay.Metadata("a-file", "unknown", "default"));
    assertThat(day.schedule()).isEmpty();
    assertThat(day.telemetry().every()).isEqualTo(Duration.ofSeconds(5));
    Experiment experiment = day.experiments().get(0);
    assertThat(experiment.name()).isEqualTo("firebreak/placebo on payments");
    assertThat(experiment.hypothesis()).isEqualTo(SteadyStateHypothesis.none());
    assertThat(experiment.method())
        .containsExactly(
            new FaultRequest(
                FaultKind.PLACEBO, service("payments"), Map.of(), Map.of(), Duration.ofMinutes(1)));
    assertThat(experiment.rollbacks()).isEmpty();
    assertThat(experiment.halt()).isEqualTo(HaltPolicy.DEFAULT);
    assertThat(experiment.timing()).isEqualTo(Experiment.Timing.DEFAULT);
  }

  @Test
  void readsEveryKey() {
    GameDay day = accepted(SampleFiles.EVERYTHING);

    assertThat(day.metadata().environment()).isEqualTo("no");
    assertThat(day.telemetry().callGraph().edges())
        .containsExactlyInAnyOrder(
            edge("gateway", "checkout"), edge("gateway", "catalog"), edge("checkout", "payments"));
    assertThat(day.telemetry().source())
        .isEqualTo(
            new Telemetry.Scrape(
                List.of(
                    new Telemetry.ScrapeTarget(
                        URI.create("http://localhost:8081/actuator/prometheus"), Optional.empty()),
                    new Telemetry.ScrapeTarget(
                        URI.create("https://localhost:8082/metrics?a=b"),
                        Optional.of(service("cart"))))));
    Experiment first = day.experiments().get(0);
    assertThat(first.halt())
        .isEqualTo(
            new HaltPolicy(
                Set.of(Condition.BLIND),
                Duration.ofSeconds(2),
                new SmallestEffect(2, Duration.ZERO, 0.005, 3),
                1e-6));
    assertThat(first.timing())
        .isEqualTo(new Experiment.Timing(Duration.ofMinutes(2), Duration.ZERO));
    assertThat(first.radius().outside()).contains(Set.of(service("gateway"), service("catalog")));
    assertThat(first.radius().expected()).containsEntry(service("orders"), ExpectedBound.UNBOUNDED);
    assertThat(first.rollbacks())
        .extracting(FaultRequest::service)
        .containsExactly(service("checkout"));
  }

  @Test
  void givesInjectorsFlatWordsInOneForm() {
    Experiment first = accepted(SampleFiles.EVERYTHING).experiments().get(0);

    assertThat(first.method().get(0).target())
        .isEqualTo(Map.of("pid", "4711", "startedWithin", "1h"));
    assertThat(first.method().get(1).with())
        .isEqualTo(
            Map.of(
                "do.url", "http://localhost:1/a",
                "do.method", "PUT",
                "do.body", "{}",
                "undo.url", "http://localhost:1/b",
                "labels.team", "a",
                "labels.on", "call"));
  }

  @Test
  void takesTheMethodsTargetsForTheRadiusIfNoneIsDeclared() {
    Experiment second = accepted(SampleFiles.EVERYTHING).experiments().get(1);

    assertThat(second.radius().inject()).containsExactly(service("cart"));
  }

  @Test
  void readsTolerancesInTheBaseUnitOfTheirSignals() {
    assertThat(accepted(SampleFiles.EVERYTHING).experiments().get(0).hypothesis().probes())
        .extracting(SteadyStateProbe::tolerance)
        .containsExactly(
            new Tolerance(OptionalDouble.of(0), OptionalDouble.of(1.5)),
            new Tolerance(OptionalDouble.of(5), OptionalDouble.of(1000)),
            new Tolerance(OptionalDouble.of(1), OptionalDouble.empty()),
            Tolerance.atMost(1_073_741_824),
            Tolerance.atMost(0.995));
  }

  @Test
  void readsJsonThatIsIndentedWithTabs() {
    GameDay day = accepted(SampleFiles.JSON_WITH_TABS);

    assertThat(day.metadata().owner()).isEqualTo("a \"quote\" and \\");
    assertThat(day.experiments().get(0).name()).isEqualTo("smile \uD83D\uDE00");
    assertThat(day.experiments().get(0).halt().on()).containsExactly(Condition.CASCADE);
  }

  @Test
  void looksSecretsUpInTheEnvironment() {
    GameDay day = accepted(SampleFiles.PROMETHEUS_WITH_HEADERS);

    assertThat(day.telemetry().source())
        .isEqualTo(
            new Telemetry.Prometheus(
                URI.create("https://metrics.example.org:9090/prefix"),
                Map.of("X-Scope-OrgID", "7", "Authorization", "Bearer s3cret")));
  }

  @ParameterizedTest
  @CsvSource({"5s, 15s", "10s, 30s", "500ms, 15s"})
  void isBlindAfterThreeSamplesIfTheyTakeLongerThanTheDefault(String every, String blindAfter) {
    String file =
        SampleFiles.THREE_LINES.replace("prometheus]}", "prometheus], every: " + every + "}");

    assertThat(accepted(file).experiments().get(0).halt().blindAfter())
        .isEqualTo(Quantity.of(blindAfter).flatMap(Quantity::duration).orElseThrow());
  }

  @Test
  void numbersExperimentsWhoseNamesAreLeftOut() {
    String file =
        SampleFiles.THREE_LINES
            + "  - {blast-radius: {inject: payments}, method: [{fault: placebo}]}\n";

    assertThat(accepted(file).experiments())
        .extracting(Experiment::name)
        .containsExactly("firebreak/placebo on payments", "firebreak/placebo on payments (2)");
  }

  @ParameterizedTest
  @CsvSource({
    "checkout.yaml, checkout",
    "days/Checkout  Weekly!.v2.yml, checkout-weekly-v2",
    "'C:\\days\\x.json', x",
    "'', gameday",
    ".yaml, yaml",
    "-, gameday",
    "äöü.yaml, gameday"
  })
  void namesAGameDayAfterItsFile(String fileName, String name) {
    ReadResult result =
        SampleFaults.reader().read(SampleFiles.THREE_LINES.getBytes(UTF_8), fileName);

    assertThat(result.gameDay()).map(GameDay::name).contains(name);
  }

  @Test
  void readsAFileWithAByteOrderMarkAndWindowsLineEnds() {
    accepted("\uFEFF" + SampleFiles.WEEKLY.replace("\n", "\r\n"));
  }

  private static GameDay accepted(String file) {
    ReadResult result = SampleFaults.reader().read(file.getBytes(UTF_8), "days/A file.yaml");
    assertThat(result.mistakes()).isEmpty();
    return result.gameDay().orElseThrow();
  }

  private static SteadyStateProbe probe(String name, String signal, Tolerance tolerance) {
    return new SteadyStateProbe(name, signal, service("checkout"), tolerance);
  }

  private static Edge edge(String caller, String callee) {
    return new Edge(service(caller), service(callee));
  }

  private static ServiceName service(String name) {
    return ServiceName.of(name);
  }
}

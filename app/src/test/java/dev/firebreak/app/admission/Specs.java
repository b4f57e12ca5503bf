package dev.firebreak.app.admission;

import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.experiment.Experiment;
import dev.firebreak.experiment.GameDay;
import dev.firebreak.experiment.HaltPolicy;
import dev.firebreak.experiment.SmallestEffect;
import dev.firebreak.experiment.SteadyStateHypothesis;
import dev.firebreak.experiment.Telemetry;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.run.RunId;
import dev.firebreak.run.RunPlan;
import dev.firebreak.run.RunSpec;
import dev.firebreak.run.Trigger;
import dev.firebreak.service.CallGraph;
import dev.firebreak.service.ServiceName;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Runs that ask for this and that. */
final class Specs {
  private String environment = "staging";
  private Duration fault = Duration.ofMinutes(1);
  private String url = "http://127.0.0.1:8084";
  private String service = "payments";
  private int faults = 1;
  private List<ServiceName> more = List.of();
  private Duration blindAfter = HaltPolicy.DEFAULT_BLIND_AFTER;
  private Map<String, String> target = Map.of();
  private Map<String, String> undoing = Map.of();

  static Specs plain() {
    return new Specs();
  }

  Specs in(String name) {
    environment = name;
    return this;
  }

  Specs lasting(Duration duration) {
    fault = duration;
    return this;
  }

  Specs reaching(String address) {
    url = address;
    return this;
  }

  Specs on(String name) {
    service = name;
    return this;
  }

  Specs times(int count) {
    faults = count;
    return this;
  }

  /** Declares these to be injected into as well. */
  Specs with(String... services) {
    more = Stream.of(services).map(ServiceName::of).toList();
    return this;
  }

  Specs blindFor(Duration duration) {
    blindAfter = duration;
    return this;
  }

  /** Instead of an address. */
  Specs targeting(Map<String, String> words) {
    target = words;
    return this;
  }

  /** Has an undo action of the user's own with these parameters. */
  Specs undoing(Map<String, String> parameters) {
    undoing = parameters;
    return this;
  }

  RunSpec build() {
    ServiceName name = ServiceName.of(service);
    List<FaultRequest> method = new ArrayList<>();
    Map<String, String> where = target.isEmpty() ? Map.of("url", url) : target;
    for (int i = 0; i < faults; i++) {
      method.add(request(name, where, Map.of()));
    }
    List<FaultRequest> rollbacks =
        undoing.isEmpty() ? List.of() : List.of(request(name, Map.of(), undoing));
    return new RunSpec(
        new RunId("20261123-100000-abcdef"),
        new GameDay.Metadata("weekly", "team", environment),
        new Telemetry(
            new Telemetry.Prometheus(URI.create("http://localhost:9090"), Map.of()),
            Duration.ofSeconds(5),
            new CallGraph(Set.of())),
        new Experiment(
            "slow",
            SteadyStateHypothesis.none(),
            BlastRadius.of(
                Stream.concat(Stream.of(name), more.stream()).toArray(ServiceName[]::new)),
            method,
            rollbacks,
            new HaltPolicy(HaltPolicy.DEFAULT.on(), blindAfter, SmallestEffect.DEFAULT),
            Experiment.Timing.DEFAULT),
        Trigger.MANUAL,
        "0123456789abcdef0123456789abcdef");
  }

  private FaultRequest request(
      ServiceName name, Map<String, String> target, Map<String, String> with) {
    return new FaultRequest(FaultKind.of("fake/slow"), name, target, with, fault);
  }

  /** The plan of this run in a system that has these services as well. */
  static RunPlan planAmong(String... outside) {
    return new RunPlan(
        List.of(),
        List.of(),
        Optional.empty(),
        new CallGraph(Set.of()),
        Stream.of(outside).map(ServiceName::of).toList(),
        List.of(),
        "");
  }
}

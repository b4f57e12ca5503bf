package dev.firebreak.app.admission;

import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.experiment.Experiment;
import dev.firebreak.experiment.GameDay;
import dev.firebreak.experiment.HaltPolicy;
import dev.firebreak.experiment.SteadyStateHypothesis;
import dev.firebreak.experiment.Telemetry;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.run.RunId;
import dev.firebreak.run.RunSpec;
import dev.firebreak.run.Trigger;
import dev.firebreak.service.CallGraph;
import dev.firebreak.service.ServiceName;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Runs that ask for this and that. */
final class Specs {
  private String environment = "staging";
  private Duration fault = Duration.ofMinutes(1);
  private String url = "http://127.0.0.1:8084";
  private String service = "payments";
  private int faults = 1;

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

  RunSpec build() {
    ServiceName name = ServiceName.of(service);
    List<FaultRequest> method = new ArrayList<>();
    for (int i = 0; i < faults; i++) {
      method.add(
          new FaultRequest(FaultKind.of("fake/slow"), name, Map.of("url", url), Map.of(), fault));
    }
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
            BlastRadius.of(name),
            method,
            List.of(),
            HaltPolicy.DEFAULT,
            Experiment.Timing.DEFAULT),
        Trigger.MANUAL,
        "0123456789abcdef0123456789abcdef");
  }
}

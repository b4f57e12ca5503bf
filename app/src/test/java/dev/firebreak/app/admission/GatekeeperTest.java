package dev.firebreak.app.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.app.run.ActiveRuns;
import dev.firebreak.app.run.Gates.Gate;
import dev.firebreak.app.run.HomeLocks;
import dev.firebreak.run.RunSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatekeeperTest {
  private static final Instant AT = Instant.parse("2026-11-23T10:00:00Z");

  @TempDir private Path home = Path.of("");
  private KillSwitch killSwitch = new KillSwitch(home);
  private Gatekeeper gates =
      new Gatekeeper(home, killSwitch, new HomeLocks(home), new ActiveRuns(home));

  @BeforeEach
  void open() {
    killSwitch = new KillSwitch(home);
    gates = new Gatekeeper(home, killSwitch, new HomeLocks(home), new ActiveRuns(home));
  }

  @Test
  void anOrdinaryRunMayStart() {
    try (Gate gate = gates.gate(List.of())) {
      assertThat(gate.objections(Specs.plain().build())).isEmpty();
    }
  }

  @Test
  void noRunStartsWhileAnotherIsNotRecovered() {
    try (Gate gate = gates.gate(List.of("run x is damaged"))) {
      assertThat(gate.objections(Specs.plain().build())).containsExactly("run x is damaged");
    }
  }

  @Test
  void noRunStartsUntilAPersonReleasesTheKillSwitch() throws Exception {
    killSwitch.engage("an incident", "ann", AT);
    killSwitch.engage("another reason", "bob", AT);
    assertThat(gates.stopped().orElse("")).contains("an incident").contains("ann");
    try (Gate gate = gates.gate(List.of())) {
      assertThat(gate.objections(Specs.plain().build())).hasSize(1);
    }

    assertThat(killSwitch.release("it is over", "ann", AT)).isTrue();
    try (Gate gate = gates.gate(List.of())) {
      assertThat(gate.objections(Specs.plain().build())).isEmpty();
    }
    assertThat(home.resolve("kill-switch.log")).content().contains("it is over", "an incident");
  }

  @Test
  void anEmptyFileEngagesTheKillSwitch() throws Exception {
    Files.createFile(killSwitch.file());

    assertThat(gates.stopped()).isPresent();
  }

  @Test
  void atMostOneRunHasATarget() throws Exception {
    Files.writeString(home.resolve("limits"), "faults-at-once = 5");
    try (Gate first = gates.gate(List.of());
        Gate second = gates.gate(List.of());
        Gate third = gates.gate(List.of())) {
      assertThat(first.objections(Specs.plain().build())).isEmpty();
      assertThat(second.objections(Specs.plain().on("cart").build()))
          .singleElement()
          .asString()
          .contains("127.0.0.1:8084");
      assertThat(third.objections(Specs.plain().on("stock").reaching("http://127.0.0.1:1").build()))
          .isEmpty();
    }
    try (Gate next = gates.gate(List.of())) {
      assertThat(next.objections(Specs.plain().build())).isEmpty();
    }
  }

  @Test
  void allRunsOfAMachineTogetherKeepToTheNumberOfFaults() {
    try (Gate first = gates.gate(List.of());
        Gate second = gates.gate(List.of())) {
      assertThat(first.objections(Specs.plain().build())).isEmpty();
      assertThat(second.objections(Specs.plain().on("cart").reaching("http://127.0.0.1:1").build()))
          .singleElement()
          .asString()
          .contains("faults-at-once allows 1");
    }
  }

  @Test
  void whatAnInjectorFindsItsTargetByIsATargetToo() throws Exception {
    Files.writeString(home.resolve("limits"), "faults-at-once = 5");
    Map<String, String> process = Map.of("pid", "4711");
    try (Gate first = gates.gate(List.of());
        Gate second = gates.gate(List.of())) {
      assertThat(first.objections(Specs.plain().targeting(process).build())).isEmpty();
      assertThat(second.objections(Specs.plain().on("cart").targeting(process).build()))
          .containsExactly("another run on this machine has the same target: target {pid=4711}");
    }
  }

  @Test
  void theSameServiceOfAnotherEnvironmentIsAnotherTarget() throws Exception {
    Files.writeString(home.resolve("limits"), "faults-at-once = 5");
    try (Gate first = gates.gate(List.of());
        Gate second = gates.gate(List.of())) {
      assertThat(first.objections(Specs.plain().build())).isEmpty();
      assertThat(second.objections(Specs.plain().in("test").reaching("http://127.0.0.1:1").build()))
          .isEmpty();
    }
  }

  @Test
  void asManyFaultsMayRunAsTheLimitSays() throws Exception {
    Files.writeString(home.resolve("limits"), "faults-at-once = 2");
    try (Gate first = gates.gate(List.of());
        Gate second = gates.gate(List.of());
        Gate third = gates.gate(List.of())) {
      assertThat(first.objections(Specs.plain().build())).isEmpty();
      assertThat(second.objections(other("cart", 1))).isEmpty();
      assertThat(third.objections(other("stock", 2))).hasSize(1);
    }
  }

  private static RunSpec other(String service, int port) {
    return Specs.plain().on(service).reaching("http://127.0.0.1:" + port).build();
  }

  @Test
  void aRunThatIsOverTakesNothingAnyMore() {
    Gate gate = gates.gate(List.of());
    gate.close();

    assertThat(gate.objections(Specs.plain().build())).containsExactly("the run is over");
    try (Gate next = gates.gate(List.of())) {
      assertThat(next.objections(Specs.plain().build())).isEmpty();
    }
  }

  @Test
  void theSizeOfTheSystemIsAskedForOnceItIsKnown() throws Exception {
    Files.writeString(home.resolve("limits"), "injected-services = 2");
    RunSpec two = Specs.plain().with("cart").build();
    try (Gate gate = gates.gate(List.of())) {
      assertThat(gate.objections(two)).isEmpty();
      assertThat(gate.objections(two, Specs.planAmong("web", "stock"))).isEmpty();
      assertThat(gate.objections(two, Specs.planAmong("web"))).hasSize(1);

      Files.writeString(home.resolve("limits"), "injected = 2");
      assertThat(gate.objections(two, Specs.planAmong("web", "stock")))
          .singleElement()
          .asString()
          .startsWith("the limits cannot be read: ");
    }
  }

  @Test
  void limitsThatCannotBeReadAllowNothing() throws Exception {
    Files.writeString(home.resolve("limits"), "faults = 5");
    try (Gate gate = gates.gate(List.of())) {
      assertThat(gate.objections(Specs.plain().build()))
          .singleElement()
          .asString()
          .contains("the limits cannot be read");
    }
  }
}

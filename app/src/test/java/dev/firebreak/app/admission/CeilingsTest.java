package dev.firebreak.app.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CeilingsTest {
  @TempDir private Path home = Path.of("");

  @Test
  void anOrdinaryRunIsBelowAllOfThem() {
    assertThat(Ceilings.DEFAULT.violations(Specs.plain().build())).isEmpty();
  }

  @Test
  void noFileRunsLongerThanTheyAllow() {
    assertThat(Ceilings.DEFAULT.violations(Specs.plain().lasting(Duration.ofMinutes(29)).build()))
        .containsExactly(
            "the run takes 1860 s with baseline, fault and recovery; longest-run allows 1800 s");
  }

  @Test
  void noFileInjectsMoreFaultsAtOnce() {
    assertThat(Ceilings.DEFAULT.violations(Specs.plain().times(2).build()))
        .containsExactly("the method has 2 faults; faults-at-once allows 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"prod", "Production", "prod-eu", "live", "PROD_2"})
  void productionHasToBeNamed(String environment) throws Exception {
    assertThat(Ceilings.DEFAULT.violations(Specs.plain().in(environment).build()))
        .singleElement()
        .asString()
        .contains("looks like production");
    write("environments = staging, " + environment);
    assertThat(CeilingsFile.read(home).environments().orElse(Set.of())).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:8084",
        "http://localhost/x",
        "http://127.9.9.9",
        "http://[::1]:80/",
        "https://stage.example.org/x",
        "http://other.example.org:8080"
      })
  void loopbackAndListedHostsMayBeReached(String address) throws Exception {
    write("hosts = stage.example.org, other.example.org:8080");
    assertThat(CeilingsFile.read(home).violations(Specs.plain().reaching(address).build()))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.org",
        "http://other.example.org:8081",
        "http://127.0.0.1.example.org",
        "http://localhost.example.org",
        "http://stage.example.org.evil"
      })
  void noOtherHostIsReached(String address) throws Exception {
    write("hosts = stage.example.org, other.example.org:8080");
    assertThat(CeilingsFile.read(home).violations(Specs.plain().reaching(address).build()))
        .singleElement()
        .asString()
        .startsWith("a fault reaches ");
  }

  @Test
  void theCredentialsOfCloudMachinesAreOutOfReachUnlessListed() {
    assertThat(
            Ceilings.DEFAULT.violations(
                Specs.plain().reaching("http://169.254.169.254/latest").build()))
        .hasSize(1);
  }

  @Test
  void readsWhatTheFileSays() throws Exception {
    write(
        """
        # what this machine may do
        longest-run = 2h
        faults-at-once = 3     # two teams
        injected-services = 2
        injected-share = 20%
        longest-blindness = 90s
        """);

    assertThat(CeilingsFile.read(home))
        .isEqualTo(
            new Ceilings(
                Duration.ofHours(2),
                3,
                2,
                0.2,
                Duration.ofSeconds(90),
                Optional.empty(),
                Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "longest-runs = 2h",
        "longest-run = 2",
        "longest-run",
        "faults-at-once = 0",
        "faults-at-once = -1",
        "injected-share = 101%",
        "injected-share = NaN%",
        "hosts = ",
        "hosts = a,,b",
        "longest-run = 1h\nlongest-run = 2h"
      })
  void whatIsNotUnderstoodIsNeverPassedOver(String text) throws Exception {
    write(text);
    assertThatThrownBy(() -> CeilingsFile.read(home))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("limits");
  }

  private void write(String text) throws IOException {
    Files.writeString(home.resolve("limits"), text);
  }
}

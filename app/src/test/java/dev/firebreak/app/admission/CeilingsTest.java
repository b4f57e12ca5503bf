package dev.firebreak.app.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firebreak.run.RunSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
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

  @Test
  void aRunOfExactlyTheLongestTimeIsAllowed() {
    assertThat(Ceilings.DEFAULT.violations(Specs.plain().lasting(Duration.ofMinutes(28)).build()))
        .isEmpty();
  }

  @Test
  void noFileInjectsIntoMoreServices() {
    assertThat(Ceilings.DEFAULT.violations(Specs.plain().with("cart").build()))
        .containsExactly("the blast radius injects into 2 services; injected-services allows 1");
  }

  @Test
  void noFileIsBlindForLonger() {
    assertThat(Ceilings.DEFAULT.violations(Specs.plain().blindFor(minuteAnd(0)).build())).isEmpty();
    assertThat(Ceilings.DEFAULT.violations(Specs.plain().blindFor(minuteAnd(1)).build()))
        .containsExactly("blindAfter is 61 s; longest-blindness allows 60 s");
  }

  private static Duration minuteAnd(int seconds) {
    return Duration.ofMinutes(1).plusSeconds(seconds);
  }

  @Test
  void noFileInjectsIntoALargerShareOfTheSystem() {
    RunSpec two = Specs.plain().with("cart").build();
    assertThat(Ceilings.DEFAULT.violations(two, Specs.planAmong("web", "stock"))).isEmpty();
    assertThat(Ceilings.DEFAULT.violations(two, Specs.planAmong("web")))
        .containsExactly(
            "the blast radius injects into 2 of 3 services; injected-share allows 50%");
  }

  @Test
  void oneServiceMayBeInjectedIntoHoweverSmallTheSystemIs() {
    assertThat(Ceilings.DEFAULT.violations(Specs.plain().build(), Specs.planAmong())).isEmpty();
  }

  @Test
  void whatIsNotAmongTheEnvironmentsIsNamedWithThem() throws Exception {
    write("environments = staging, Test");
    assertThat(CeilingsFile.read(home).violations(Specs.plain().in("dev").build()))
        .containsExactly("the environment is \"dev\"; environments allows [staging, test]");
    assertThat(CeilingsFile.read(home).violations(Specs.plain().in("TEST").build())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"prod", "Production", "prod-eu", "live", "PROD_2"})
  void productionHasToBeNamed(String environment) throws Exception {
    assertThat(Ceilings.DEFAULT.violations(Specs.plain().in(environment).build()))
        .singleElement()
        .asString()
        .contains("looks like production");
    write("environments = staging, " + environment);
    assertThat(CeilingsFile.read(home).violations(Specs.plain().in(environment).build())).isEmpty();
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
        .containsExactly(
            "a fault reaches 169.254.169.254; hosts allows loopback and all others but link-local"
                + " addresses");
    assertThat(Ceilings.DEFAULT.violations(Specs.plain().reaching("http://[fe80::1]/x").build()))
        .hasSize(1);
  }

  @Test
  void anUndoActionReachesNoOtherHostEither() throws Exception {
    write("hosts = stage.example.org");
    RunSpec spec = Specs.plain().undoing(Map.of("look", "https://example.org/x")).build();
    assertThat(CeilingsFile.read(home).violations(spec))
        .containsExactly(
            "a fault reaches example.org; hosts allows loopback and [stage.example.org]");
  }

  @Test
  void aPortThatIsNotGivenIsTheOneOfItsScheme() throws Exception {
    write("hosts = a.example.org:443, b.example.org:80");
    Ceilings ceilings = CeilingsFile.read(home);
    assertThat(ceilings.violations(Specs.plain().reaching("https://a.example.org").build()))
        .isEmpty();
    assertThat(ceilings.violations(Specs.plain().reaching("http://b.example.org").build()))
        .isEmpty();
    assertThat(ceilings.violations(Specs.plain().reaching("http://a.example.org").build()))
        .hasSize(1);
  }

  @Test
  void everyMistakeIsNamedWithItsPlaceAndWhatIsAllowed() throws Exception {
    write("longest-run = 2\n\nfault-at-once = 3\ninjected-share = 0%\ninjected-share = 5%");
    Path file = home.resolve("limits");
    assertThatThrownBy(() -> CeilingsFile.read(home))
        .message()
        .contains(file + ":3: \"fault-at-once = 3\" is not understood; allowed: key = value")
        .contains(file + ":5: injected-share is given twice")
        .contains(file + ": longest-run is \"2\"; allowed: a duration such as 30m")
        .contains(file + ": injected-share is \"0%\"; allowed: 1% to 100%");
  }

  @Test
  void durationsMayBeInSecondsMinutesOrHours() throws Exception {
    write("longest-run = 45m");
    assertThat(CeilingsFile.read(home).longestRun()).isEqualTo(Duration.ofMinutes(45));
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

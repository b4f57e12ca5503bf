package dev.firebreak.probes.origin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.probe.Change;
import dev.firebreak.probe.Change.Kind;
import dev.firebreak.probes.signal.Labels;
import dev.firebreak.service.ServiceName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChangeWatchTest {
  private static final ServiceName CART = ServiceName.of("cart");
  private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
  private static final double START = NOW.getEpochSecond() - 3_600;

  private final ChangeWatch watch = new ChangeWatch();
  private int seconds;

  /** The next look, five seconds after the one before. */
  private final class Look {
    private final Origins origins = new Origins(NOW.plusSeconds(seconds += 5));

    private Look start(double start) {
      origins.add(CART, "process_start_time_seconds", Labels.none(), start);
      return this;
    }

    private Look containerStart(double start) {
      Labels labels = Labels.of(Map.of("container", "cart"));
      origins.add(CART, "container_start_time_seconds", labels, start);
      return this;
    }

    private Look runs(String... versions) {
      for (String version : versions) {
        origins.add(CART, "cart_build_info", Labels.of(Map.of("version", version)), 1);
      }
      return this;
    }

    private List<Change> changes() {
      return watch.changes(origins);
    }
  }

  @Test
  void whatIsSeenForTheFirstTimeIsNoChange() {
    assertThat(new Look().start(START).runs("1.0", "1.1").changes()).isEmpty();
  }

  @Test
  void aLaterStartIsARestartAndIsToldOnce() {
    var unused = new Look().start(START).changes();

    assertThat(new Look().start(START + 3_605).changes())
        .containsExactly(
            new Change(
                CART, Kind.RESTART, "process start 2026-11-23T09:00:00Z → 2026-11-23T10:00:05Z"));
    assertThat(new Look().start(START + 3_605).changes()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        0,
        -1,
        3_600,
        1.8e12,
        4e9
      })
  void aStartThatIsNoTimeIsNoChangeAndIsNotRemembered(double garbage) {
    var unused = new Look().start(START).changes();

    assertThat(new Look().start(garbage).changes()).isEmpty();
    assertThat(new Look().start(START).changes()).isEmpty();
    assertThat(new Look().start(START + 60).changes()).hasSize(1);
  }

  @Test
  void aStartThatWobblesAsClocksAreSetIsNoRestart() {
    for (double wobble : new double[] {0, 1, -0.5, 0.9, 1.4, 2}) {
      assertThat(new Look().start(START + wobble).changes()).isEmpty();
    }
  }

  @Test
  void anInstanceThatComesBackIntoSightIsNoRestart() {
    var unused = new Look().start(START).start(START + 100).changes();

    assertThat(new Look().start(START).changes()).isEmpty();
    assertThat(new Look().changes()).isEmpty();
    assertThat(new Look().start(START).start(START + 100).changes()).isEmpty();
  }

  @Test
  void aRestartWhileNobodyLookedIsToldWhenItIsSeen() {
    var unused = new Look().start(START).changes();
    unused = new Look().changes();

    assertThat(new Look().start(START + 60).changes()).hasSize(1);
  }

  @Test
  void theContainerOfAProcessThatTellsItsStartIsNotToldAgain() {
    var unused = new Look().start(START).containerStart(START - 2).changes();

    assertThat(new Look().start(START).containerStart(START + 97).changes()).isEmpty();
    assertThat(new Look().start(START + 100).changes()).hasSize(1);
  }

  @Test
  void whereOnlyTheContainerTellsItsStartThatCounts() {
    var unused = new Look().containerStart(START).changes();

    assertThat(new Look().containerStart(START + 100).changes())
        .singleElement()
        .satisfies(change -> assertThat(change.detail()).startsWith("container start "));
  }

  @Test
  void aVersionThatDidNotRunBeforeIsADeploy() {
    var unused = new Look().runs("1.0").changes();

    assertThat(new Look().runs("1.1").changes())
        .containsExactly(new Change(CART, Kind.DEPLOY, "version 1.0 → version 1.1"));
    assertThat(new Look().runs("1.1").changes()).isEmpty();
  }

  @Test
  void aRollingDeployIsToldWhenTheVersionAppearsAndNotWhenTheOldOneGoes() {
    var unused = new Look().runs("1.0").changes();

    assertThat(new Look().runs("1.0", "1.1").changes()).hasSize(1);
    assertThat(new Look().runs("1.1").changes()).isEmpty();
  }

  @Test
  void aCanaryThatIsNotSeenForSomeLooksIsNotDeployedAnew() {
    var unused = new Look().runs("1.0", "1.1").changes();
    unused = new Look().runs("1.0").changes();
    unused = new Look().runs("1.0").changes();

    assertThat(new Look().runs("1.0", "1.1").changes()).isEmpty();
  }

  @Test
  void goingBackToAVersionThatWasGoneIsADeploy() {
    var unused = new Look().runs("1.0").changes();
    for (int i = 0; i < 15; i++) {
      unused = new Look().runs("1.1").changes();
    }

    assertThat(new Look().runs("1.0").changes())
        .extracting(Change::detail)
        .containsExactly("version 1.1 → version 1.0");
  }

  @Test
  void aServiceThatIsNotSeenAtAllKeepsItsVersions() {
    var unused = new Look().runs("1.0", "1.1").changes();
    seconds += 600;
    unused = new Look().changes();
    unused = new Look().runs("1.0").changes();

    assertThat(new Look().runs("1.0", "1.1").changes()).isEmpty();
  }

  @Test
  void aBuildIsKnownByEachOfItsVersionLabelsAndByNothingElse() {
    assertThat(build(Map.of("revision", "ab12", "version", "1", "goversion", "1.22"))).isEmpty();
    assertThat(build(Map.of("revision", "ab12", "version", "1", "goversion", "1.23"))).isEmpty();
    assertThat(build(Map.of("revision", "cd34", "version", "1", "goversion", "1.23")))
        .extracting(Change::detail)
        .containsExactly("version 1, revision ab12 → version 1, revision cd34");
  }

  @Test
  void labelsThatAreNotFitToPrintAreMadeSo() {
    assertThat(build(Map.of("tag", "a"))).isEmpty();
    assertThat(build(Map.of("tag", "\u001b[2Jb\n" + "x".repeat(5_000))))
        .singleElement()
        .satisfies(
            change ->
                assertThat(change.detail()).startsWith("tag a → tag ?[2Jb?x").hasSizeLessThan(100));
  }

  private List<Change> build(Map<String, String> labels) {
    Look look = new Look();
    look.origins.add(CART, "application_info", Labels.of(labels), 1);
    return look.changes();
  }

  @Test
  void metricsThatOnlyLookAlikeAreNotTaken() {
    Look look = new Look();
    look.origins.add(CART, "jvm_info", Labels.of(Map.of("version", "17")), 1);
    look.origins.add(CART, "process_start_time", Labels.none(), START);
    look.origins.add(
        CART, "container_start_time_seconds", Labels.of(Map.of("container", "POD")), START);

    assertThat(look.origins.versions()).isEmpty();
    assertThat(look.origins.processStarts()).isEmpty();
    assertThat(look.origins.containerStarts()).isEmpty();
  }
}

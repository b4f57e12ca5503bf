package dev.firebreak.annotations.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.annotations.Story;
import dev.firebreak.annotations.grafana.FakeAnnotations.Stored;
import dev.firebreak.annotations.grafana.OperationListener.Operation;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.Halted;
import dev.firebreak.run.RunEvent.InjectionAcknowledged;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Grafana, a folder for the outbox, and what a run is to leave there. Waits of an outbox are
 * short.
 */
abstract class MarkedGrafana {
  /** Long enough for a busy machine; nothing waits for all of it. */
  static final Duration SOON = Duration.ofSeconds(30);

  final Queue<String> operations = new ConcurrentLinkedQueue<>();
  FakeGrafana grafana;
  Path directory;

  @BeforeEach
  final void startGrafana(@TempDir Path temporary) throws IOException {
    grafana = FakeGrafana.start();
    directory = temporary;
  }

  @AfterEach
  final void nothingWasSentThatGrafanaMisreads() {
    grafana.close();
    assertThat(grafana.violations()).isEmpty();
  }

  /** By which of Grafana's interfaces marks are made. */
  AnnotationApi api() {
    return AnnotationApi.LEGACY;
  }

  /** Short waits, and so many runs in memory. */
  static Pace quick(int mostRuns) {
    return new Pace(
        Duration.ofMillis(5),
        Duration.ofMillis(50),
        Duration.ofMillis(300),
        Duration.ofDays(7),
        Duration.ofDays(30),
        mostRuns);
  }

  final void theMarksOfTheCascadeAreThereOnce() {
    assertThat(grafana.annotations()).hasSize(4);
    assertThat(region("payments").time()).isEqualTo(Story.at(31).toEpochMilli());
    assertThat(region("payments").timeEnd()).isEqualTo(Story.at(46).toEpochMilli());
    assertThat(region("payments").text()).contains("CASCADED");
    assertThat(escape().has("service:gateway")).isTrue();
    assertThat(escape().time()).isEqualTo(Story.at(39).toEpochMilli());
    assertThat(escape().timeEnd()).isEqualTo(Story.at(51).toEpochMilli());
    assertPoint("role:halt", "env:staging", 43);
    assertPoint("role:rollback", "service:payments", 43);
    assertThat(grafana.annotations("role:rollback").get(0).text()).contains("verified");
  }

  final void assertPoint(String role, String tag, int second) {
    assertThat(grafana.annotations(role)).hasSize(1);
    Stored point = grafana.annotations(role).get(0);
    assertThat(point.tags()).contains(tag, "firebreak");
    assertThat(point.time()).isEqualTo(point.timeEnd()).isEqualTo(Story.at(second).toEpochMilli());
  }

  final Stored region(String service) {
    List<Stored> regions =
        grafana.annotations("role:injected").stream()
            .filter(stored -> stored.has("service:" + service))
            .toList();
    assertThat(regions).hasSize(1);
    assertThat(regions.get(0).isRegion()).isTrue();
    return regions.get(0);
  }

  final void run(List<RunEvent> events) throws IOException {
    run(events, GrafanaSettings.DEFAULT_READ_TIMEOUT);
  }

  /** As a run goes: the region and the halt are in Grafana before the next things happen. */
  final void run(List<RunEvent> events, Duration readTimeout) throws IOException {
    try (GrafanaOutbox outbox = outbox(readTimeout)) {
      GrafanaAnnotator annotator = new GrafanaAnnotator(outbox, MarkLinks.none());
      for (RunEvent event : events) {
        annotator.on(event);
        if (event instanceof InjectionAcknowledged || event instanceof Halted) {
          assertThat(outbox.flush(SOON)).isZero();
        }
      }
      assertThat(outbox.flush(SOON)).isZero();
    }
  }

  static void tell(GrafanaAnnotator annotator, List<RunEvent> events) {
    events.forEach(annotator::on);
  }

  static List<RunEvent> until(List<RunEvent> events, Class<? extends RunEvent> last) {
    for (int i = 0; i < events.size(); i++) {
      if (last.isInstance(events.get(i))) {
        return events.subList(0, i + 1);
      }
    }
    throw new AssertionError("no " + last);
  }

  static void waitFor(BooleanSupplier condition) {
    long deadline = System.nanoTime() + SOON.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited in vain");
      }
      Thread.onSpinWait();
    }
  }

  final GrafanaOutbox outbox() throws IOException {
    return outbox(grafana.url());
  }

  final GrafanaOutbox outbox(URI url) throws IOException {
    return outbox(url, directory);
  }

  final GrafanaOutbox outbox(Duration readTimeout) throws IOException {
    return outbox(grafana.url(), directory, InstantSource.system(), readTimeout);
  }

  final GrafanaOutbox outbox(URI url, Path home) throws IOException {
    return outbox(url, home, InstantSource.system());
  }

  final GrafanaOutbox outbox(URI url, Path home, InstantSource clock) throws IOException {
    return outbox(url, home, clock, GrafanaSettings.DEFAULT_READ_TIMEOUT);
  }

  final GrafanaOutbox outbox(URI url, Path home, InstantSource clock, Duration readTimeout)
      throws IOException {
    GrafanaSettings settings =
        new GrafanaSettings(
            url, FakeGrafana.TOKEN, OptionalLong.empty(), readTimeout, Optional.empty(), api());
    return new GrafanaOutbox(settings, home, clock, this::count, quick(500));
  }

  private void count(Operation operation, boolean succeeded) {
    operations.add(operation + (succeeded ? " ok" : " failed"));
  }

  final Stored escape() {
    assertThat(grafana.annotations("role:escaped")).hasSize(1);
    return grafana.annotations("role:escaped").get(0);
  }
}

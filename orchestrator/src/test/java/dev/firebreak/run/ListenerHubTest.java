package dev.firebreak.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.run.RunEvent.PhaseEntered;
import dev.firebreak.run.RunEvent.SamplesTaken;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ListenerHubTest {
  private static final Instant AT = Instant.parse("2026-11-23T10:00:00Z");
  private static final Duration DRAIN = Duration.ofSeconds(10);

  @Test
  void aListenerThatHangsDelaysNobody() throws InterruptedException {
    CountDownLatch release = new CountDownLatch(1);
    List<RunEvent> heard = new ArrayList<>();
    CountDownLatch told = new CountDownLatch(2);
    RunListener hanging = event -> awaitQuietly(release);
    RunListener listening =
        event -> {
          heard.add(event);
          told.countDown();
        };
    ListenerHub hub = new ListenerHub(List.of(hanging, listening), Thread::new, DRAIN);

    hub.on(phase(Phase.PREFLIGHT));
    hub.on(phase(Phase.BASELINE));

    assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(heard).containsExactly(phase(Phase.PREFLIGHT), phase(Phase.BASELINE));
    release.countDown();
    hub.close();
  }

  @Test
  void aListenerThatThrowsIsToldTheNextEventToo() {
    List<RunEvent> heard = new ArrayList<>();
    RunListener failing =
        event -> {
          heard.add(event);
          throw new IllegalStateException("this one is for the test");
        };
    try (ListenerHub hub = new ListenerHub(List.of(failing), Thread::new, DRAIN)) {
      hub.on(phase(Phase.PREFLIGHT));
      hub.on(phase(Phase.BASELINE));
    }

    assertThat(heard).hasSize(2);
  }

  @Test
  void behindASlowListenerSamplesAreDroppedButNothingThatHappened() {
    CountDownLatch release = new CountDownLatch(1);
    List<RunEvent> heard = new ArrayList<>();
    RunListener slow =
        event -> {
          awaitQuietly(release);
          heard.add(event);
        };
    try (ListenerHub hub = new ListenerHub(List.of(slow), Thread::new, DRAIN)) {
      for (int i = 0; i < 1_500; i++) {
        hub.on(new SamplesTaken(AT, List.of(1.0)));
      }
      hub.on(phase(Phase.ROLLBACK));
      assertThat(hub.dropped()).isBetween(1L, 1_499L);
      release.countDown();
    }

    assertThat(heard).contains(phase(Phase.ROLLBACK));
  }

  private static PhaseEntered phase(Phase phase) {
    return new PhaseEntered(AT, phase);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

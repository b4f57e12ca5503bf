package dev.firebreak.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SteadyLoopTest {
  private Instant wall = Instant.parse("2026-11-23T10:00:00Z");
  private long nanos = 5_000_000_000L;
  private final SteadyLoop loop = new SteadyLoop(new Clocks());

  @Test
  void theWallClockFollowsTheMonotonicOneWhateverSetsIt() {
    Instant began = loop.now();
    wall = wall.minus(Duration.ofHours(1));
    nanos += Duration.ofSeconds(3).toNanos();

    assertThat(loop.now()).isEqualTo(began.plusSeconds(3));
    assertThat(loop.nanoTime()).isEqualTo(nanos);
  }

  private final class Clocks implements RunLoop {
    @Override
    public Instant now() {
      return wall;
    }

    @Override
    public long nanoTime() {
      return nanos;
    }

    @Override
    public void work(Runnable task) {
      throw new AssertionError("nothing is to be done");
    }

    @Override
    public void post(Runnable message) {
      throw new AssertionError("nothing is to be said");
    }

    @Override
    public void next(long untilNanos) {
      throw new AssertionError("nothing is waited for");
    }
  }
}

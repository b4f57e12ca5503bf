package dev.firebreak.cascade;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.firebreak.cascade.Tracks.Track;
import dev.firebreak.cascade.Yardstick.Way;
import dev.firebreak.experiment.SmallestEffect;
import dev.firebreak.probe.Signal.Kind;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

class TracksTest {
  private static Tracks track(double decorrelation, int persistence) {
    Yardstick yardstick = Yardstick.of(Kind.LATENCY, Way.UP, SmallestEffect.DEFAULT, 0.1);
    Baseline baseline =
        new Baseline(yardstick.measure(0.1), 0.1, 0.1, decorrelation, persistence, 2 * persistence);
    return track(yardstick, baseline, new Rarity(0, Integer.MAX_VALUE));
  }

  private static Tracks track(Yardstick yardstick, Baseline baseline, Rarity rarity) {
    Track track = new Track(0, yardstick, baseline, yardstick.measure(0.15), rarity);
    return new Tracks(List.of(track), 1000, 6);
  }

  @Test
  void hasEvidenceOnlyOfWhatLasts() {
    Tracks tracks = track(4, 3);

    tracks.take(0, 1, 1000, 1);
    tracks.take(0, 1, 2000, 2);
    assertThat(tracks.evidence(0)).isZero();

    tracks.take(0, 1, 3000, 3);
    assertThat(tracks.evidence(0)).isGreaterThan(5);
    assertThat(tracks.onset(0)).isEqualTo(1000);
  }

  @Test
  void growsSurerWithEveryIndependentLook() {
    Tracks tracks = track(1, 2);
    double before = 0;
    for (int i = 1; i <= 6; i++) {
      tracks.take(0, 0.3, 1000L * i, i);
      if (i >= 2) {
        assertThat(tracks.evidence(0)).isGreaterThan(before);
      }
      before = tracks.evidence(0);
    }
  }

  @Test
  void toleratesOneSampleThatIsWell() {
    Tracks tracks = track(1, 2);
    for (int i = 1; i <= 5; i++) {
      tracks.take(0, i == 3 ? 0.1 : 0.4, 1000L * i, i);
    }

    assertThat(tracks.evidence(0)).isGreaterThan(10);
    assertThat(tracks.onset(0)).isEqualTo(1000);
  }

  @Test
  void asksForMoreTheLaterItBegins() {
    Tracks early = track(1, 2);
    Tracks late = track(1, 2);
    for (int i = 1; i <= 4; i++) {
      early.take(0, 0.4, 1000L * i, i);
      late.take(0, 0.4, 1000L * i, 100 + i);
    }

    assertThat(early.evidence(0)).isGreaterThan(late.evidence(0) + 7);
  }

  @Test
  void allocatesNothingPerSample() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Tracks tracks = track(3, 3);
    run(tracks);
    long before = threads.getCurrentThreadAllocatedBytes();
    run(tracks);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    // Less than a byte a sample: the measuring itself may cost a little.
    assertThat(allocated).isLessThan(100_000);
  }

  private static void run(Tracks tracks) {
    for (int i = 1; i <= 100_000; i++) {
      tracks.take(0, i % 10 < 7 ? 0.5 : 0.1, 1000L * i, i);
    }
  }

  @Test
  void addsUpALevelOfLittleSurpriseIfItStays() {
    Yardstick yardstick = Yardstick.of(Kind.LATENCY, Way.UP, SmallestEffect.DEFAULT, 0.1);
    Baseline wide = new Baseline(yardstick.measure(0.1), 0.1, 0.5, 4, 4, 8);
    Tracks tracks = track(yardstick, wide, new Rarity(0, Integer.MAX_VALUE));

    for (int i = 1; i <= 20; i++) {
      tracks.take(0, 0.17, 1000L * i, i);
    }
    double afterFiveLooks = tracks.evidence(0);
    for (int i = 21; i <= 60; i++) {
      tracks.take(0, 0.17, 1000L * i, i);
    }

    assertThat(tracks.evidence(0)).isGreaterThan(2.5 * afterFiveLooks);
    assertThat(tracks.onset(0)).isEqualTo(1000);
  }

  @Test
  void countsHowSeldomItWasBadOnlyForWhatOutlastsTheHistory() {
    Yardstick yardstick = Yardstick.of(Kind.LATENCY, Way.UP, SmallestEffect.DEFAULT, 0.1);
    Baseline wide = new Baseline(yardstick.measure(0.1), 0.1, 0.5, 1, 2, 2);
    Tracks seldom = track(yardstick, wide, new Rarity(3, 5));
    Tracks unknown = track(yardstick, wide, new Rarity(0, Integer.MAX_VALUE));

    for (int i = 1; i <= 4; i++) {
      seldom.take(0, 0.17, 1000L * i, i);
      unknown.take(0, 0.17, 1000L * i, i);
    }
    assertThat(seldom.evidence(0)).isEqualTo(unknown.evidence(0));

    seldom.take(0, 0.17, 5000, 5);
    assertThat(seldom.evidence(0)).isGreaterThan(14);
  }
}

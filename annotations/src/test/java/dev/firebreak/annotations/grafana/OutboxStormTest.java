package dev.firebreak.annotations.grafana;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.annotations.Story;
import dev.firebreak.annotations.grafana.FakeAnnotations.Stored;
import dev.firebreak.annotations.grafana.FakeAppAnnotations.Backend;
import dev.firebreak.annotations.grafana.StormyTransport.Killed;
import dev.firebreak.run.Outcome;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.RunOpened;
import dev.firebreak.run.RunId;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * For one simulated hour Grafana answers 429, 500, 401, nothing, or late, or does what it is asked
 * and drops the reply, while 200 runs are marked by a Firebreak that is killed three times, each
 * time with a request on its way. Then every mark is there once, and every region has its end.
 */
class OutboxStormTest {
  private static final int RUNS = 200;
  private static final long HOUR = Duration.ofHours(1).toMillis();
  private static final long START = Story.START.toEpochMilli();

  private final SimulatedTime time = new SimulatedTime(Story.START);
  private final FakeAnnotations grafana = new FakeAnnotations(time::millis);
  private final List<MarkedRun> runs = new ArrayList<>();

  @TempDir(factory = Memory.class)
  private Path directory = Path.of("");

  private Random random = new Random();
  private StormyTransport transport = new StormyTransport(grafana, time, random);

  /** Thousands of writes that are forced to a disk take minutes on some machines. */
  private static final class Memory implements TempDirFactory {
    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context)
        throws IOException {
      Path memory = Path.of("/dev/shm");
      return Files.isWritable(memory)
          ? Files.createTempDirectory(memory, "storm")
          : Files.createTempDirectory("storm");
    }
  }

  /** A run, and whoever marks it in the process of this moment. */
  private static final class MarkedRun {
    final RunId id;
    final List<RunEvent> events;
    final long begins;
    int told;
    @Nullable GrafanaAnnotator annotator;

    MarkedRun(RunId id, List<RunEvent> events, long begins) {
      this.id = id;
      this.events = events;
      this.begins = begins;
    }
  }

  /** Which API, and which store behind it. */
  enum Kind {
    LEGACY,
    APP_THAT_KEEPS_NAMES,
    APP_THAT_GIVES_NAMES
  }

  @ParameterizedTest
  @CsvSource({
    "20261126, LEGACY",
    "7, LEGACY",
    "42, LEGACY",
    "20261126, APP_THAT_KEEPS_NAMES",
    "7, APP_THAT_KEEPS_NAMES",
    "42, APP_THAT_KEEPS_NAMES",
    "20261126, APP_THAT_GIVES_NAMES",
    "42, APP_THAT_GIVES_NAMES"
  })
  void afterAnHourOfStormAndThreeKillsEveryMarkIsThereOnceAndEveryRegionHasItsEnd(
      long seed, Kind kind) throws IOException {
    switch (kind) {
      case LEGACY -> {}
      case APP_THAT_KEEPS_NAMES -> grafana.addAppPlatform(Backend.POSTGRES);
      case APP_THAT_GIVES_NAMES -> grafana.addAppPlatform(Backend.SQL);
    }
    random = new Random(seed);
    transport = new StormyTransport(grafana, time, random);
    plan();
    GrafanaOutbox outbox = outbox();
    for (int kill = 1; kill <= 3; kill++) {
      outbox = killedAndStartedAgain(outbox, START + kill * HOUR / 4);
    }
    time.runUntil(START + HOUR);
    transport.calmDown();
    time.runUntil(START + 2 * HOUR);
    long unsent = outbox.unsent();
    outbox.close();
    tell(seed, kind);
    assertThat(unsent).isZero();
    everyMarkIsThereOnce();
    everyRegionHasItsEnd();
    everyTextIsTheLast();
    assertThat(grafana.violations()).isEmpty();
  }

  private void plan() {
    for (int i = 0; i < RUNS; i++) {
      List<RunEvent> story =
          switch (i % 3) {
            case 0 -> Story.cascaded();
            case 1 -> Story.held();
            default -> Story.interrupted().subList(0, Story.interrupted().size() - 2);
          };
      long latest = HOUR - Duration.ofMinutes(3).toMillis();
      RunId id = new RunId("20261123-10%04d-storm1".formatted(i));
      runs.add(new MarkedRun(id, of(id, story), START + (long) (random.nextDouble() * latest)));
    }
  }

  private static List<RunEvent> of(RunId id, List<RunEvent> story) {
    List<RunEvent> events = new ArrayList<>();
    for (RunEvent event : story) {
      events.add(event instanceof RunOpened opened ? Story.as(id, opened) : event);
    }
    RunEvent last = events.get(events.size() - 1);
    if (!(last instanceof RunEvent.RunClosed)) {
      events.add(new RunEvent.RunClosed(last.at(), Outcome.ABORTED, "ended by a person"));
    }
    return events;
  }

  /** The runs that were not over are told again from the first event, as a recovery does. */
  private GrafanaOutbox killedAndStartedAgain(GrafanaOutbox outbox, long at) throws IOException {
    time.runUntil(at);
    transport.killAtNextRequest();
    try {
      time.runUntil(at + HOUR / 8);
      throw new AssertionError("nothing was sent any more");
    } catch (Killed expected) {
      outbox.close();
    }
    return outbox();
  }

  private GrafanaOutbox outbox() throws IOException {
    GrafanaSettings settings =
        GrafanaSettings.of(URI.create("http://grafana.test"), FakeGrafana.TOKEN);
    GrafanaOutbox outbox =
        new GrafanaOutbox(
            new GrafanaClient(settings, OperationListener.none(), transport),
            directory,
            time,
            Pace.DEFAULT,
            time.worker());
    outbox.resume();
    for (MarkedRun run : runs) {
      GrafanaAnnotator annotator = new GrafanaAnnotator(outbox, MarkLinks.none());
      run.annotator = annotator;
      if (run.told < run.events.size()) {
        run.events.subList(0, run.told).forEach(annotator::on);
        planRest(run, annotator);
      }
    }
    return outbox;
  }

  /** What was planned for the process before goes with it. */
  private void planRest(MarkedRun run, GrafanaAnnotator annotator) {
    for (int i = run.told; i < run.events.size(); i++) {
      RunEvent event = run.events.get(i);
      int place = i;
      long after = Duration.between(Story.START, event.at()).toMillis();
      time.at(
          run.begins + after,
          annotator,
          () -> {
            if (run.annotator == annotator && run.told == place) {
              annotator.on(event);
              run.told = place + 1;
            }
          });
    }
  }

  private void everyMarkIsThereOnce() {
    assertThat(counts()).allSatisfy((mark, count) -> assertThat(count).as(mark).isEqualTo(1));
    assertThat(grafana.stored()).hasSize(expected());
    for (MarkedRun run : runs) {
      List<String> roles = roles(run);
      assertThat(
              grafana.stored().stream()
                  .filter(mark -> mark.has("run:" + run.id))
                  .flatMap(mark -> mark.allTags().stream())
                  .filter(tag -> tag.startsWith("role:"))
                  .toList())
          .as(run.id.value())
          .containsExactlyInAnyOrderElementsOf(roles);
    }
  }

  private void everyRegionHasItsEnd() {
    assertThat(grafana.stored())
        .filteredOn(mark -> mark.has("role:injected"))
        .hasSize(RUNS)
        .allMatch(Stored::isRegion)
        .allSatisfy(
            mark ->
                assertThat(mark.timeEnd() - START)
                    .isIn(
                        Duration.ofSeconds(46).toMillis(),
                        Duration.ofSeconds(94).toMillis(),
                        Duration.ofSeconds(55).toMillis()));
    assertThat(grafana.stored())
        .filteredOn(mark -> mark.has("role:escaped") && mark.text().contains("recovered at"))
        .hasSize((RUNS + 2) / 3)
        .allMatch(mark -> mark.timeEnd() == Story.at(51).toEpochMilli());
  }

  private void everyTextIsTheLast() {
    assertThat(grafana.stored())
        .filteredOn(mark -> mark.has("role:injected"))
        .allMatch(mark -> mark.text().contains("outcome "));
    assertThat(grafana.stored())
        .filteredOn(mark -> mark.has("role:rollback"))
        .allMatch(mark -> mark.text().contains("verified"));
  }

  private static List<String> roles(MarkedRun run) {
    boolean escaped =
        run.events.stream().anyMatch(event -> event instanceof RunEvent.ServiceDegraded);
    return escaped
        ? List.of("role:injected", "role:escaped", "role:halt", "role:rollback")
        : List.of("role:injected", "role:rollback");
  }

  private int expected() {
    return runs.stream().mapToInt(run -> roles(run).size()).sum();
  }

  private Map<String, Long> counts() {
    return grafana.stored().stream()
        .collect(groupingBy(mark -> String.valueOf(Tags.identity(mark.allTags())), counting()));
  }

  private void tell(long seed, Kind kind) {
    long doubled = counts().values().stream().filter(count -> count > 1).count();
    System.out.printf(
        "storm seed=%d api=%s runs=%d marks=%d lost=%d doubled=%d requests=%d %s%n",
        seed,
        kind,
        RUNS,
        expected(),
        expected() - counts().size(),
        doubled,
        transport.seen().values().stream().mapToInt(Integer::intValue).sum(),
        transport.seen());
  }
}

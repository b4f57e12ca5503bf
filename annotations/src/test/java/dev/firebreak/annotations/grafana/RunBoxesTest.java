package dev.firebreak.annotations.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.annotations.Story;
import dev.firebreak.run.RunId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunBoxesTest {
  private static final Pace TWO_RUNS =
      new Pace(
          Duration.ofMillis(5),
          Duration.ofMillis(50),
          Duration.ofMillis(300),
          Duration.ofDays(7),
          Duration.ofDays(30),
          2);

  private final AtomicReference<Instant> now = new AtomicReference<>(Story.START);

  @TempDir private Path directory = Path.of("");

  @Test
  void whatWaitsOnDiskAloneIsOldToo() throws IOException {
    RunBoxes boxes = new RunBoxes(directory, now::get, TWO_RUNS);
    for (int i = 0; i < 4; i++) {
      now.set(Story.at(i));
      finished(boxes, i);
    }
    boxes.putAway();
    assertThat(boxes.inMemory()).isEqualTo(2);
    assertThat(boxes.unsent()).isEqualTo(4);
    assertThat(boxes.oldestUnsent()).hasValue(Story.START);
    boxes.close();
  }

  @Test
  void marksThatNoDiskTakesDoNotFillTheMemory() throws IOException {
    Path home = directory.resolve("outbox");
    RunBoxes boxes = new RunBoxes(home, now::get, TWO_RUNS);
    Files.delete(home);
    for (int i = 0; i < 100; i++) {
      finished(boxes, i);
    }
    boxes.putAway();
    assertThat(boxes.runs()).containsExactly(run(98), run(99));
    boxes.close();
  }

  @Test
  void aFileOfTheVersionBeforeIsReadWithItsNumbers() throws IOException {
    String mark =
        "{\"key\":\"halt\",\"time\":1795393755000,\"timeEnd\":null,\"text\":\"x\",\"tags\":[\"firebreak\"],"
            + "\"withdrawn\":false}";
    Files.writeString(
        directory.resolve(run(1) + ".json"),
        "{\"version\":1,\"run\":\"%s\",\"createdAt\":%d,\"complete\":true,\"entries\":[%s,%s]}"
            .formatted(
                run(1),
                Story.START.toEpochMilli(),
                entry(mark, "17"),
                entry(mark.replace("halt", "other"), "0")));
    RunBoxes boxes = new RunBoxes(directory, now::get, TWO_RUNS);
    boxes.takeUp();
    List<Entry> entries = boxes.marks(run(1)).orElseThrow().entries();
    assertThat(entries.get(0).delivery().id()).isEqualTo("17");
    assertThat(entries.get(1).delivery().id()).isEmpty();
    boxes.close();
  }

  private static String entry(String mark, String id) {
    return ("{\"mark\":%s,\"delivery\":{\"state\":\"ACKNOWLEDGED\",\"id\":%s,\"settled\":null,"
            + "\"patched\":null,\"recheckAt\":0,\"rebuilds\":0}}")
        .formatted(mark, id);
  }

  private static void finished(RunBoxes boxes, int number) {
    Mark mark = Mark.point("halt", Story.START.toEpochMilli(), "x", List.of("firebreak"));
    boxes.change(run(number), marks -> marks.wanting(mark));
    boxes.change(run(number), RunMarks::completed);
  }

  private static RunId run(int number) {
    return new RunId("20261123-10%04d-abc123".formatted(number));
  }
}

package dev.firebreak.app.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.run.JournalException;
import dev.firebreak.run.RunEvent;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class JsonEventCodecTest {
  private static final String GOLDEN = "events.jsonl";

  private final JsonEventCodec codec = new JsonEventCodec();

  @Test
  void everyTypeOfEventHasASample() {
    Set<Class<?>> sampled =
        SampleEvents.ofEveryType().stream().map(Object::getClass).collect(Collectors.toSet());
    assertThat(sampled).isEqualTo(Set.of(RunEvent.class.getPermittedSubclasses()));
  }

  @Test
  void whatIsReadEqualsWhatWasWritten() throws JournalException {
    for (RunEvent event : SampleEvents.ofEveryType()) {
      assertThat(codec.decode(codec.encode(event))).isEqualTo(event);
    }
  }

  @Test
  void theSameEventGivesTheSameBytes() throws JournalException {
    JsonEventCodec another = new JsonEventCodec();
    for (RunEvent event : SampleEvents.ofEveryType()) {
      byte[] bytes = codec.encode(event);
      assertThat(another.encode(event)).isEqualTo(bytes);
      assertThat(another.encode(codec.decode(bytes))).isEqualTo(bytes);
    }
  }

  /** Journals of today must be readable for ever: who changes a line here breaks them. */
  @Test
  void theFormatIsTheOneOnRecord() throws Exception {
    List<String> lines = new ArrayList<>();
    for (RunEvent event : SampleEvents.ofEveryType()) {
      lines.add(new String(codec.encode(event), UTF_8));
    }

    assertThat(lines).isEqualTo(golden());
  }

  @Test
  void whatIsOnRecordCanBeRead() throws Exception {
    List<RunEvent> events = new ArrayList<>();
    for (String line : golden()) {
      events.add(codec.decode(line.getBytes(UTF_8)));
    }

    assertThat(events).isEqualTo(SampleEvents.ofEveryType());
  }

  @Test
  void anEventIsOneLine() throws JournalException {
    for (RunEvent event : SampleEvents.ofEveryType()) {
      assertThat(new String(codec.encode(event), UTF_8)).doesNotContain("\n", "\r");
    }
  }

  @Test
  void bytesWithABitFlippedAreAnEventOrAJournalExceptionAndNothingElse() throws JournalException {
    int read = 0;
    for (RunEvent event : SampleEvents.ofEveryType()) {
      byte[] bytes = codec.encode(event);
      for (int bit = 0; bit < 8 * bytes.length; bit += 5) {
        byte[] flipped = bytes.clone();
        flipped[bit / 8] ^= (byte) (1 << (bit % 8));
        try {
          codec.decode(flipped);
          read++;
        } catch (JournalException e) {
          assertThat(e).hasMessageStartingWith("this is not an event");
        }
      }
    }
    assertThat(read).as("a changed letter is still an event: the checksum must tell").isPositive();
  }

  private static List<String> golden() throws IOException {
    try (InputStream file =
        Objects.requireNonNull(JsonEventCodecTest.class.getResourceAsStream(GOLDEN))) {
      return new String(file.readAllBytes(), UTF_8).lines().toList();
    }
  }
}

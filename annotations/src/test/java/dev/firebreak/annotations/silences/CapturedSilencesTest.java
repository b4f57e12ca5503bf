package dev.firebreak.annotations.silences;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.firebreak.annotations.silences.FakeSilences.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The fake gives the answers that a real Alertmanager gave, request by request. */
class CapturedSilencesTest {
  private final ObjectMapper json = new ObjectMapper();
  private Instant now = Instant.EPOCH;
  private String nextId = "";
  private final FakeSilences fake = new FakeSilences(() -> now, () -> nextId);

  @Test
  void asVersion025Answers() throws IOException {
    String request = "";
    for (String line : lines()) {
      if (line.startsWith("clock ")) {
        now = Instant.parse(line.substring("clock ".length()));
      } else if (line.startsWith("id ")) {
        nextId = line.substring("id ".length());
      } else if (line.startsWith("= ")) {
        compare(request, line.substring(2));
      } else if (!line.isBlank() && !line.startsWith("#")) {
        request = line;
      }
    }
  }

  private static List<String> lines() throws IOException {
    try (InputStream file =
        requireNonNull(CapturedSilencesTest.class.getResourceAsStream("/alertmanager-0.25.txt"))) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  private void compare(String request, String expected) throws IOException {
    String[] parts = request.split(" ", 3);
    byte[] body = (parts.length < 3 ? "" : parts[2]).getBytes(StandardCharsets.UTF_8);
    Reply reply = fake.answer(parts[0], URI.create(parts[1]), body);
    String[] answer = expected.split(" ", 2);
    assertThat(reply.status()).as(request).isEqualTo(Integer.parseInt(answer[0]));
    assertThat(json.readTree(reply.body()))
        .as(request)
        .isEqualTo(json.readTree(answer.length < 2 ? "" : answer[1]));
  }
}

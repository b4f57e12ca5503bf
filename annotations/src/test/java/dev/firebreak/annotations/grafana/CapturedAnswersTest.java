package dev.firebreak.annotations.grafana;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.firebreak.annotations.grafana.FakeAnnotations.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The fake gives the answers that real servers gave, request by request. */
class CapturedAnswersTest {
  private final ObjectMapper json = new ObjectMapper();
  private final AtomicLong clock = new AtomicLong(1_795_395_042_002L);
  private final FakeAnnotations fake = new FakeAnnotations(clock::get);

  @Test
  void asVersion6Answered() throws IOException {
    fake.beforeVersion9();
    replay("/grafana-6.7.4.txt");
  }

  @Test
  void asVersion13Answers() throws IOException {
    replay("/grafana-13.txt");
  }

  private void replay(String resource) throws IOException {
    String request = "";
    for (String line : lines(resource)) {
      if (line.startsWith("clock ")) {
        clock.set(Long.parseLong(line.substring("clock ".length())));
      } else if (line.startsWith("= ")) {
        compare(request, line.substring(2));
      } else if (!line.isBlank() && !line.startsWith("#")) {
        request = line;
      }
    }
  }

  private static List<String> lines(String resource) throws IOException {
    try (InputStream file =
        requireNonNull(CapturedAnswersTest.class.getResourceAsStream(resource))) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  private void compare(String request, String expected) throws IOException {
    String[] parts = request.split(" ", 4);
    String body = parts.length < 4 ? "" : parts[3];
    Reply reply =
        fake.answer(
            new FakeAnnotations.Call(
                parts[1], URI.create(parts[2]), token(parts[0]), "application/json", body),
            false);
    String[] answer = expected.split(" ", 2);
    assertThat(reply.status()).as(request).isEqualTo(Integer.parseInt(answer[0]));
    assertThat(timeless(reply.body())).as(request).isEqualTo(timeless(answer[1]));
  }

  private static @Nullable String token(String who) {
    return switch (who) {
      case "nobody" -> null;
      case "token" -> "Bearer " + FakeGrafana.TOKEN;
      default -> "Bearer " + who;
    };
  }

  private JsonNode timeless(String text) throws IOException {
    JsonNode tree = json.readTree(text);
    tree.forEach(
        item -> {
          if (item instanceof ObjectNode object) {
            object.remove(List.of("created", "updated"));
          }
        });
    return tree;
  }
}

package dev.firebreak.annotations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.annotations.tracing.AttributeNames;
import dev.firebreak.run.FirebreakMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/telemetry.md lists is what there is. */
class TelemetryPageTest {
  private static final Path PAGE = Path.of("..", "docs", "telemetry.md");

  @Test
  void everyMetricIsListed() throws IOException {
    assertThat(FirebreakMetrics.names())
        .allSatisfy(name -> assertThat(page()).contains("`" + name + "`"));
  }

  @Test
  void everyAttributeAndEventIsListed() throws IOException {
    assertThat(AttributeNames.all())
        .isNotEmpty()
        .allSatisfy(name -> assertThat(page()).contains("`" + name + "`"));
  }

  @Test
  void nothingElseIsListedAsAnAttributeOrEvent() throws IOException {
    List<String> listed =
        Pattern.compile("`(chaos\\.[a-z_.]+)`")
            .matcher(page())
            .results()
            .map(m -> m.group(1))
            .toList();
    assertThat(AttributeNames.all()).containsAll(listed);
  }

  private static String page() throws IOException {
    return Files.readString(PAGE);
  }
}

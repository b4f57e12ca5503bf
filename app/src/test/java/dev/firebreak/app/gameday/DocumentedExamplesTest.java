package dev.firebreak.app.gameday;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class DocumentedExamplesTest {
  static List<String> examples() throws IOException {
    return Pattern.compile("```(?:yaml|json)\n(.*?)```", Pattern.DOTALL)
        .matcher(page())
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  @Test
  void thePageHasExamples() throws IOException {
    assertThat(examples()).hasSize(3);
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleIsAGameDay(String example) {
    assertThat(SampleFaults.reader().read(example.getBytes(UTF_8), "x.yaml").mistakes()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void everyKeyIsOnThePage(Form form) throws IOException {
    assertThat(page()).contains(form.keys());
  }

  private static String page() throws IOException {
    return Files.readString(Path.of("..", "docs", "gameday-file.md"));
  }
}

package dev.firebreak.dashboards.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShippedFilesTest {
  private static final Path SHIPPED = Path.of("grafana");

  /** With {@code -Dfirebreak.regenerate=true} it writes the files first. */
  @Test
  void theShippedFilesAreWhatTheCodeSays() throws IOException {
    for (Map.Entry<String, String> file : GrafanaFiles.all().entrySet()) {
      Path path = SHIPPED.resolve(file.getKey());
      if (Boolean.getBoolean("firebreak.regenerate")) {
        Files.writeString(path, file.getValue());
      }
      assertThat(path).hasContent(file.getValue());
    }
  }
}

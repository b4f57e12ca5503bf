package dev.firebreak.annotations.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.firebreak.annotations.OutboxLevel;
import dev.firebreak.annotations.Story;
import dev.firebreak.run.FirebreakMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsServerTest {
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final FirebreakMeters meters = new FirebreakMeters(registry, "0.1.0");

  @Test
  void servesTheRegistryOnLoopbackAtAFreePort() throws IOException {
    try (MetricsServer server = MetricsServer.onLoopback(0, registry)) {
      assertThat(InetAddress.getByName(server.url().getHost()).isLoopbackAddress()).isTrue();
      assertThat(Page.get(server.url()).statusCode()).isEqualTo(200);
      URI healthy = server.url().resolve("/-/healthy");
      assertThat(Page.get(healthy).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aPortThatIsTakenIsNamed() throws IOException {
    try (MetricsServer server = MetricsServer.onLoopback(0, registry)) {
      assertThatThrownBy(() -> MetricsServer.onLoopback(server.port(), registry))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(String.valueOf(server.port()));
    }
  }

  @Test
  void theFamiliesAreExactlyThoseThatAreNamed() {
    everythingElse();
    List<String> families =
        Page.of(registry)
            .text()
            .lines()
            .filter(line -> line.startsWith("# TYPE "))
            .map(line -> line.split(" ", -1)[2])
            .toList();
    assertThat(new TreeSet<>(families)).isEqualTo(new TreeSet<>(FirebreakMetrics.names()));
  }

  private void everythingElse() {
    OutboxMeters.register(registry, OutboxLevel.empty(), () -> Story.START);
    new ScheduleMeters(registry)
        .scheduled("weekly", () -> Optional.of(Story.at(60)), Optional.empty());
    RunMetrics metrics = new RunMetrics(meters);
    Story.cascaded().forEach(metrics::on);
  }

  private static void requirePromtool(boolean installed) {
    String missing = "promtool is not installed (Debian: apt-get install prometheus)";
    if ("1".equals(System.getenv("FIREBREAK_REQUIRE_PROMETHEUS"))) {
      assertThat(installed).as(missing + ", and FIREBREAK_REQUIRE_PROMETHEUS=1 wants it").isTrue();
    }
    assumeTrue(installed, missing);
  }

  @Test
  void promtoolHasNothingToSayAboutThePage(@TempDir Path directory) throws Exception {
    Path promtool = Path.of("/usr/bin/promtool");
    requirePromtool(Files.isExecutable(promtool));
    everythingElse();
    Path page = directory.resolve("page.txt");
    Path said = directory.resolve("said.txt");
    Files.writeString(page, Page.of(registry).text());
    Process process =
        new ProcessBuilder(promtool.toString(), "check", "metrics")
            .redirectInput(page.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(said, StandardCharsets.UTF_8)).isEmpty();
    assertThat(process.exitValue()).isZero();
  }
}

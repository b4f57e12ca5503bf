package dev.firebreak.probes.prometheus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The real {@code prometheus} as a child process that scrapes each second. */
public final class RealPrometheus implements AutoCloseable {
  private final Process process;
  private final URI url;
  private final Path log;

  private RealPrometheus(Process process, URI url, Path log) {
    this.process = process;
    this.url = url;
    this.log = log;
  }

  /**
   * Starts it on a free port of loopback. Where it is not installed, the calling test is skipped,
   * or fails if {@code FIREBREAK_REQUIRE_PROMETHEUS} is 1.
   *
   * @param targets metrics pages; all have the same path
   */
  public static RealPrometheus startOrSkip(Path directory, List<URI> targets) throws IOException {
    String binary = binaryOrSkip();
    URI url = URI.create("http://127.0.0.1:" + freePort());
    Path log = directory.resolve("prometheus.log");
    Process process =
        new ProcessBuilder(
                binary,
                "--config.file=" + config(directory, targets),
                "--storage.tsdb.path=" + directory.resolve("data"),
                "--web.listen-address=" + url.getAuthority(),
                "--log.level=warn")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    return new RealPrometheus(process, url, log);
  }

  private static String binaryOrSkip() {
    Optional<File> binary =
        Arrays.stream(
                System.getenv().getOrDefault("PATH", "/usr/bin").split(File.pathSeparator, -1))
            .map(place -> new File(place, "prometheus"))
            .filter(File::canExecute)
            .findFirst();
    String missing = "there is no prometheus on the PATH (Debian: apt-get install prometheus)";
    if (binary.isEmpty() && "1".equals(System.getenv("FIREBREAK_REQUIRE_PROMETHEUS"))) {
      return fail(missing + ", and FIREBREAK_REQUIRE_PROMETHEUS=1 wants it");
    }
    return binary.map(File::getPath).orElseGet(() -> abort(missing));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Path config(Path directory, List<URI> targets) throws IOException {
    String addresses =
        targets.stream()
            .map(target -> "\"" + target.getAuthority() + "\"")
            .collect(Collectors.joining(", "));
    return Files.writeString(
        directory.resolve("prometheus.yml"),
        """
        global: {scrape_interval: 1s, scrape_timeout: 1s}
        scrape_configs:
          - job_name: shop
            metrics_path: %s
            static_configs: [{targets: [%s]}]
        """
            .formatted(targets.get(0).getPath(), addresses),
        UTF_8);
  }

  public URI url() {
    return url;
  }

  /** What it says, for the message of a test that fails. */
  public String log() throws IOException {
    return "prometheus %s, which says: %s"
        .formatted(process.isAlive() ? "runs" : "has ended", Files.readString(log, UTF_8));
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

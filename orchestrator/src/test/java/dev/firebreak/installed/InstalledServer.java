package dev.firebreak.installed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A server of Prometheus' family that is installed on this machine, as a child process, on a free
 * port of loopback.
 */
public final class InstalledServer implements AutoCloseable {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(90);
  private static final long BETWEEN_LOOKS_MILLIS = 100;

  private final HttpClient http = HttpClient.newHttpClient();
  private final String program;
  private final Process process;
  private final URI url;
  private final Path log;

  private InstalledServer(String program, Process process, URI url, Path log) {
    this.program = program;
    this.process = process;
    this.url = url;
    this.log = log;
  }

  /**
   * Starts Prometheus. Where it is not installed, the calling test is skipped, or fails if {@code
   * FIREBREAK_REQUIRE_PROMETHEUS} is 1.
   *
   * @param directory for its files; rules are named as seen from there
   * @param config in YAML
   */
  public static InstalledServer prometheusOrSkip(Path directory, String config) throws IOException {
    return startOrSkip("prometheus", directory, config, List.of("--storage.tsdb.path="));
  }

  /** Starts Alertmanager, in no cluster, or skips the calling test as for Prometheus. */
  public static InstalledServer alertmanagerOrSkip(Path directory, String config)
      throws IOException {
    return startOrSkip(
        "prometheus-alertmanager",
        directory,
        config,
        List.of("--cluster.listen-address=", "--storage.path="));
  }

  /** Starts a program of the PATH, with its data where the last of {@code options} says. */
  private static InstalledServer startOrSkip(
      String program, Path directory, String config, List<String> options) throws IOException {
    String binary = binaryOrSkip(program);
    Path file = Files.writeString(directory.resolve(program + ".yml"), config);
    URI url = URI.create("http://127.0.0.1:" + freePort());
    List<String> command = new ArrayList<>(List.of(binary, "--config.file=" + file));
    command.addAll(options);
    command.set(command.size() - 1, options.get(options.size() - 1) + directory.resolve("data"));
    command.addAll(List.of("--web.listen-address=" + url.getAuthority(), "--log.level=warn"));
    Path log = directory.resolve(program + ".log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    return new InstalledServer(program, process, url, log);
  }

  private static String binaryOrSkip(String program) {
    Optional<File> binary =
        Arrays.stream(
                System.getenv().getOrDefault("PATH", "/usr/bin").split(File.pathSeparator, -1))
            .map(place -> new File(place, program))
            .filter(File::canExecute)
            .findFirst();
    String missing =
        "there is no %1$s on the PATH (Debian: apt-get install %1$s)".formatted(program);
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

  public URI url() {
    return url;
  }

  /** What is there; empty if it is not, or if the server does not answer yet. */
  public Optional<String> get(String path) throws InterruptedException {
    try {
      HttpRequest request = HttpRequest.newBuilder(url.resolve(path)).build();
      HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
      return Optional.of(answer.body()).filter(body -> answer.statusCode() == 200);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Something that is looked at again and again. */
  public interface Condition {
    boolean holds() throws Exception;
  }

  /**
   * Returns once {@code condition} holds. Fails with what the server says if it ends before, or if
   * nothing comes of it for a long time.
   */
  public void await(String what, Condition condition) throws Exception {
    long end = System.nanoTime() + LONGEST_WAIT.toNanos();
    while (!condition.holds()) {
      // The pause between two looks, and the end of the test if the server ends.
      boolean ended = process.waitFor(BETWEEN_LOOKS_MILLIS, TimeUnit.MILLISECONDS);
      if (ended || System.nanoTime() - end > 0) {
        fail("this never came true: %s; %s", what, log());
      }
    }
  }

  /** What it says, for the message of a test that fails. */
  public String log() throws IOException {
    return "%s %s, which says: %s"
        .formatted(program, process.isAlive() ? "runs" : "has ended", Files.readString(log, UTF_8));
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

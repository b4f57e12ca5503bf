package dev.firebreak.app.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The example shop with load on it, as a child process that ends with this one. */
public final class Shop implements AutoCloseable {
  private static final String READY = "shop ready";
  private static final Duration LONGEST_START = Duration.ofSeconds(90);
  private static final Duration LONGEST_END = Duration.ofSeconds(5);
  private static final int REQUESTS_PER_SECOND = 40;

  private final Process process;
  private final Path log;
  private final CompletableFuture<Void> ready = new CompletableFuture<>();

  private Shop(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts the shop; {@link #awaitReady} has to follow.
   *
   * @param jar the shop's executable jar
   * @param log where its output goes
   * @throws DemoException if the process could not be started
   */
  static Shop start(Path jar, ShopAddress address, Path log) throws DemoException {
    if (!Files.isRegularFile(jar)) {
      throw new DemoException("the example shop is not built: there is no " + jar);
    }
    try {
      Process process = new ProcessBuilder(command(jar, address)).redirectErrorStream(true).start();
      process.getOutputStream().close();
      Shop shop = new Shop(process, log);
      Thread reader = new Thread(shop::copyOutput, "shop-output");
      reader.setDaemon(true);
      reader.start();
      return shop;
    } catch (IOException e) {
      throw new DemoException("the example shop could not be started: " + e, e);
    }
  }

  /**
   * A terminal, and whoever ends a process group, signals both processes; the shop must outlive it,
   * because its faults have still to be rolled back.
   */
  private static List<String> command(Path jar, ShopAddress address) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("sh", "-c", "trap '' INT TERM; exec \"$@\"", "shop"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-jar", jar.toString(), "all"));
    command.add("--shop.port-base=" + address.base());
    command.add("--shop.load.rate=" + REQUESTS_PER_SECOND);
    command.add("--shop.exit-with-parent=true");
    return command;
  }

  private void copyOutput() {
    try (BufferedReader output =
            new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        PrintWriter file = new PrintWriter(Files.newBufferedWriter(log), true)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        file.println(line);
        if (line.contains(READY)) {
          ready.complete(null);
        }
      }
    } catch (IOException e) {
      ready.completeExceptionally(e);
    }
    ready.completeExceptionally(new IOException("it ended"));
  }

  /**
   * Waits until all services answer.
   *
   * @throws DemoException if they do not within 90 s, or the shop ends
   */
  void awaitReady() throws DemoException, InterruptedException {
    try {
      ready.get(LONGEST_START.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new DemoException("the example shop did not start: " + e.getCause() + seeLog(), e);
    } catch (TimeoutException e) {
      throw new DemoException(
          "the example shop was not ready within " + LONGEST_START.toSeconds() + " s" + seeLog(),
          e);
    }
  }

  private String seeLog() {
    return "; see " + log;
  }

  @Override
  public void close() {
    try {
      process.destroyForcibly().waitFor(LONGEST_END.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

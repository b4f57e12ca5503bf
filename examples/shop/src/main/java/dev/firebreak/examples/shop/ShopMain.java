package dev.firebreak.examples.shop;

import dev.firebreak.examples.shop.load.LoadGenerator;
import dev.firebreak.examples.shop.load.Rehearsal;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import org.slf4j.bridge.SLF4JBridgeHandler;
import org.springframework.core.NestedExceptionUtils;

/** The shop's command line. */
public final class ShopMain {

  private static final int FAILED = 1;
  private static final int WRONG_COMMAND = 2;

  private ShopMain() {}

  public static void main(String[] arguments) {
    ShopOptions options;
    try {
      options = ShopOptions.parse(Arrays.asList(arguments));
    } catch (IllegalArgumentException e) {
      System.err.println("shop: " + e.getMessage());
      System.err.println(ShopOptions.USAGE);
      System.exit(WRONG_COMMAND);
      return;
    }
    run(options);
  }

  private static void run(ShopOptions options) {
    if (options.exitWithParent()) {
      exitWithParent();
    }
    logOncePerJvm();
    keepConnections();
    if (!options.services().isEmpty()) {
      startServices(options);
    }
    if (options.loadRate() > 0) {
      startLoad(options);
    }
  }

  /** Without a goodbye, which a shop that is still starting would keep waiting. */
  private static void exitWithParent() {
    for (ProcessHandle parent : ProcessHandle.current().parent().stream().toList()) {
      var unused = parent.onExit().thenRun(() -> Runtime.getRuntime().halt(0));
    }
  }

  /** Six contexts that each set up logging would reset one another's. */
  private static void logOncePerJvm() {
    System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }

  /** For the JDK's client: enough idle connections to reuse, and no order sent twice. */
  private static void keepConnections() {
    System.setProperty("http.maxConnections", "32");
    System.setProperty("sun.net.http.retryPost", "false");
  }

  private static void startServices(ShopOptions options) {
    try {
      Shop.start(options.services(), options.portBase());
      if (options.services().size() > 1) {
        Rehearsal.play(ShopService.GATEWAY.url(options.portBase()));
      }
    } catch (CompletionException | IOException e) {
      System.err.println("shop: could not start: " + NestedExceptionUtils.getMostSpecificCause(e));
      System.exit(FAILED);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    System.out.println("shop ready on 127.0.0.1:" + ports(options));
  }

  private static String ports(ShopOptions options) {
    int[] ports = options.services().stream().mapToInt(s -> s.port(options.portBase())).toArray();
    return ports.length == 1 ? "" + ports[0] : ports[0] + ".." + ports[ports.length - 1];
  }

  private static void startLoad(ShopOptions options) {
    LoadGenerator load =
        new LoadGenerator(
            ShopService.GATEWAY.url(options.portBase()),
            options.loadRate(),
            new SplittableRandom(options.loadSeed()));
    load.start();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  load.close();
                  System.out.println("load " + load.counts());
                }));
    System.out.println("load of " + options.loadRate() + " requests/s on its way");
  }
}

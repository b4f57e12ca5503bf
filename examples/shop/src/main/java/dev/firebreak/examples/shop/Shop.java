package dev.firebreak.examples.shop;

import java.net.URI;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Running services. Each has a Spring context, a port, beans and a meter registry of its own, also
 * where they share a JVM. For one thread.
 */
public final class Shop implements AutoCloseable {

  /**
   * Of a JVM that several services share, its heap and processor time say nothing about one of
   * them.
   */
  private static final Set<String> WITHOUT_METRICS_OF_THE_JVM =
      Set.of(
          "--management.metrics.enable.disk=false",
          "--management.metrics.enable.jvm=false",
          "--management.metrics.enable.logback=false",
          "--management.metrics.enable.process=false",
          "--management.metrics.enable.system=false");

  private final ToIntFunction<ShopService> ports;
  private final boolean sharesItsJvm;
  private final Map<ShopService, ConfigurableApplicationContext> running =
      new EnumMap<>(ShopService.class);

  private Shop(ToIntFunction<ShopService> ports, boolean sharesItsJvm) {
    this.ports = ports;
    this.sharesItsJvm = sharesItsJvm;
  }

  /**
   * Starts these in this JVM, each at its place from {@code portBase} on. Whatever else they call
   * is expected at its own place.
   *
   * @throws CompletionException if one does not start; then none is left running
   */
  public static Shop start(Set<ShopService> services, int portBase) {
    return started(services, service -> service.port(portBase));
  }

  /** Starts all six in this JVM, on whatever ports are free; otherwise like {@link #start}. */
  public static Shop startOnFreePorts() {
    return started(EnumSet.allOf(ShopService.class), service -> 0);
  }

  private static Shop started(Set<ShopService> services, ToIntFunction<ShopService> ports) {
    // Six contexts that each set up logging, at once, would trip over one another.
    System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
    Shop shop = new Shop(ports, services.size() > 1);
    try {
      shop.startCalleesFirst(EnumSet.copyOf(services));
      return shop;
    } catch (RuntimeException e) {
      shop.close();
      throw e;
    }
  }

  /** Where the service is. */
  public URI url(ShopService service) {
    return URI.create("http://127.0.0.1:" + port(service));
  }

  /** Stops the callers before those they call. */
  @Override
  public void close() {
    for (ShopService service : ShopService.values()) {
      ConfigurableApplicationContext context = running.remove(service);
      if (context != null) {
        context.close();
      }
    }
  }

  /** Callees first, because only a started service knows which free port it got. */
  private void startCalleesFirst(Set<ShopService> waiting) {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      while (!waiting.isEmpty()) {
        Set<ShopService> next =
            waiting.stream()
                .filter(service -> service.callees().stream().noneMatch(waiting::contains))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(ShopService.class)));
        startTogether(next, threads);
        waiting.removeAll(next);
      }
    } finally {
      threads.shutdown();
    }
  }

  private void startTogether(Set<ShopService> services, ExecutorService threads) {
    Map<ShopService, CompletableFuture<ConfigurableApplicationContext>> starting =
        new EnumMap<>(ShopService.class);
    for (ShopService service : services) {
      String[] arguments = arguments(service);
      starting.put(
          service, CompletableFuture.supplyAsync(() -> context(service, arguments), threads));
    }
    try {
      CompletableFuture.allOf(starting.values().toArray(CompletableFuture[]::new)).join();
    } finally {
      starting.forEach(
          (service, context) -> {
            if (!context.isCompletedExceptionally()) {
              running.put(service, context.join());
            }
          });
    }
  }

  private static ConfigurableApplicationContext context(ShopService service, String... arguments) {
    return new SpringApplicationBuilder(service.configuration()).run(arguments);
  }

  private String[] arguments(ShopService service) {
    Set<String> arguments =
        service.callees().stream()
            .map(callee -> "--shop.url.%s=%s".formatted(callee.lowerCaseName(), url(callee)))
            .collect(Collectors.toSet());
    arguments.add("--spring.application.name=" + service.lowerCaseName());
    arguments.add("--server.port=" + ports.applyAsInt(service));
    if (sharesItsJvm) {
      arguments.addAll(WITHOUT_METRICS_OF_THE_JVM);
    }
    return arguments.toArray(String[]::new);
  }

  private int port(ShopService service) {
    ConfigurableApplicationContext context = running.get(service);
    return context == null
        ? ports.applyAsInt(service)
        : context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }
}

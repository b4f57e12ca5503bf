package dev.firebreak.app.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Three services on one port that serve 50 requests a second each, as Micrometer would count them:
 * {@code web} calls {@code cart}, {@code cart} calls {@code stock}. A {@code PUT} on {@code
 * /stock/slow} makes stock slow, and {@code web} too if the shop is fragile; {@code DELETE} ends
 * it. Counts follow the clock, so that a page is right whenever it is read.
 */
public final class SmallShop implements AutoCloseable {
  private static final double REQUESTS_PER_SECOND = 50;
  private static final double[] BUCKETS = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5};

  private final HttpServer server;
  private final boolean fragile;
  private final Map<String, Requests> requests = new LinkedHashMap<>();
  private final CountDownLatch everSlow = new CountDownLatch(1);
  private final List<Change> changes = new ArrayList<>();
  private boolean slow;
  private int timesSlowed;

  private SmallShop(HttpServer server, boolean fragile) {
    this.server = server;
    this.fragile = fragile;
    List.of("web", "cart", "stock").forEach(service -> requests.put(service, new Requests()));
  }

  /**
   * Starts it on a free port of loopback.
   *
   * @param fragile whether slow stock reaches {@code web}
   */
  public static SmallShop start(boolean fragile) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    SmallShop shop = new SmallShop(server, fragile);
    server.setExecutor(Executors.newCachedThreadPool());
    shop.requests
        .keySet()
        .forEach(service -> server.createContext("/" + service + "/metrics", shop::metrics));
    server.createContext("/stock/slow", shop::slow);
    server.start();
    return shop;
  }

  public String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  public synchronized boolean isSlow() {
    return slow;
  }

  /**
   * Stock was made slow, or asked to be fast again.
   *
   * @param atNanos by the clock of {@code System.nanoTime}
   */
  public record Change(boolean slow, long atNanos) {}

  /** What came in, in order. */
  public synchronized List<Change> changes() {
    return List.copyOf(changes);
  }

  /** How often stock was made slow. */
  public synchronized int timesSlowed() {
    return timesSlowed;
  }

  /** Returns once stock has been made slow. */
  void awaitSlow() throws InterruptedException {
    if (!everSlow.await(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException("nobody made stock slow");
    }
  }

  private synchronized void metrics(HttpExchange exchange) throws IOException {
    String service = exchange.getRequestURI().getPath().split("/", -1)[1];
    Requests counts = requests.getOrDefault(service, new Requests());
    counts.advance(System.nanoTime(), seconds(service));
    answer(exchange, 200, counts.page(service));
  }

  private double seconds(String service) {
    boolean suffers = service.equals("stock") || (fragile && service.equals("web"));
    return slow && suffers ? 0.9 : 0.02;
  }

  private synchronized void slow(HttpExchange exchange) throws IOException {
    requests.forEach((service, counts) -> counts.advance(System.nanoTime(), seconds(service)));
    switch (exchange.getRequestMethod()) {
      case "PUT" -> {
        slow = true;
        changes.add(new Change(true, System.nanoTime()));
        timesSlowed++;
        everSlow.countDown();
      }
      case "DELETE" -> {
        slow = false;
        changes.add(new Change(false, System.nanoTime()));
      }
      default -> {}
    }
    answer(exchange, 200, slow ? "slow" : "fast");
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  /** The histogram of one service. */
  private static final class Requests {
    private final double[] counts = new double[BUCKETS.length];
    private double count;
    private double sum;
    private long atNanos = System.nanoTime();

    void advance(long nowNanos, double seconds) {
      double more = REQUESTS_PER_SECOND * (nowNanos - atNanos) / 1e9;
      atNanos = nowNanos;
      count += more;
      sum += more * seconds;
      for (int i = 0; i < BUCKETS.length; i++) {
        counts[i] += seconds <= BUCKETS[i] ? more : 0;
      }
    }

    String page(String service) {
      StringBuilder page = new StringBuilder("# TYPE http_server_requests_seconds histogram\n");
      String labels =
          "application=\"%s\",method=\"GET\",status=\"200\",uri=\"/\"".formatted(service);
      for (int i = 0; i < BUCKETS.length; i++) {
        line(page, "bucket", labels + ",le=\"" + BUCKETS[i] + "\"", counts[i]);
      }
      line(page, "bucket", labels + ",le=\"+Inf\"", count);
      line(page, "count", labels, count);
      line(page, "sum", labels, sum);
      return page.toString();
    }

    private static void line(StringBuilder page, String suffix, String labels, double value) {
      page.append(
          String.format(
              Locale.ROOT, "http_server_requests_seconds_%s{%s} %.3f%n", suffix, labels, value));
    }
  }
}

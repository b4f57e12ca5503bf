package dev.firebreak.annotations.metrics;

import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;

/** Serves a registry at {@code /metrics}, and {@code /-/healthy}. Its threads are daemons. */
public final class MetricsServer implements AutoCloseable {
  private final HTTPServer server;
  private final InetAddress address;

  private MetricsServer(HTTPServer server, InetAddress address) {
    this.server = server;
    this.address = address;
  }

  /**
   * Listens on this machine alone: nobody else can read what runs here.
   *
   * @param port 0 for any that is free
   * @throws IOException if the port is taken
   */
  public static MetricsServer onLoopback(int port, PrometheusRegistry registry) throws IOException {
    return on(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), registry);
  }

  /**
   * Listens where the operator wants it.
   *
   * @throws IOException if the address is unknown, not ours, or taken
   */
  public static MetricsServer on(InetSocketAddress address, PrometheusRegistry registry)
      throws IOException {
    if (address.isUnresolved()) {
      throw new IOException("the host " + address.getHostString() + " is unknown");
    }
    try {
      HTTPServer server =
          HTTPServer.builder()
              .inetAddress(address.getAddress())
              .port(address.getPort())
              .registry(registry)
              .buildAndStart();
      return new MetricsServer(server, address.getAddress());
    } catch (IOException e) {
      throw new IOException("metrics cannot be served on " + address + ": " + e.getMessage(), e);
    }
  }

  public int port() {
    return server.getPort();
  }

  /** Where Prometheus finds the page. */
  public URI url() {
    String host = address.getHostAddress();
    return URI.create(
        "http://%s:%d/metrics".formatted(host.contains(":") ? "[" + host + "]" : host, port()));
  }

  @Override
  public void close() {
    server.close();
  }
}

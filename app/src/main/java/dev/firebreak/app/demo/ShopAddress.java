package dev.firebreak.app.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the shop's services listen: one port each on loopback, from a base on. */
public record ShopAddress(int base) {
  private static final int DEFAULT_BASE = 8080;
  private static final int LARGEST_PORT = 65_535;

  private static final List<String> SERVICES =
      List.of("gateway", "catalog", "checkout", "payments", "inventory", "recommendations");

  /** Bases to look at when the default one is taken, {@code 10} ports apart. */
  private static final int CANDIDATES = 100;

  /** How the example files write the shop's addresses. */
  private static final Pattern IN_FILES = Pattern.compile("127\\.0\\.0\\.1:808([0-5])");

  /** The default ports, or the next six in a row that are free. */
  static ShopAddress free() throws DemoException {
    for (int i = 0; i < CANDIDATES; i++) {
      ShopAddress address = new ShopAddress(DEFAULT_BASE + 10 * i);
      if (address.isFree()) {
        return address;
      }
    }
    throw DemoException.usage(
        "no six ports in a row are free between %d and %d on 127.0.0.1; name others with --port-base"
            .formatted(DEFAULT_BASE, DEFAULT_BASE + 10 * CANDIDATES));
  }

  /** The ports from {@code base} on. */
  static ShopAddress of(int base) throws DemoException {
    if (base < 1 || base + SERVICES.size() - 1 > LARGEST_PORT) {
      throw DemoException.usage(
          "%d is no base for six ports; allowed: 1 to %d"
              .formatted(base, LARGEST_PORT - SERVICES.size() + 1));
    }
    return new ShopAddress(base);
  }

  boolean isFree() {
    return SERVICES.stream().allMatch(service -> isFree(port(service)));
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  static List<String> services() {
    return SERVICES;
  }

  int port(String service) {
    return base + SERVICES.indexOf(service);
  }

  URI url(String service, String path) {
    return URI.create("http://127.0.0.1:" + port(service) + path);
  }

  /** The example file for these ports. */
  String rewrite(String gameDay) {
    Matcher address = IN_FILES.matcher(gameDay);
    return address.replaceAll(found -> "127.0.0.1:" + (base + Integer.parseInt(found.group(1))));
  }
}

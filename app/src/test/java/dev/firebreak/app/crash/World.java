package dev.firebreak.app.crash;

import dev.firebreak.app.cli.SmallShop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What one cell's run breaks: a small shop, a service with Chaos Monkey and a sleeping process, all
 * of them outside the run's process. It knows by itself whether a fault is in it.
 */
final class World implements AutoCloseable {
  private final String fault;
  private final SmallShop shop;
  private final SlowingMonkey monkey;
  private final Process victim;

  private World(String fault, SmallShop shop, SlowingMonkey monkey, Process victim) {
    this.fault = fault;
    this.shop = shop;
    this.monkey = monkey;
    this.victim = victim;
  }

  /** A world without a fault, for a run with this kind of fault. */
  static World start(String fault) throws IOException {
    return new World(
        fault,
        SmallShop.start(false),
        SlowingMonkey.start(),
        new ProcessBuilder("sleep", "600").start());
  }

  boolean faultInPlace() {
    return shop.isSlow() || monkey.touched() || state(victim.pid()) == 'T';
  }

  SmallShop shop() {
    return shop;
  }

  /** As in {@code /proc/<pid>/stat}; a blank once the process is gone. */
  static char state(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2);
    } catch (IOException e) {
      return ' ';
    }
  }

  /** A file with one experiment, which puts the fault in place for four seconds. */
  String gameDay() {
    return """
        telemetry:
          scrape: [WEB, CART, STOCK]
          every: 250ms
        experiments:
          - name: stock suffers
            blast-radius: {inject: stock}
            halt: {on: [cascade, blind]}
            baseline: 5s
            recovery: 2s
            method:
        FAULT"""
        .replace("FAULT", method())
        .replace("WEB", shop.url("/web/metrics"))
        .replace("CART", shop.url("/cart/metrics"))
        .replace("STOCK", shop.url("/stock/metrics"))
        .replace("SLOW", shop.url("/stock/slow"))
        .replace("MONKEY", monkey.url())
        .replace("VICTIM", Long.toString(victim.pid()));
  }

  private String method() {
    return switch (fault) {
      case "http/request" ->
          """
                - fault: http/request
                  with:
                    do: {url: SLOW, method: PUT}
                    undo: {url: SLOW, method: DELETE}
                    verify: {url: SLOW, present: {contains: slow}, gone: {contains: fast}}
                  for: 4s
          """;
      case "chaos-monkey/latency" ->
          """
                - fault: chaos-monkey/latency
                  target: {url: MONKEY, canary: /hello}
                  with: {latency: 300ms..400ms}
                  for: 4s
          """;
      case "process/pause" ->
          """
                - fault: process/pause
                  target: {pid: VICTIM}
                  for: 4s
          """;
      default -> throw new IllegalArgumentException("no world for " + fault);
    };
  }

  @Override
  public void close() {
    victim.destroyForcibly();
    monkey.close();
    shop.close();
  }
}

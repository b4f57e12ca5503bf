package dev.firebreak.app.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** The shop under load, ready for a GameDay. */
public final class Demo implements AutoCloseable {
  private final Shop shop;
  private final ShopClient client;
  private final Path gameDayFile;

  private Demo(Shop shop, ShopClient client, Path gameDayFile) {
    this.shop = shop;
    this.client = client;
    this.gameDayFile = gameDayFile;
  }

  /**
   * Starts the shop and waits until it is warm.
   *
   * @param root the checkout that holds the example
   * @param portBase the first of six ports; empty takes free ones
   * @param out where log and GameDay file are left
   * @param progress is told what is going on
   * @throws DemoException if the shop could not be brought up; nothing is left running
   */
  public static Demo start(
      Path root, Scenario scenario, OptionalInt portBase, Path out, Consumer<String> progress)
      throws DemoException, InterruptedException {
    ShopAddress address = address(portBase);
    Path gameDayFile = writeGameDay(root, scenario, address, out);
    progress.accept(
        "starting the example shop: six Spring Boot services on 127.0.0.1:%d..%d, 40 requests/s"
            .formatted(address.base(), address.base() + ShopAddress.services().size() - 1));
    Shop shop =
        Shop.start(root.resolve("examples/shop/target/shop.jar"), address, out.resolve("shop.log"));
    try {
      shop.awaitReady();
      ShopClient client = new ShopClient(address);
      progress.accept("the shop is up and warms up");
      client.awaitWarm();
      progress.accept("running " + gameDayFile);
      return new Demo(shop, client, gameDayFile);
    } catch (DemoException | InterruptedException | RuntimeException e) {
      shop.close();
      throw e;
    }
  }

  private static ShopAddress address(OptionalInt portBase) throws DemoException {
    if (portBase.isEmpty()) {
      return ShopAddress.free();
    }
    ShopAddress address = ShopAddress.of(portBase.getAsInt());
    if (!address.isFree()) {
      throw DemoException.usage(
          "the ports %d to %d on 127.0.0.1 are not all free"
              .formatted(address.base(), address.base() + ShopAddress.services().size() - 1));
    }
    return address;
  }

  private static Path writeGameDay(Path root, Scenario scenario, ShopAddress address, Path out)
      throws DemoException {
    Path example = root.resolve("examples/gamedays").resolve(scenario.file());
    try {
      Files.createDirectories(out);
      String gameDay = address.rewrite(Files.readString(example));
      return Files.writeString(out.resolve(scenario.file()), gameDay);
    } catch (IOException e) {
      throw new DemoException("the GameDay file could not be written to " + out + ": " + e, e);
    }
  }

  /** The GameDay for the ports that the shop really has. */
  public Path gameDayFile() {
    return gameDayFile;
  }

  /**
   * The faults that are still in the shop, as the shop itself says, one phrase each.
   *
   * @throws DemoException if a service does not answer
   */
  public List<String> faultsLeft() throws DemoException, InterruptedException {
    return client.faultsLeft();
  }

  @Override
  public void close() {
    shop.close();
  }
}

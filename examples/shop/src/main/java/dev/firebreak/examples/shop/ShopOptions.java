package dev.firebreak.examples.shop;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the command line asks for.
 *
 * @param services to start in this process, perhaps none
 * @param loadRate requests per second to send to the gateway; 0 for none
 */
record ShopOptions(
    Set<ShopService> services,
    int portBase,
    double loadRate,
    long loadSeed,
    boolean exitWithParent) {

  static final String USAGE =
      """
      usage: shop all|load|%s [options]
        --shop.port-base=N             the gateway's port, the others follow (8080)
        --shop.load.rate=R             requests per second (load: 40, else 0 for none)
        --shop.load.seed=S             of the customers' behaviour (1)
        --shop.exit-with-parent=BOOL   end when the parent process ends (false)"""
          .formatted(
              Arrays.stream(ShopService.values())
                  .map(ShopService::lowerCaseName)
                  .collect(Collectors.joining("|")));

  private static final Map<String, String> DEFAULTS =
      Map.of(
          "shop.port-base", "8080",
          "shop.load.rate", "0",
          "shop.load.seed", "1",
          "shop.exit-with-parent", "false");

  /**
   * Reads the command line.
   *
   * @throws IllegalArgumentException with a sentence for the user if it is wrong
   */
  static ShopOptions parse(List<String> arguments) {
    if (arguments.isEmpty()) {
      throw new IllegalArgumentException("no mode given");
    }
    String mode = arguments.get(0);
    Map<String, String> given = new HashMap<>(DEFAULTS);
    if (mode.equals("load")) {
      given.put("shop.load.rate", "40");
    }
    arguments.stream().skip(1).forEach(argument -> put(argument, given));
    return new ShopOptions(
        services(mode),
        (int) number("shop.port-base", given, 1, 65_530),
        number("shop.load.rate", given, 0, 1000),
        (long) number("shop.load.seed", given, 0, Integer.MAX_VALUE),
        bool("shop.exit-with-parent", given));
  }

  private static Set<ShopService> services(String mode) {
    return switch (mode) {
      case "all" -> EnumSet.allOf(ShopService.class);
      case "load" -> EnumSet.noneOf(ShopService.class);
      default ->
          EnumSet.of(
              ShopService.named(mode)
                  .orElseThrow(() -> new IllegalArgumentException("unknown mode " + mode)));
    };
  }

  private static void put(String argument, Map<String, String> options) {
    int equals = argument.indexOf('=');
    if (!argument.startsWith("--") || equals < 0) {
      throw new IllegalArgumentException(argument + " is not of the form --name=value");
    }
    String name = argument.substring(2, equals);
    if (options.replace(name, argument.substring(equals + 1)) == null) {
      throw new IllegalArgumentException(
          "unknown option --%s, known are %s".formatted(name, new TreeSet<>(options.keySet())));
    }
  }

  private static double number(
      String name, Map<String, String> options, double least, double most) {
    String text = options.getOrDefault(name, "");
    try {
      double value = Double.parseDouble(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Told below, together with what is allowed.
    }
    throw new IllegalArgumentException(
        "--%s=%s: wanted a number from %.0f to %.0f".formatted(name, text, least, most));
  }

  private static boolean bool(String name, Map<String, String> options) {
    return switch (options.getOrDefault(name, "")) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("--%s: wanted true or false".formatted(name));
    };
  }
}

package dev.firebreak.examples.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShopOptionsTest {

  @Test
  void startsAllServicesWithoutLoadUnlessTold() {
    ShopOptions options = ShopOptions.parse(List.of("all"));
    assertThat(options.services()).containsExactly(ShopService.values());
    assertThat(options.portBase()).isEqualTo(8080);
    assertThat(options.loadRate()).isZero();
    assertThat(options.exitWithParent()).isFalse();
  }

  @Test
  void startsOneServiceByName() {
    ShopOptions options = ShopOptions.parse(List.of("payments", "--shop.port-base=18080"));
    assertThat(options.services()).containsExactly(ShopService.PAYMENTS);
    assertThat(ShopService.PAYMENTS.port(options.portBase())).isEqualTo(18083);
  }

  @Test
  void startsTheLoadAlone() {
    ShopOptions options = ShopOptions.parse(List.of("load"));
    assertThat(options.services()).isEmpty();
    assertThat(options.loadRate()).isEqualTo(40);
  }

  @Test
  void saysWhatIsWrong() {
    assertWrong("no mode given");
    assertWrong("unknown mode paymens", "paymens");
    assertWrong("load is not of the form --name=value", "all", "load");
    assertWrong(
        "unknown option --shop.rate, known are [shop.exit-with-parent", "all", "--shop.rate=1");
    assertWrong(
        "--shop.load.rate=fast: wanted a number from 0 to 1000", "all", "--shop.load.rate=fast");
    assertWrong("--shop.port-base=0: wanted a number from 1 to 65530", "all", "--shop.port-base=0");
    assertWrong(
        "--shop.exit-with-parent: wanted true or false", "all", "--shop.exit-with-parent=yes");
  }

  private static void assertWrong(String message, String... arguments) {
    assertThatThrownBy(() -> ShopOptions.parse(List.of(arguments)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }
}

package dev.firebreak.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.service.ServiceName;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeriesIndexTest {
  private static final SeriesId CART = series("cart");
  private static final SeriesId STOCK = series("stock");
  private static final SeriesId WEB = series("web");

  private final SeriesIndex index = new SeriesIndex(List.of(CART, STOCK, WEB));

  @Test
  void findsEachSeriesInWhateverOrderALookHasThem() {
    for (List<SeriesId> look :
        List.of(
            List.of(CART, STOCK, WEB),
            List.of(CART, STOCK, WEB),
            List.of(WEB, CART, STOCK),
            List.of(STOCK),
            List.of(CART, WEB))) {
      for (int position = 0; position < look.size(); position++) {
        assertThat(index.find(position, look.get(position)))
            .isEqualTo(List.of(CART, STOCK, WEB).indexOf(look.get(position)));
      }
    }
  }

  @Test
  void whatIsNotWatchedHasNoPlaceAndCostsNobodyElseTheirs() {
    assertThat(index.find(0, series("mail"))).isEqualTo(SeriesIndex.NONE);
    assertThat(index.find(0, CART)).isZero();
    assertThat(index.find(0, series("mail"))).isEqualTo(SeriesIndex.NONE);
    assertThat(index.find(100, WEB)).isEqualTo(2);
  }

  private static SeriesId series(String service) {
    return new SeriesId(
        ServiceName.of(service), new Signal("http.latency.p95", Signal.Kind.LATENCY));
  }
}

package dev.firebreak.probes.prometheus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.probes.prometheus.Answer.Row;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LabelMemoryTest {
  private final LabelMemory memory = new LabelMemory();

  @Test
  void anAnswerIsReadRightWhateverTheOneBeforeWas() throws Exception {
    for (List<String> services :
        List.of(
            List.of("cart", "stock", "web"),
            List.of("cart", "stock", "web"),
            List.of("web", "cart", "stock"),
            List.of("carp", "stock2"),
            List.of(""),
            List.of("cart", "stock", "web", "zürich"))) {
      assertThat(read(services)).extracting(row -> row.labels().get("service")).isEqualTo(services);
    }
  }

  @Test
  void theSameRowsAreNotMadeAgain() throws Exception {
    List<Row> first = read(List.of("cart", "stock"));
    List<Row> second = read(List.of("cart", "stock"));

    assertThat(second.get(1).labels()).isSameAs(first.get(1).labels());
  }

  @Test
  void anotherLabelWithTheSameValueIsNotTheSame() throws Exception {
    read(List.of("cart"));
    String pod = answer(List.of("cart")).replace("service", "pod");

    Row row = AnswerReader.read(pod.getBytes(UTF_8), memory).rows().get(0);

    assertThat(row.labels().get("pod")).isEqualTo("cart");
    assertThat(row.labels().get("service")).isEmpty();
  }

  @Test
  void rowsWithMoreLabelsAreReadWhole() throws Exception {
    read(List.of("cart"));
    String more = answer(List.of("cart")).replace("\"service\"", "\"code\":\"500\",\"service\"");

    Row row = AnswerReader.read(more.getBytes(UTF_8), memory).rows().get(0);

    assertThat(row.labels().get("service")).isEqualTo("cart");
    assertThat(row.labels().get("code")).isEqualTo("500");
  }

  private List<Row> read(List<String> services) throws Exception {
    return AnswerReader.read(answer(services).getBytes(UTF_8), memory).rows();
  }

  private static String answer(List<String> services) {
    return services.stream()
        .map("{\"metric\":{\"service\":\"%s\"},\"value\":[1700000000,\"0.25\"]}"::formatted)
        .collect(
            Collectors.joining(
                ",",
                "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[",
                "]}}"));
  }
}

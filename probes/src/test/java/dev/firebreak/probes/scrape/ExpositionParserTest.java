package dev.firebreak.probes.scrape;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firebreak.probe.Signal;
import dev.firebreak.probes.scrape.ExpositionParser.Format;
import dev.firebreak.probes.scrape.Page.PageSample;
import dev.firebreak.probes.signal.Labels;
import dev.firebreak.probes.signal.MetricNames;
import dev.firebreak.probes.signal.Rate;
import dev.firebreak.probes.signal.Selector;
import dev.firebreak.probes.signal.SignalDefinition;
import dev.firebreak.probes.signal.SignalPack;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpositionParserTest {
  private static final MetricNames WANTED = new MetricNames(List.of(packOf("a", "b")));

  private static SignalPack packOf(String... metrics) {
    List<SignalDefinition> definitions =
        List.of(metrics).stream()
            .map(
                metric ->
                    SignalDefinition.of(metric, Signal.Kind.TRAFFIC, new Rate(Selector.of(metric))))
            .toList();
    return new SignalPack("test", List.of("job"), definitions, Optional.empty());
  }

  private static Page parse(String text) throws IOException {
    return parse(Format.TEXT, text, Integer.MAX_VALUE);
  }

  private static Page parse(Format format, String text, int chunk) throws IOException {
    ExpositionParser parser = new ExpositionParser(format, WANTED);
    byte[] bytes = text.getBytes(UTF_8);
    for (int from = 0; from < bytes.length; from += Math.min(chunk, bytes.length - from)) {
      parser.take(ByteBuffer.wrap(bytes, from, Math.min(chunk, bytes.length - from)));
    }
    return parser.finish();
  }

  private static PageSample only(Page page) {
    assertThat(page.samples()).hasSize(1);
    return page.samples().get(0);
  }

  @Test
  void readsNamesLabelsAndValues() throws IOException {
    Page page =
        parse(
            """
            # HELP a says what
            # TYPE a counter
            a{uri="/x",status="200",} 12.5
            other{uri="/y"} 3
            b 1e3
            a { uri = "/z" , status = "500" }\t7
            """);
    assertThat(page.samples())
        .containsExactly(
            new PageSample(
                "a",
                Labels.of(Map.of("uri", "/x", "status", "200")),
                12.5,
                PageSample.NO_TIMESTAMP),
            new PageSample("b", Labels.none(), 1000, PageSample.NO_TIMESTAMP),
            new PageSample(
                "a", Labels.of(Map.of("uri", "/z", "status", "500")), 7, PageSample.NO_TIMESTAMP));
    assertThat(page.skippedLines()).isZero();
  }

  @Test
  void readsEscapesInLabels() throws IOException {
    Page page = parse("a{x=\"q\\\"b\\\\n\\n}{,\",y=\"\\t\"} 1\n");
    assertThat(only(page).labels()).isEqualTo(Labels.of(Map.of("x", "q\"b\\n\n}{,", "y", "\\t")));
  }

  @Test
  void readsNumbersThatAreNotFinite() throws IOException {
    Page page = parse("a +Inf\na -Inf\na NaN\na nan\na inf\na 0x1\na 1d\n");
    assertThat(page.samples())
        .extracting(PageSample::value)
        .containsExactly(
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            Double.NaN,
            Double.NaN,
            Double.POSITIVE_INFINITY);
    assertThat(page.skippedLines()).isEqualTo(2);
  }

  @Test
  void readsTimestampsInMillisecondsFromTextAndInSecondsFromOpenMetrics() throws IOException {
    assertThat(only(parse("a 1 1795395094980\n")).timestampMillis()).isEqualTo(1795395094980L);
    Page open = parse(Format.OPEN_METRICS, "a 1 1795395094.98\n# EOF\n", 100);
    assertThat(only(open).timestampMillis()).isEqualTo(1795395094980L);
  }

  @Test
  void passesOverExemplars() throws IOException {
    String text = "a{le=\"1\"} 17 # {trace_id=\"abc\"} 0.6 1795395094.9\nb 2 7 # {} 1\n# EOF\n";
    Page page = parse(Format.OPEN_METRICS, text, 100);
    assertThat(page.samples()).extracting(PageSample::value).containsExactly(17.0, 2.0);
    assertThat(page.skippedLines()).isZero();
  }

  @Test
  void readsANameThatIsQuotedAmongTheLabels() throws IOException {
    assertThat(only(parse("{\"a\",\"x\"=\"1\"} 5\n")))
        .isEqualTo(new PageSample("a", Labels.of(Map.of("x", "1")), 5, PageSample.NO_TIMESTAMP));
  }

  @Test
  void doesNotCareHowThePageIsCutIntoPieces() throws IOException {
    String text = "# TYPE a counter\r\na{x=\"ü€\\\"\"} 1\r\nother 5\n\n  \nb{} 2\n";
    Page whole = parse(text);
    for (int chunk = 1; chunk < 12; chunk++) {
      assertThat(parse(Format.TEXT, text, chunk)).isEqualTo(whole);
    }
    assertThat(whole.samples()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a{x=\"1\"",
        "a{x=\"1\" 5",
        "a{x=\"1} 5",
        "a{x=\"1\\\"} 5",
        "a{x=1} 5",
        "a{x} 5",
        "a{=\"1\"} 5",
        "a{x=\"1\"y=\"2\"} 5",
        "a{x=\"1\",x=\"2\"} 5",
        "a{,} 5",
        "a{1x=\"1\"} 5",
        "a{x=\"1\"}",
        "a",
        "a ",
        "a five",
        "a 5 six",
        "a 5 NaN",
        "a 5 6 7",
        "a 1_000",
        "a 1,5",
        "a --5",
        "a 5f",
        "a\u00005",
        "{} 5",
        "{x=\"1\"} 5",
        "{\"a\",\"b\"} 5",
        "1a 5",
        "=5",
        "other",
        "other!",
        "other says something",
      })
  void skipsALineThatIsNotOfTheFormatAndSaysWhich(String line) throws IOException {
    Page page = parse("b 1\n" + line + "\nb 2\n");
    assertThat(page.samples()).extracting(PageSample::value).containsExactly(1.0, 2.0);
    assertThat(page.skippedLines()).isEqualTo(1);
    assertThat(page.firstSkipped()).startsWith("line 2: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!DOCTYPE html>\n<html><body>Sign in</body></html>\n",
        "404 page not found\n",
        "{\"status\":\"UP\"}\n",
        "Whitelabel Error Page\n",
        "\u0000\u0001\u0002\n",
        "[]\n",
      })
  void refusesWhatIsNoMetricsPage(String text) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("this is no metrics page: line 1: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n\n", "# HELP a\n", "# EOF\n"})
  void refusesAPageWithoutSamples(String text) {
    assertThatThrownBy(() -> parse(text)).hasMessage("the page has no samples");
  }

  @Test
  void refusesAnOpenMetricsPageThatIsCutOff() {
    assertThatThrownBy(() -> parse(Format.OPEN_METRICS, "a 1\na 2\n", 100))
        .hasMessageContaining("does not end with # EOF");
  }

  @Test
  void doesNotTrustANumberThatMayBeCutOff() throws IOException {
    Page page = parse("b 1\na 12");
    assertThat(only(page).metric()).isEqualTo("b");
    assertThat(page.firstSkipped()).contains("may be cut off");
  }

  @Test
  void doesNotReadOnAfterTheEnd() throws IOException {
    Page page = parse(Format.OPEN_METRICS, "a 1\n# EOF\na 2\n", 100);
    assertThat(only(page).value()).isEqualTo(1);
    assertThat(page.skippedLines()).isEqualTo(1);
  }

  @Test
  void givesUpOnALineWithoutEnd() {
    assertThatThrownBy(() -> parse("a{x=\"" + "y".repeat(300_000)))
        .hasMessageContaining("line 1 has more than");
  }

  @Test
  void survivesAnyChangeOfAPage() {
    String page = "# TYPE a counter\na{uri=\"/x\\\"\",status=\"200\"} 12.5 17\n{\"b\"} 1 # {} 2\n";
    Random random = new Random(4711);
    for (int round = 0; round < 20_000; round++) {
      StringBuilder changed = new StringBuilder(page);
      for (int change = 0; change <= random.nextInt(4); change++) {
        int at = random.nextInt(changed.length());
        changed.setCharAt(at, "{}\"\\=,# \n\t1ae\u0000".charAt(random.nextInt(14)));
      }
      try {
        assertThat(parse(changed.toString()).samples()).hasSizeLessThan(5);
      } catch (IOException e) {
        assertThat(e).hasMessageMatching("(?s)(this is no metrics page|the page has no).*");
      }
    }
  }
}

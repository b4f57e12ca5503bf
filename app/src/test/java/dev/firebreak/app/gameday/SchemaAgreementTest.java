package dev.firebreak.app.gameday;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What editors are told by the published schema is what the reader does. */
final class SchemaAgreementTest {
  private static String text = "";
  private static Optional<Schema> schema = Optional.empty();

  @BeforeAll
  static void readTheSchema() throws IOException {
    text = Files.readString(Path.of("..", "docs", "gameday.schema.json"));
    schema =
        Optional.of(
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(text));
  }

  static List<String> validFiles() {
    return SampleFiles.ALL;
  }

  @ParameterizedTest
  @MethodSource("validFiles")
  void bothAcceptAFileWithoutMistakes(String file) {
    assertThat(readerAccepts(file)).isTrue();
    assertThat(schemaAccepts(file)).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void bothKnowTheSameWords(Form form) {
    Node definition = at(document(text), "$defs", form.schemaName());

    assertThat(keys(at(definition, "properties"))).containsExactlyInAnyOrderElementsOf(form.keys());
    assertThat(((Node.Scalar) at(definition, "additionalProperties")).text()).isEqualTo("false");
  }

  @Test
  void theSchemaHasNoObjectThatTheReaderDoesNotKnow() {
    List<String> closed = new ArrayList<>();
    for (Node.Entry entry : ((Node.Entries) at(document(text), "$defs")).entries()) {
      if (keys(entry.value()).contains("properties")) {
        closed.add(entry.key().text());
      }
    }

    assertThat(closed)
        .containsExactlyInAnyOrder(
            List.of(Form.values()).stream().map(Form::schemaName).toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "apiVersion: f",
        "owner:",
        "cron:",
        "every:",
        "url: https://metrics",
        "env:",
        "url: \"https://localhost:8082",
        "baseline:",
        "title:",
        "name: a,",
        "max: 1.5s",
        "outside:",
        "service: bank}]",
        "errors: {",
        "atMost: 2.5x",
        "atMost: 0%",
        "for:",
        "blindAfter:",
        "traffic:"
      })
  void bothRefuseAnUnknownWordInEveryObject(String known) {
    String valid =
        SampleFiles.EVERYTHING.contains(known)
            ? SampleFiles.EVERYTHING
            : SampleFiles.PROMETHEUS_WITH_HEADERS;
    assertThat(valid).contains(known);

    refusedByBoth(valid.replaceFirst(Pattern.quote(known), "x-$0"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          apiVersion: firebreak.dev/v1 | apiVersion: v1
          kind: GameDay             | kind: Experiment
          name: checkout-weekly     | name: Checkout
          name: checkout-weekly     | name: ""
          owner: team-checkout      | owner:
          owner: team-checkout      | owner: ~
          owner: team-checkout      | owner: [a]
          owner: team-checkout      | owner: {a: b}
          owner: team-checkout      | owner: " "
          owner: team-checkout      | owner: "a\\nb"
          cron: "0 10 * * TUE"      | cron: ""
          cron: "0 10 * * TUE",     |
          startingDeadline: 90s     | startingDeadline: 90
          startingDeadline: 90s     | startingDeadline: 90 s
          startingDeadline: 90s     | startingDeadline: 1m30s
          startingDeadline: 90s     | startingDeadline: -5s
          startingDeadline: 90s     | startingDeadline: .5s
          startingDeadline: 90s     | startingDeadline: 5.s
          startingDeadline: 90s     | startingDeadline: 1e1s
          startingDeadline: 90s     | startingDeadline: 12:30
          startingDeadline: 90s     | startingDeadline: true
          startingDeadline: 90s     | startingDeadline: 0000000000000000000000000000001s
          prometheus: {url: http://localhost:9090} | prometheus: http://localhost:9090
          prometheus: {url: http://localhost:9090} | prometheus: {}
          prometheus: {url: http://localhost:9090} | scrape: []
          prometheus: {url: http://localhost:9090} | scrape: [http://a, http://a]
          prometheus: {url: http://localhost:9090} | scrape: [{service: a}]
          prometheus: {url: http://localhost:9090} | scrape: http://a
          prometheus: {url: http://localhost:9090} | call-graph: {}
          url: http://localhost:9090 | url: localhost:9090
          url: http://localhost:9090 | url: ftp://localhost
          url: http://localhost:9090 | url: http://
          url: http://localhost:9090 | url: http:///a
          url: http://localhost:9090 | url: http://a:b@c
          url: http://localhost:9090 | url: http://a#b
          url: http://localhost:9090 | url: "http://a b"
          url: http://localhost:9090} | url: http://a, headers: {Host: a}}
          url: http://localhost:9090} | url: http://a, headers: {"a b": a}}
          url: http://localhost:9090} | url: http://a, headers: {a: [b]}}
          url: http://localhost:9090} | url: http://a, headers: {a: {env: }}}
          url: http://localhost:9090} | url: http://a, headers: [a]}
          every: 5s                 | scrape: [http://a]
          every: 5s                 | call-graph: [a]
          every: 5s                 | call-graph: {a: []}
          every: 5s                 | call-graph: {a: [b, b]}
          every: 5s                 | call-graph: {a: b}
          name: payments answers slowly | name: [a]
          title: Customers          | titel: Customers
          signal: http.error-ratio, |
          signal: http.error-ratio  | signal: HTTP
          service: checkout, tolerance | tolerance
          , tolerance: {max: 1%}    |
          tolerance: {max: 1%}      | tolerance: {}
          tolerance: {max: 1%}      | tolerance: 1%
          tolerance: {max: 1%}      | tolerance: {max: 1 %}
          tolerance: {max: 1%}      | tolerance: {max: -1%}
          tolerance: {max: 1%}      | tolerance: {max: -1}
          tolerance: {max: 1%}      | tolerance: {max: true}
          inject: {service: payments} | inject: {}
          inject: {service: payments} | inject: []
          inject: {service: payments} | inject: [payments, payments]
          inject: {service: payments} | inject: [[payments]]
          inject: {service: payments} | inject:
          expected: [{service: checkout, latency: {atMost: 2x}}] | expected: []
          expected: [{service: checkout, latency: {atMost: 2x}}] | expected: [checkout]
          expected: [{service: checkout, latency: {atMost: 2x}}] | expected: {service: checkout}
          {atMost: 2x}              | 2x
          {atMost: 2x}              | {atMost: 2}
          {atMost: 2x}              | {atMost: 200%}
          {atMost: 2x}              | {}
          outside: all              | outside: none
          outside: all              | outside: []
          outside: all              | outside: [a, a]
          outside: all              | outside: {a: b}
          fault: chaos-monkey/latency | fault: latency
          fault: chaos-monkey/latency | fault: [a/b]
          target: {service: payments, url: http://localhost:8084} | target: payments
          target: {service: payments, | target: {service: [payments],
          with: {latency: 800ms..1200ms, watcher: restController} | with: [a]
          with: {latency: 800ms..1200ms, | with: {latency: [1s, 2s],
          for: 3m                   | for: 3
          for: 3m                   | for: forever
          on: [cascade, hypothesis, blind] | on: cascade
          on: [cascade, hypothesis, blind] | on: [cascading]
          on: [cascade, hypothesis, blind] | on: [blind, blind]
          on: [cascade, hypothesis, blind] | on: []
          blindAfter: 15s           | blindAfter: 15
          {latency: 1.5x, errors: 1%} | []
          {latency: 1.5x, errors: 1%} | {latency: 1.5}
          {latency: 1.5x, errors: 1%} | {latencyFloor: 2x}
          {latency: 1.5x, errors: 1%} | {errors: 0.01}
          {latency: 1.5x, errors: 1%} | {traffic: 2}
          """)
  void bothRefuseAFileWithOneMistake(String right, String wrong) {
    assertThat(SampleFiles.WEEKLY).contains(right);

    int at = SampleFiles.WEEKLY.indexOf(right);
    refusedByBoth(
        SampleFiles.WEEKLY.substring(0, at)
            + (wrong == null ? "" : wrong)
            + SampleFiles.WEEKLY.substring(at + right.length()));
  }

  private static void refusedByBoth(String file) {
    assertThat(readerAccepts(file)).as("the reader accepts %s", file).isFalse();
    assertThat(schemaAccepts(file)).as("the schema accepts %s", file).isFalse();
  }

  private static boolean readerAccepts(String file) {
    return SampleFaults.reader().read(file.getBytes(UTF_8), "x.yaml").gameDay().isPresent();
  }

  private static boolean schemaAccepts(String file) {
    return schema.orElseThrow().validate(JsonText.of(document(file)), InputFormat.JSON).isEmpty();
  }

  private static Node document(String file) {
    Mistakes mistakes = new Mistakes();
    Optional<Node> document =
        FileText.of(file.getBytes(UTF_8), mistakes)
            .flatMap(readable -> YamlTree.read(readable, mistakes));
    assertThat(mistakes.inOrder()).as(file).isEmpty();
    return document.orElseThrow();
  }

  private static Node at(Node node, String... keys) {
    Node at = node;
    for (String key : keys) {
      at =
          ((Node.Entries) at)
              .entries().stream()
                  .filter(entry -> entry.key().text().equals(key))
                  .map(Node.Entry::value)
                  .findFirst()
                  .orElseThrow();
    }
    return at;
  }

  private static List<String> keys(Node node) {
    return ((Node.Entries) node).entries().stream().map(entry -> entry.key().text()).toList();
  }
}

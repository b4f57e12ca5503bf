package dev.firebreak.app.gameday;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each mistake says where it is, what stands there, what is wrong and what would be right. */
final class MistakesOfAFileTest {
  @Test
  void tellsTenMistakesOfOneFileAtOnce() {
    String file =
        """
        apiVersion: firebreak.dev/v2
        kind: GameDay
        metadata: {name: Checkout Weekly}
        schedule: {cron: never, timeZone: Europe/Berlim}
        telemetry:
          prometheus: {url: localhost:9090}
          evry: 5s
        experiments:
          - name: slow
            steady-state-hypothesis:
              probes:
                - {signal: http.latency.p95, service: checkout, tolerance: {max: 1%}}
            blast-radius:
              inject: payments
              expected: [{service: payments, latency: {atMost: 2x}}]
            method:
              - fault: chaos-monky/latency
                target: {service: cart}
            halt:
              blindAfter: 15
        """;

    assertThat(mistakes(file))
        .containsExactly(
            "x.yaml:1:13 apiVersion: \"firebreak.dev/v2\" is not a known word; allowed:"
                + " firebreak.dev/v1 (did you mean firebreak.dev/v1?)",
            "x.yaml:3:18 metadata.name: \"Checkout Weekly\" is not a name for a GameDay; allowed: 1"
                + " to 63 of a to z, 0 to 9 and - (did you mean checkout-weekly?)",
            "x.yaml:4:35 schedule.timeZone: \"Europe/Berlim\" is not a known time zone; allowed: a"
                + " time zone such as UTC or Europe/Berlin (did you mean Europe/Berlin?)",
            "x.yaml:6:21 telemetry.prometheus.url: \"localhost:9090\" does not begin with http:// or"
                + " https://; allowed: an absolute URL with http or https, such as"
                + " http://localhost:9090",
            "x.yaml:7:3 telemetry.evry: \"evry\" is not a known key; allowed: prometheus, scrape,"
                + " every, call-graph (did you mean every?)",
            "x.yaml:12:74 experiments[0].steady-state-hypothesis.probes[0].tolerance.max: \"1%\" is"
                + " not a duration; allowed: a duration such as 500ms, 30s, 5m",
            "x.yaml:15:18 experiments[0].blast-radius.expected[0]: payments is injected and cannot"
                + " be expected too; allowed: services that are not injected",
            "x.yaml:17:16 experiments[0].method[0].fault: \"chaos-monky/latency\" is not a known"
                + " fault; allowed: chaos-monkey/latency, firebreak/placebo, http/request,"
                + " process/pause (did you mean chaos-monkey/latency?)",
            "x.yaml:18:27 experiments[0].method[0].target.service: \"cart\" is outside the blast"
                + " radius; allowed: payments",
            "x.yaml:20:19 experiments[0].halt.blindAfter: \"15\" has no unit; allowed: a duration"
                + " such as 500ms, 30s, 5m (did you mean 15s?)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          environment: staging      | environment:              | :3:69 metadata.environment: is empty
          environment: staging      | environment: "\\n"        | environment: "\\n" is blank
          cron: "0 10 * * TUE"      | cron: never               | :4:18 schedule.cron: "never" never fires in Europe/Berlin; allowed: a cron
          cron: "0 10 * * TUE"      | cron: */5 * * * *         | :4:19: unexpected character found /(47); allowed: YAML or JSON; text that begins with * or & needs quotes
          startingDeadline: 90s     | startingDeadline: 1m30s   | (did you mean 90s?)
          startingDeadline: 90s     | startingDeadline: PT90S   | (did you mean 90s?)
          startingDeadline: 90s     | startingDeadline: 12:30   | "12:30" is not a duration
          startingDeadline: 90s     | startingDeadline: 2d      | (did you mean 48h?)
          startingDeadline: 90s     | startingDeadline: 25h     | "25h" is longer than 24h; allowed: a duration of at most 24h
          startingDeadline: 90s     | startingDeadline: 0s      | "0s" is shorter than 1ms; allowed: a duration of at least 1ms
          startingDeadline: 90s     | startingDeadline: .nan    | ".nan" is not a finite number
          startingDeadline: 90s     | startingDeadline: -.Inf   | "-.Inf" is not a finite number
          startingDeadline: 90s     | startingDeadline: -5s     | "-5s" is negative
          startingDeadline: 90s     | startingDeadline: [5s]    | startingDeadline: is a list; allowed: a duration
          startingDeadline: 90s     | startingDeadline: {a: b}  | startingDeadline: is an object; allowed: a duration
          url: http://localhost:9090 | url: http://a:b@c/        | :6:21 telemetry.prometheus.url: the URL has credentials
          url: http://localhost:9090 | url: http://my_host:1/    | "http://my_host:1/" has no host name that a URL may have
          url: http://localhost:9090 | url: http://h:70000       | has a port that does not exist
          url: http://localhost:9090 | url: http://h#f           | has a fragment (#)
          url: http://localhost:9090 | url: "http://h/a b"       | is not a URL: Illegal character
          url: http://localhost:9090 | urls: http://h            | :6:15 telemetry.prometheus.url: is missing; allowed: an absolute URL
          every: 5s                 | every: 1h                 | "1h" is longer than 10m
          every: 5s                 | scrape: [http://h]        | :6:3 telemetry: has two sources; allowed: exactly one of
          every: 5s                 | call-graph: {a: b}        | call-graph.a: "b" is a single value; allowed: a list
          every: 5s                 | call-graph: {a: [b, b]}   | :7:23 telemetry.call-graph.a[1]: "b" is given twice
          every: 5s                 | every: 20s                | "15s" is over before the next sample: telemetry.every is 20s
          signal: http.error-ratio  | signal: HTTP ratio        | "HTTP ratio" is not the name of a signal
          tolerance: {max: 1%}      | tolerance: {max: 0.01}    | "0.01" has no unit; allowed: a percentage such as 1% (did you mean 1%?)
          tolerance: {max: 1%}      | tolerance: {max: 101%}    | "101%" is above 100%
          tolerance: {max: 1%}      | tolerance: {}             | tolerance: has no bound; allowed: min, max, or both
          tolerance: {max: 1%}      | tolerance: {min: 2%, max: 1%} | tolerance.max: "1%" is below min
          inject: {service: payments} | inject: {servce: payments} | inject.servce: "servce" is not a known key; allowed: service (did you mean service?)
          inject: {service: payments} | inject: []              | :16:15 experiments[0].blast-radius.inject: is an empty list
          inject: {service: payments} | inject: [payments, payments] | inject[1]: "payments" is given twice
          inject: {service: payments} | inject: [payments, checkout] | checkout is injected and cannot be expected too
          {atMost: 2x}              | {atMost: 2}               | "2" has no unit; allowed: a factor above 1 such as 1.5x (did you mean 2x?)
          {atMost: 2x}              | {atMost: 1x}              | "1x" is not above 1x
          {atMost: 2x}              | {}                        | latency.atMost: is missing
          outside: all              | outside: al               | "al" is not a known word; allowed: all (did you mean all?)
          outside: all              | outside: []               | outside: is an empty list
          outside: all              | outside: [checkout]       | outside[0]: "checkout" is inside the blast radius
          fault: chaos-monkey/latency | fault: latency          | (did you mean chaos-monkey/latency?)
          fault: chaos-monkey/latency | faults: chaos-monkey/latency | method[0].fault: is missing
          target: {service: payments, | target: {service: bank, | "bank" is outside the blast radius; allowed: payments
          url: http://localhost:8084 | uri: http://localhost:8084 | target.url: is missing; allowed: an absolute URL
          url: http://localhost:8084 | uri: http://localhost:8084 | "uri" is not a word of this fault; allowed: service, url (did you mean url?)
          latency: 800ms..1200ms    | latency: 800..1200ms      | "800" has no unit
          latency: 800ms..1200ms    | latency: 800ms..200ms     | "800ms..200ms" ends below its beginning
          latency: 800ms..1200ms    | latency: 0.5ms            | "0.5ms" is finer than a millisecond
          watcher: restController   | watcher: restControler    | allowed: restController, service (did you mean restController?)
          watcher: restController   | share: 0%                 | "0%" is not above 0%
          watcher: restController   | deterministic: yes        | "yes" is not a known word; allowed: true, false
          for: 3m                   | for: 3                    | (did you mean 3s?)
          for: 3m                   | for: 1e400                | "1e400" is not a duration
          on: [cascade, hypothesis, blind] | on: [cascades]    | halt.on[0]: "cascades" is not a known word; allowed: cascade, hypothesis, blind (did you mean cascade?)
          on: [cascade, hypothesis, blind] | on: [blind, blind] | halt.on[1]: "blind" is given twice
          on: [cascade, hypothesis, blind] | on: []             | halt.on: is an empty list
          errors: 1%                | errors: 0%                | smallestEffect.errors: "0%" is not above 0%
          errors: 1%                | error: 1%                 | (did you mean errors?)
          falseHaltBudget: 1%       | falseHaltBudget: 0%       | halt.falseHaltBudget: "0%" is too small; allowed: 0.0001% to 10%
          falseHaltBudget: 1%       | falseHaltBudget: 11%      | halt.falseHaltBudget: "11%" is too large; allowed: 0.0001% to 10%
          falseHaltBudget: 1%       | falseHaltBudget: 0.01     | "0.01" has no unit; allowed: a percentage such as 1% (did you mean 1%?)
          falseHaltBudget: 1%       | falseHaltsBudget: 1%      | (did you mean falseHaltBudget?)
          blindAfter: 15s           | blind-after: 15s          | halt.blind-after: "blind-after" is not a known key; allowed: on, blindAfter, smallestEffect, falseHaltBudget (did you mean blindAfter?)
          kind: GameDay             | kind: gameday             | :2:7 kind: "gameday" is not a known word; allowed: GameDay (did you mean GameDay?)
          """)
  void saysWhatIsWrongAndWhatIsAllowed(String right, String wrong, String told) {
    assertThat(SampleFiles.WEEKLY).contains(right);

    assertThat(mistakes(SampleFiles.WEEKLY.replaceFirst(quote(right), quoteReplacement(wrong))))
        .anySatisfy(line -> assertThat(line).contains(told.replace("\\\\n", "\\n")));
  }

  @Test
  void tellsWhatIsMissingInAnEmptyObject() {
    assertThat(mistakes("{}"))
        .satisfiesExactly(
            telemetry -> assertThat(telemetry).startsWith("x.yaml:1:1 telemetry: is missing"),
            experiments ->
                assertThat(experiments).startsWith("x.yaml:1:1 experiments: is missing"));
  }

  @Test
  void asksForATargetIfTheRadiusInjectsSeveral() {
    String file = SampleFiles.THREE_LINES.replace("inject: payments", "inject: [a, b]");

    assertThat(mistakes(file))
        .containsExactly(
            "x.yaml:3:47 experiments[0].method[0].target.service: is missing; allowed: a, b");
  }

  @Test
  void asksForATargetIfThereIsNoRadius() {
    String file = SampleFiles.THREE_LINES.replace("blast-radius: {inject: payments}, ", "");

    assertThat(mistakes(file))
        .containsExactly(
            "x.yaml:3:15 experiments[0].method[0].target.service: is missing; allowed: the name of"
                + " a service");
  }

  @Test
  void doesNotJudgeWhatFollowsFromAMistake() {
    String file =
        SampleFiles.WEEKLY
            .replace("every: 5s", "every: 1")
            .replace("blindAfter: 15s", "blindAfter: 3s")
            .replace("inject: {service: payments}", "inject: {service: }");

    assertThat(mistakes(file))
        .satisfiesExactly(
            every -> assertThat(every).contains("telemetry.every: \"1\" has no unit"),
            inject -> assertThat(inject).contains("blast-radius.inject.service: is empty"));
  }

  @Test
  void letsRollbacksTouchTheRadiusOnly() {
    String file =
        SampleFiles.THREE_LINES.replace(
            "]}\n", "], rollbacks: [{fault: placebo, target: {service: gateway}}]}\n");

    assertThat(mistakes(file))
        .anySatisfy(line -> assertThat(line).contains("\"gateway\" is outside the blast radius"));
  }

  @Test
  void tellsOfTwoExperimentsWithOneName() {
    String experiment = "  - {name: a, blast-radius: {inject: b}, method: [{fault: placebo}]}\n";
    String file = "telemetry: {scrape: [http://a]}\nexperiments:\n" + experiment + experiment;

    assertThat(mistakes(file))
        .containsExactly(
            "x.yaml:4:12 experiments[1].name: \"a\" is the name of the experiment on line 3 too;"
                + " allowed: a name of its own for each experiment");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{env: TOKEN} | {env: TOKKEN} | Authorization.env: \"TOKKEN\" is not set in the environment",
        "{env: TOKEN} | \"secret\\r\\nX: y\" | Authorization: gives a value that no header may have",
        "X-Scope-OrgID | Host | headers.Host: \"Host\" is a header that the HTTP client sets itself",
        "X-Scope-OrgID | X:Y | headers.X:Y: \"X:Y\" is not the name of a header"
      })
  void tellsOfHeadersWithoutShowingTheirValues(String right, String wrong, String told) {
    List<String> mistakes = mistakes(SampleFiles.PROMETHEUS_WITH_HEADERS.replace(right, wrong));

    assertThat(mistakes).singleElement().asString().contains(told).doesNotContain("secret");
  }

  private static String quote(String text) {
    return Pattern.quote(text);
  }

  private static String quoteReplacement(String text) {
    return Matcher.quoteReplacement(text);
  }

  private static List<String> mistakes(String file) {
    return SampleFaults.reader().read(file.getBytes(UTF_8), "x.yaml").mistakes().stream()
        .map(mistake -> mistake.in("x.yaml"))
        .toList();
  }
}

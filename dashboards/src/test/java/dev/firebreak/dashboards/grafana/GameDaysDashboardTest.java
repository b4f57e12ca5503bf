package dev.firebreak.dashboards.grafana;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.firebreak.run.FirebreakMetrics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds the rules of Grafana's dashboard-linter, by their names, and some of our own. */
class GameDaysDashboardTest {
  private static final Pattern OUR_METRIC = Pattern.compile("firebreak_[a-z_]+");
  private static final Pattern SELECTOR = Pattern.compile("([a-z_]+)\\{([^}]*)\\}");
  private static final Pattern CALL = Pattern.compile("(\\w+)\\(\\w+(?:\\{[^}]*\\})?\\[([^]]+)\\]");
  private static final Set<String> UNITS =
      Set.of("short", "reqps", "percentunit", "s", "ops", "cps");

  private final JsonNode dashboard = GameDaysDashboard.tree();

  @Test
  void asksOnlyForSeriesThatFirebreakEmits() {
    Set<String> asked = new TreeSet<>();
    for (String expression : everyExpression()) {
      Matcher metric = OUR_METRIC.matcher(expression);
      while (metric.find()) {
        asked.add(metric.group().replaceFirst("_(bucket|count|sum)$", ""));
      }
    }
    assertThat(FirebreakMetrics.names()).containsAll(asked);
    assertThat(asked)
        .as("what Firebreak emits is also shown")
        .hasSameSizeAs(FirebreakMetrics.names());
  }

  @Test
  void templateDatasourceRule() {
    List<JsonNode> datasources =
        stream(dashboard.at("/templating/list"))
            .filter(variable -> variable.path("type").asText().equals("datasource"))
            .toList();
    assertThat(datasources).hasSize(1);
    assertThat(datasources.get(0).path("name").asText()).isEqualTo("datasource");
    assertThat(datasources.get(0).path("label").asText()).isEqualTo("Data Source");
    assertThat(datasources.get(0).path("query").asText()).isEqualTo("prometheus");
  }

  @Test
  void templateJobRule() {
    JsonNode job = variable("job");
    assertThat(job.path("label").asText()).isEqualTo("job");
    assertThat(job.at("/datasource/uid").asText()).isEqualTo("${datasource}");
    assertThat(job.path("type").asText()).isEqualTo("query");
    assertThat(job.at("/query/query").asText()).startsWith("label_values(").endsWith(", job)");
    assertThat(job.path("multi").asBoolean()).isTrue();
    assertThat(job.path("allValue").asText()).isEqualTo(".+");
  }

  @Test
  void templateInstanceRuleAndTargetInstanceRuleAreExcludedWithAReason() throws IOException {
    String lint = Files.readString(Path.of("grafana/.lint"));
    assertThat(lint)
        .containsPattern("(?m)^  template-instance-rule:\\n    reason: \\S+")
        .containsPattern("(?m)^  target-instance-rule:\\n    reason: \\S+");
    assertThat(Pattern.compile("(?m)^  [a-z-]+:").matcher(lint).results()).hasSize(2);
  }

  @Test
  void templateLabelPromqlRule() {
    queries()
        .forEach(
            variable ->
                assertThat(variable.at("/query/query").asText())
                    .matches("label_values\\([a-z_]*(\\{[^}]+\\})?, (\\$label|[a-z]+)\\)"));
  }

  @Test
  void templateOnTimeChangeReloadRule() {
    queries().forEach(variable -> assertThat(variable.path("refresh").asInt()).isEqualTo(2));
  }

  private Stream<JsonNode> queries() {
    return stream(dashboard.at("/templating/list"))
        .filter(variable -> variable.path("type").asText().equals("query"));
  }

  @Test
  void panelDatasourceRule() {
    for (JsonNode panel : panels()) {
      assertThat(panel.at("/datasource/uid").asText()).isEqualTo("${datasource}");
      panel
          .path("targets")
          .forEach(
              target ->
                  assertThat(target.at("/datasource/uid").asText()).isEqualTo("${datasource}"));
    }
  }

  @Test
  void panelTitleDescriptionRule() {
    for (JsonNode panel : panels()) {
      assertThat(panel.path("title").asText()).isNotBlank();
      assertThat(panel.path("description").asText()).isNotBlank();
    }
  }

  @Test
  void panelUnitsRule() {
    for (JsonNode panel : panels()) {
      assertThat(UNITS).contains(panel.at("/fieldConfig/defaults/unit").asText());
    }
  }

  @Test
  void panelNoTargetsRule() {
    for (JsonNode panel : panels()) {
      assertThat(panel.path("targets")).isNotEmpty();
    }
  }

  @Test
  void targetPromqlRule(@TempDir Path directory) throws Exception {
    requirePromtool();
    StringBuilder rules = new StringBuilder("groups:\n- name: dashboard\n  rules:\n");
    int count = 0;
    for (String expression : expressions()) {
      String plain = withValues(expression).replace("'", "''");
      rules.append("  - record: panel:query:%d\n    expr: '%s'\n".formatted(count++, plain));
    }
    Path file = Files.writeString(directory.resolve("rules.yaml"), rules);
    Process promtool =
        new ProcessBuilder("promtool", "check", "rules", file.toString())
            .redirectErrorStream(true)
            .start();
    String answer = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(promtool.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(promtool.exitValue()).as(answer).isZero();
  }

  private static void requirePromtool() {
    String missing = "promtool is not installed (Debian: apt-get install prometheus)";
    if ("1".equals(System.getenv("FIREBREAK_REQUIRE_PROMETHEUS"))) {
      assertThat(hasPromtool())
          .as(missing + ", and FIREBREAK_REQUIRE_PROMETHEUS=1 wants it")
          .isTrue();
    }
    assumeTrue(hasPromtool(), missing);
  }

  private static boolean hasPromtool() {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, "promtool")));
  }

  private static String withValues(String expression) {
    return expression
        .replace("$__rate_interval", "5m")
        .replace("$__range", "3h")
        .replace("$label", "application")
        .replaceAll("\\$[a-z]+", ".+");
  }

  @Test
  void targetRateIntervalRule() {
    for (String expression : expressions()) {
      Matcher call = CALL.matcher(expression);
      while (call.find()) {
        String expected = call.group(1).endsWith("rate") ? "$__rate_interval" : "$__range";
        assertThat(call.group(2)).as(expression).isEqualTo(expected);
      }
    }
  }

  @Test
  void targetJobRule() {
    for (String expression : expressions()) {
      Matcher selector = SELECTOR.matcher(expression);
      int selectors = 0;
      while (selector.find()) {
        assertThat(selector.group(2)).as(expression).contains("job=~\"$job\"");
        selectors++;
      }
      assertThat(selectors).as(expression).isPositive();
    }
  }

  @Test
  void targetCounterAggRule() {
    for (String expression : expressions()) {
      Matcher counter = Pattern.compile("(\\w*)\\(?(\\w+_total)\\b").matcher(expression);
      while (counter.find()) {
        assertThat(expression).containsPattern("(rate|irate|increase)\\(" + counter.group(2));
      }
    }
  }

  @Test
  void targetLogqlRule() {
    for (JsonNode panel : panels()) {
      assertThat(panel.at("/datasource/type").asText()).isEqualTo("prometheus");
    }
  }

  @Test
  void uneditableDashboard() {
    assertThat(dashboard.path("editable").asBoolean(true)).isFalse();
  }

  @Test
  void canBeProvisionedAndImported() {
    assertThat(dashboard.path("uid").asText()).matches("[A-Za-z0-9_-]{1,40}");
    assertThat(dashboard.get("id").isNull()).isTrue();
    assertThat(dashboard.has("version")).isFalse();
    assertThat(dashboard.has("__inputs")).isFalse();
    assertThat(dashboard.path("schemaVersion").asInt()).isBetween(36, 42);
  }

  @Test
  void panelsHaveTheirOwnIdsAndPlaces() {
    Set<Integer> ids = new HashSet<>();
    Map<String, Integer> cells = new TreeMap<>();
    for (JsonNode panel : dashboard.path("panels")) {
      assertThat(ids.add(panel.path("id").asInt())).isTrue();
      JsonNode place = panel.path("gridPos");
      assertThat(place.path("x").asInt() + place.path("w").asInt()).isBetween(1, 24);
      for (int x = 0; x < place.path("w").asInt(); x++) {
        for (int y = 0; y < place.path("h").asInt(); y++) {
          String cell = (place.path("x").asInt() + x) + "," + (place.path("y").asInt() + y);
          assertThat(cells.put(cell, panel.path("id").asInt())).as(cell).isNull();
        }
      }
    }
  }

  @Test
  void drawsWhatFirebreakMarkedAndTheBlastRadius() {
    JsonNode annotations = dashboard.at("/annotations/list");
    assertThat(annotations).hasSize(3);
    assertThat(annotations.at("/0/builtIn").asInt()).isEqualTo(1);
    assertThat(annotations.at("/1/target/tags/0").asText()).isEqualTo("firebreak");
    assertThat(annotations.at("/1/target/limit").asInt()).isPositive();
    assertThat(annotations.at("/1/iconColor").asText()).isEqualTo("red");
    assertThat(annotations.at("/2/name").asText()).isEqualTo("Blast radius");
    assertThat(annotations.at("/2/expr").asText()).contains(FirebreakMetrics.FAULT_ACTIVE);
    assertThat(annotations.at("/2/datasource/uid").asText()).isEqualTo("${datasource}");
  }

  @Test
  void everyVariableIsUsedAndEveryUsedOneIsThere() {
    Set<String> used = new TreeSet<>();
    Matcher names = Pattern.compile("\\$\\{?([a-z]+)").matcher(dashboard.toString());
    while (names.find()) {
      used.add(names.group(1));
    }
    assertThat(
            stream(dashboard.at("/templating/list"))
                .map(variable -> variable.path("name").asText()))
        .containsExactlyInAnyOrderElementsOf(used);
  }

  private JsonNode variable(String name) {
    return stream(dashboard.at("/templating/list"))
        .filter(variable -> variable.path("name").asText().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private List<JsonNode> panels() {
    return stream(dashboard.path("panels"))
        .filter(panel -> !panel.path("type").asText().equals("row"))
        .toList();
  }

  /** Those of panels and annotations. */
  private List<String> expressions() {
    List<String> found = new ArrayList<>();
    panels().forEach(panel -> found.addAll(panel.findValuesAsText("expr")));
    found.addAll(dashboard.path("annotations").findValuesAsText("expr"));
    return found;
  }

  private List<String> everyExpression() {
    List<String> found = new ArrayList<>(expressions());
    queries().forEach(variable -> found.add(variable.at("/query/query").asText()));
    return found;
  }

  private static Stream<JsonNode> stream(JsonNode array) {
    List<JsonNode> elements = new ArrayList<>();
    array.forEach(elements::add);
    return elements.stream();
  }
}
